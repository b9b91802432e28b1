import type { EngineClient } from '../engine/EngineApi.ts';

/** A start that has been answered is among the events soon; beyond that the stream has lost it. */
const PATIENCE_MS = 2_000;

/**
 * When containers that were started lately did, by the engine's clock in nanoseconds since 1970, as events tell: see HeardEvents. Of those whose
 * event was lost there is none.
 *
 * @throws the signal's reason
 */
export async function startsOf(
  { heard }: EngineClient,
  ids: readonly string[],
  signal: AbortSignal,
): Promise<ReadonlyMap<string, bigint>> {
  await heard.until(() => ids.every((id) => heard.startOf(id) !== undefined), PATIENCE_MS, signal);
  return new Map(
    ids.flatMap((id) => {
      const start = heard.startOf(id);
      return start === undefined ? [] : [[id, start] as const];
    }),
  );
}
