import { FlotillaError, toErrorShape } from '#shared/contract/errors.ts';
import type { StudyPlan, StudyRecord } from '#shared/domain/Study.ts';
import { remainingRuns } from '#shared/study/planRuns.ts';
import type { PreparedApp } from '../apps/prepareApp.ts';
import type { EngineService } from '../engine/EngineApi.ts';
import { engineBack } from '../engine/engineBack.ts';
import { coolDown } from './hostLoad.ts';
import type { MeasuringGate } from './MeasuringGate.ts';
import { measureRun } from './measureRun.ts';
import { removeAll } from './StudyContainers.ts';
import type { StudyRequest } from './StudyApi.ts';
import type { StudyFile } from './StudyFile.ts';

/** An engine that is lost so often at one run is lost by it. */
const LOSSES_ENDURED = 3;

/**
 * Makes the runs of a study that are still to be made, one after another, and removes all that it made of them on the engine.
 * @throws FlotillaError `cancelled`, `engine-unavailable`; the record and the file hold what was measured until then
 */
export async function runStudy(
  measured: PreparedApp,
  record: StudyRecord,
  file: StudyFile,
  { engine, gate }: { engine: EngineService; gate: MeasuringGate },
  { signal, onNews }: StudyRequest,
): Promise<void> {
  const { plan, runs } = record;
  let losses = 0;
  try {
    for (;;) {
      const [next, ...later] = remainingRuns(plan, runs);
      const done = runs.length;
      if (next === undefined) return;
      const total = done + 1 + later.length;
      try {
        const hostLoad = await coolDown(engine.client().endpoint, plan.cooldownMs, signal);
        onNews({ kind: 'running', run: next, done, total });
        const outcome = await gate.during(() => measureRun(measured, plan, next, engine, signal));
        const run = { ...outcome, hostLoad };
        await file.append(run);
        runs.push(run);
        losses = 0;
        onNews({ kind: 'ran', run, done: runs.length, total });
      } catch (error) {
        if (signal.aborted) throw cancelled();
        const shape = toErrorShape(error);
        losses += 1;
        if (shape.code !== 'engine-unavailable' || losses > LOSSES_ENDURED) throw error;
        onNews({ kind: 'engine-lost', message: shape.message });
        // What it has left of the run is removed.
        await engineBack(engine, (client) => removeAll(client, plan), signal).catch((reason: unknown) => {
          throw signal.aborted ? cancelled() : reason;
        });
      }
    }
  } finally {
    await tidy(engine, plan);
  }
}

const cancelled = (): FlotillaError => new FlotillaError('cancelled', 'The study was cancelled.');

/** What cannot be removed now (the engine is gone) is by the next study. */
async function tidy(engine: EngineService, plan: StudyPlan): Promise<void> {
  try {
    await removeAll(engine.client(), plan);
  } catch {
    // As said above.
  }
}
