import { afterAll, beforeAll } from 'vitest';
import { loadBusybox } from '../../e2e/lab/baseImages.ts';
import { startLabEngine } from '../../e2e/lab/LabEngine.ts';
import { testHost } from './testCore.ts';

/**
 * Runs a file's tests on an engine in this machine's network, where containers and this process reach one another; the usual one
 * is in a network of its own.
 *
 * @returns the address of the usual engine, once the tests run
 */
export function testOnSharedNetwork(): () => string {
  let usual = '';
  let engine: Awaited<ReturnType<typeof startLabEngine>> | undefined;
  beforeAll(async () => {
    usual = testHost();
    engine = await startLabEngine({ sharesNetwork: true, images: false });
    loadBusybox(engine.host);
    process.env['FLOTILLA_TEST_DOCKER_HOST'] = engine.host;
  }, 180_000);
  afterAll(async () => {
    process.env['FLOTILLA_TEST_DOCKER_HOST'] = usual;
    await engine?.dispose();
  });
  return () => usual;
}
