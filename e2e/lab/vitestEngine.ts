import type { TestProject } from 'vitest/node';
import { buildLogWorker } from './buildLogWorker.ts';
import { loadBusybox } from './baseImages.ts';
import { startLabEngine } from './LabEngine.ts';
import { prepareMachine } from './machine.ts';

/**
 * A private engine for each worker that runs engine tests; FLOTILLA_TEST_DOCKER_HOST names another to use instead. A file has the
 * engine of its worker for itself while it runs, see engineOfWorker.ts.
 */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  process.env['FLOTILLA_TEST_LOG_WORKER'] = await buildLogWorker();
  if (process.env['FLOTILLA_TEST_DOCKER_HOST'] !== undefined) return async () => {};
  prepareMachine();
  const count = project.config.maxWorkers ?? 1;
  const started = await Promise.allSettled(
    Array.from({ length: count }, async () => {
      const engine = await startLabEngine({ images: false });
      loadBusybox(engine.host);
      return engine;
    }),
  );
  const engines = started.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : []));
  const dispose = async (): Promise<void> => {
    delete process.env['FLOTILLA_TEST_ENGINES'];
    await Promise.all(engines.map((engine) => engine.dispose()));
  };
  for (const outcome of started)
    if (outcome.status === 'rejected') {
      await dispose();
      throw outcome.reason;
    }
  process.env['FLOTILLA_TEST_ENGINES'] = engines.map(({ host }) => host).join(',');
  return dispose;
}
