import type { TestProject } from 'vitest/node';
import { buildLogWorker } from './buildLogWorker.ts';
import { loadBusybox } from './baseImages.ts';
import { startLabEngine } from './LabEngine.ts';
import { prepareMachine } from './machine.ts';
import { newEngine } from './newEngine.ts';

/**
 * Two private engines for each worker that runs engine tests, the machine's own and a newer one; FLOTILLA_TEST_DOCKER_HOST names another to use
 * instead. A file has the engine of its worker for itself while it runs, see engineOfWorker.ts. Where there is no newer one, that is said, and
 * the own one does for all.
 */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  process.env['FLOTILLA_TEST_LOG_WORKER'] = await buildLogWorker();
  if (process.env['FLOTILLA_TEST_DOCKER_HOST'] !== undefined) return async () => {};
  prepareMachine();
  const count = project.config.maxWorkers ?? 1;
  const newer = newEngine();
  if ('missing' in newer) console.warn(`All engine tests run on the machine's own engine: ${newer.missing}`);
  const releases = 'missing' in newer ? (['own'] as const) : (['own', 'new'] as const);
  const started = await Promise.allSettled(
    releases.flatMap((release) =>
      Array.from({ length: count }, async () => {
        const engine = await startLabEngine({ images: false, release });
        loadBusybox(engine.host);
        return engine;
      }),
    ),
  );
  const engines = started.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : []));
  const dispose = async (): Promise<void> => {
    delete process.env['FLOTILLA_TEST_ENGINES'];
    delete process.env['FLOTILLA_TEST_NEW_ENGINES'];
    await Promise.all(engines.map((engine) => engine.dispose()));
  };
  for (const outcome of started)
    if (outcome.status === 'rejected') {
      await dispose();
      throw outcome.reason;
    }
  const hosts = engines.map(({ host }) => host);
  process.env['FLOTILLA_TEST_ENGINES'] = hosts.slice(0, count).join(',');
  if (hosts.length > count) process.env['FLOTILLA_TEST_NEW_ENGINES'] = hosts.slice(count).join(',');
  return dispose;
}
