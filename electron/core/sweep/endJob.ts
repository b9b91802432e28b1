import { FlotillaError, toErrorShape } from '#shared/contract/errors.ts';
import type { SweepAttempt, SweepColumn, SweepJob, SweepPlan } from '#shared/domain/Sweep.ts';
import { timeWords } from '#shared/study/words.ts';
import { valueAt } from '#shared/sweep/valueAt.ts';
import { hasStatus } from '../apps/stopContainer.ts';
import type { ContainerInspection } from '../engine/containerRecord.ts';
import type { EngineClient } from '../engine/EngineApi.ts';
import { ranOutOfMemory } from '../engine/ranOutOfMemory.ts';
import { engineTime, millisecondsBetween } from '../study/engineTime.ts';
import { type JsonFile, readJsonFile } from './readJsonFile.ts';
import { readJobLog } from './readJobLog.ts';
import { jobName } from './SweepContainers.ts';

/** A try that is over; its container, if there is one, is still there. */
export interface EndedTry {
  attempt: SweepAttempt;
  containerId?: string | undefined;
  log: string[];
}

/**
 * Waits for the end of a job's container and reads what it leaves.
 * @param since when it began (epoch milliseconds): the time limit counts from then
 * @throws FlotillaError what the engine says, `engine-error` when somebody else removed it; the signal's reason
 */
export async function endJob(
  client: EngineClient,
  plan: SweepPlan,
  { index, tries }: SweepJob,
  id: string,
  since: number,
  signal: AbortSignal,
): Promise<EndedTry> {
  const name = jobName(index);
  const isLate = await awaitEnd(client, id, plan.timeoutMs, since, signal);
  const inspection = await client.request<ContainerInspection>({ path: `/containers/${id}/json`, signal });
  const { State: state = {}, Config: config = {} } = inspection;
  if (state.Status === 'removing') throw removedByOthers(name);
  const end = engineTime(state.FinishedAt);
  const heard = client.heard.startOf(id);
  // The event of a start may be told when a short program is over.
  const isTold = heard !== undefined && (end === undefined || heard < end);
  const began = isTold ? heard : engineTime(state.StartedAt);
  const exitCode = state.ExitCode ?? 0;
  const outcome = isLate ? 'timeout' : exitCode === 0 ? 'ok' : 'failed';
  const isOutOfMemory = outcome === 'failed' && (await ranOutOfMemory(client, inspection, signal));
  const container = { id, name, tty: config.Tty ?? false, workingDir: config.WorkingDir ?? '/' };
  const { values, problems, log } = await collect(client, container, plan.columns, signal);
  const reasons = {
    ok: undefined,
    failed: `it ended with code ${exitCode}${isOutOfMemory ? ', out of memory' : ''}`,
    timeout: `it took longer than ${timeWords(plan.timeoutMs ?? 0)}`,
  };
  return {
    containerId: id,
    log,
    attempt: {
      job: index,
      number: tries + 1,
      outcome,
      reason: reasons[outcome],
      startedAt: began === undefined ? since : Number(began / 1_000_000n),
      timeMs:
        began === undefined || end === undefined ? undefined : Math.max(0, millisecondsBetween(began, end)),
      exitCode,
      values,
      // A job that failed has a reason already why it leaves nothing.
      problems: outcome === 'ok' ? problems : [],
    },
  };
}

export const removedByOthers = (name: string): FlotillaError =>
  new FlotillaError('engine-error', `The container of ${name} was removed by somebody else.`);

/** Waits for the end of a container, and makes it one when its time is over. @returns whether that was so */
async function awaitEnd(
  client: EngineClient,
  id: string,
  timeoutMs: number | undefined,
  since: number,
  signal: AbortSignal,
): Promise<boolean> {
  const wait = (until: AbortSignal) =>
    client.request({ method: 'POST', path: `/containers/${id}/wait`, signal: until });
  if (timeoutMs === undefined) {
    await wait(signal);
    return false;
  }
  // Of one that was taken over, what has gone by counts; a clock that was set counts for nothing.
  const gone = Math.min(timeoutMs, Math.max(0, Date.now() - since));
  const late = AbortSignal.timeout(timeoutMs - gone);
  try {
    await wait(AbortSignal.any([signal, late]));
    return false;
  } catch (error) {
    if (signal.aborted || !late.aborted) throw error;
  }
  const isKilled = await client.request({ method: 'POST', path: `/containers/${id}/kill`, signal }).then(
    () => true,
    (error: unknown) => {
      // It has ended by itself meanwhile.
      if (hasStatus(error, 409)) return false;
      throw error;
    },
  );
  await wait(signal);
  return isKilled;
}

async function collect(
  client: EngineClient,
  container: { id: string; name: string; tty: boolean; workingDir: string },
  columns: readonly SweepColumn[],
  signal: AbortSignal,
): Promise<{ values: (string | null)[]; problems: string[]; log: string[] }> {
  const problems: string[] = [];
  const read = await readJobLog(client, container, columns, signal).catch((error: unknown) => {
    signal.throwIfAborted();
    const shape = toErrorShape(error);
    if (shape.code === 'engine-unavailable') throw error;
    problems.push(`its log cannot be read: ${shape.message}`);
    return undefined;
  });
  const files = new Map<string, JsonFile>();
  const values: (string | null)[] = [];
  for (const [at, column] of columns.entries()) {
    let value: string | undefined;
    if (column.from === 'log') {
      value = read?.picked.value(at);
      if (read !== undefined && value === undefined)
        problems.push(`${column.name}: no line of the log matches ${column.pattern}`);
    } else {
      const file = files.get(column.file) ?? (await readJsonFile(client, container, column.file, signal));
      files.set(column.file, file);
      if ('document' in file) value = valueAt(file.document, column.path);
      if (value === undefined)
        problems.push(
          `${column.name}: ${'problem' in file ? file.problem : `${column.file} has nothing at ${column.path}`}`,
        );
    }
    values.push(value ?? null);
  }
  return { values, problems, log: read?.tail ?? [] };
}
