import { prepareMachine } from './machine.ts';
import { buildLogWorker } from './buildLogWorker.ts';
import { startLabEngine } from './LabEngine.ts';

/** One private engine for all engine tests of a run; FLOTILLA_TEST_DOCKER_HOST names another to use instead. */
export default async function setup(): Promise<() => Promise<void>> {
  process.env['FLOTILLA_TEST_LOG_WORKER'] = await buildLogWorker();
  if (process.env['FLOTILLA_TEST_DOCKER_HOST'] !== undefined) return async () => {};
  prepareMachine();
  const engine = await startLabEngine();
  process.env['FLOTILLA_TEST_DOCKER_HOST'] = engine.host;
  return async () => {
    delete process.env['FLOTILLA_TEST_DOCKER_HOST'];
    await engine.dispose();
  };
}
