import { containerSpec } from '../apps/containerSpec.ts';
import { createOneOff } from '../apps/createOneOff.ts';
import { limitsOf } from '../apps/engineLimits.ts';
import { removeInTurn } from '../apps/stopContainer.ts';
import { workerEnvironment } from '../apps/workerEnvironment.ts';
import type { EngineClient, EngineService } from '../engine/EngineApi.ts';
import { awaitDependencies } from '../study/awaitDependencies.ts';
import { type StudyContainer, startContainers } from '../study/StudyContainers.ts';
import { startWaves } from '../study/startWaves.ts';
import { type FoundContainer, SWEEP_LABEL, type SweptApp } from './SweepContainers.ts';
import { NUMBER_LABEL, SERVICE_LABEL } from '../engine/containerRecord.ts';
import type { SweepPlan } from '#shared/domain/Sweep.ts';

/**
 * Starts what the jobs of a sweep depend on, once for all of them, and waits until it is as `depends_on` asks. What runs of it already is left alone.
 * @throws FlotillaError `engine-error` when one cannot be started or ends
 */
export async function startCompanions(
  engine: EngineService,
  client: EngineClient,
  swept: SweptApp,
  plan: SweepPlan,
  found: readonly FoundContainer[],
  signal: AbortSignal,
): Promise<void> {
  const { app, path } = swept;
  const companions: StudyContainer[] = [];
  const jobs = app.services.find(({ name }) => name === plan.service);
  for (const wave of startWaves(app.services.filter((service) => service !== jobs)))
    for (const service of wave) {
      await awaitDependencies(engine, service, companions, signal);
      for (let index = 1; index <= service.replicas; index += 1) {
        signal.throwIfAborted();
        const name = `${service.name}-${index}`;
        const before = found.find(
          ({ job, summary: { Labels: labels } }) =>
            job === undefined &&
            labels?.[SERVICE_LABEL] === service.name &&
            labels[NUMBER_LABEL] === String(index),
        );
        if (before?.summary.State === 'running') {
          companions.push({ id: before.id, name, service });
          continue;
        }
        if (before !== undefined) await removeInTurn(client, before.id);
        await swept.mayStart(service);
        const told = workerEnvironment(app, service, index, (other) => other.replicas);
        const spec = containerSpec(app, swept.placed(service, index), index, path, told);
        const id = await limitsOf(client).creations.run(
          () => createOneOff(client, spec, { [SWEEP_LABEL]: plan.id }, name),
          0,
          signal,
        );
        companions.push({ id, name, service });
        await startContainers(client, companions.slice(-1), signal);
      }
    }
  if (jobs !== undefined) await awaitDependencies(engine, jobs, companions, signal);
}
