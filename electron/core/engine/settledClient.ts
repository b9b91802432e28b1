import type { EngineClient, EngineService } from './EngineApi.ts';

/** How long the first connection may take before what needs an engine is refused. */
const SETTLE_MS = 10_000;

/**
 * The engine to ask now. While Flotilla is still finding it (the first moments after its start), this waits up to 10 s.
 *
 * @throws FlotillaError `engine-unavailable`, at once where there is none or the connection is lost
 */
export async function settledClient(
  engine: Pick<EngineService, 'state' | 'snapshot' | 'client' | 'whenReady'>,
): Promise<EngineClient> {
  const { phase } = engine.state;
  const isSettled = phase === 'none' || phase === 'lost' || (phase === 'ready' && engine.snapshot.fresh);
  return isSettled ? engine.client() : engine.whenReady(SETTLE_MS);
}
