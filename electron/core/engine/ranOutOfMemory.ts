import type { ContainerInspection, HostLimits } from './containerRecord.ts';
import type { EngineClient } from './EngineApi.ts';

/** 128 + SIGKILL: how a program ends that the kernel kills for want of memory. */
const KILLED = 137;
/** The event of it comes up to a tenth of a second after the end on a busy machine. */
const PATIENCE_MS = 300;

/**
 * Whether a container that has ended ran out of memory, by the engine's word or its events: see HeardEvents. Waits a moment for these where it
 * may be so: it was killed, and its memory is limited.
 *
 * @throws the signal's reason
 */
export async function ranOutOfMemory(
  client: EngineClient,
  { Id: id, State: { OOMKilled, ExitCode } = {}, HostConfig = {} }: ContainerInspection,
  signal?: AbortSignal,
): Promise<boolean> {
  if (OOMKilled === true) return true;
  const mayBe = ExitCode === KILLED && isLimited(HostConfig);
  const isHeard = (): boolean => client.heard.isOutOfMemory(id);
  if (mayBe) await client.heard.until(isHeard, PATIENCE_MS, signal);
  return isHeard();
}

const isLimited = ({ Memory = 0 }: HostLimits): boolean => Memory > 0;
