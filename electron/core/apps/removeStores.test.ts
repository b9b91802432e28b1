import { afterAll, afterEach, beforeEach, expect, test, vi } from 'vitest';
import { FlotillaError } from '#shared/contract/errors.ts';
import type { EngineClient, EngineRequest } from '../engine/EngineApi.ts';
import { removeNetworks } from './removeStores.ts';

/** Time passes by waiting only. */
const clock = vi.hoisted(() => ({ now: 0 }));
vi.mock('node:timers/promises', () => ({
  setTimeout: async (ms: number) => void (clock.now += ms),
}));
beforeEach(() => {
  clock.now = 0;
  vi.spyOn(Date, 'now').mockImplementation(() => clock.now);
});
afterEach(() => void vi.restoreAllMocks());
afterAll(() => vi.doUnmock('node:timers/promises'));

interface Holder {
  name: string;
  /** Undefined: its container is gone. */
  project?: string;
  state?: string;
}

/**
 * An engine that does not remove the network `pi_default`, as Docker does not after it has lost count of endpoints: that cannot be brought
 * about at will. It lets go once `freed` answers true.
 */
function stubbornEngine(
  holders: Holder[],
  freed: (asked: readonly string[]) => boolean = () => false,
): { client: EngineClient; asked: string[] } {
  const asked: string[] = [];
  const request = async ({ method = 'GET', path, body }: EngineRequest): Promise<unknown> => {
    if (path === '/networks') return [{ Id: 'abc', Name: 'pi_default' }];
    if (path === '/containers/json')
      return holders.flatMap(({ name, project, state = 'running' }) =>
        project === undefined
          ? []
          : [{ Id: `id-${name}`, State: state, Labels: { 'com.docker.compose.project': project } }],
      );
    if (method === 'GET')
      return {
        Name: 'pi_default',
        Containers: Object.fromEntries(holders.map(({ name }) => [`id-${name}`, { Name: name }])),
      };
    asked.push(`${method} ${path}${body === undefined ? '' : ` ${JSON.stringify(body)}`}`);
    if (method === 'DELETE' && !freed(asked))
      throw new FlotillaError('engine-error', 'network pi_default has active endpoints', {
        detail: { statusCode: 403 },
      });
    return undefined;
  };
  return { client: { request } as unknown as EngineClient, asked };
}

const failure = (promise: Promise<unknown>): Promise<unknown> => promise.catch((error: unknown) => error);

test('an engine that lets go after a while is waited for', async () => {
  const { client, asked } = stubbornEngine([], (all) => all.length > 7);
  await removeNetworks(client, 'pi');
  expect(asked).toEqual(Array(8).fill('DELETE /networks/abc'));
});

test('an engine that counts endpoints it does not have is told apart, and the way out is said', async () => {
  const { client } = stubbornEngine([]);
  expect(await failure(removeNetworks(client, 'pi'))).toMatchObject({
    code: 'engine-error',
    message: 'The engine does not remove the network pi_default: it counts endpoints on it, but has none.',
    hint: expect.stringMatching(/restart it .* then remove the app again/),
  });
  expect(clock.now).toBeGreaterThan(20_000);
  expect(clock.now).toBeLessThan(25_000);
});

test('endpoints of containers that are gone are taken off by force', async () => {
  const force = 'POST /networks/abc/disconnect {"Container":"pi-worker-3","Force":true}';
  const { client, asked } = stubbornEngine([{ name: 'pi-worker-3' }], (all) => all.includes(force));
  await removeNetworks(client, 'pi');
  expect(asked.slice(-2)).toEqual([force, 'DELETE /networks/abc']);
  expect(clock.now).toBeLessThan(15_000);
});

test('endpoints that cannot be taken off are named', async () => {
  const { client } = stubbornEngine([{ name: 'pi-worker-3' }, { name: 'pi-worker-4' }]);
  expect(await failure(removeNetworks(client, 'pi'))).toMatchObject({
    code: 'conflict',
    message: 'The network pi_default stays: pi-worker-3 and pi-worker-4 use it.',
  });
});

test('a container of others stays on it, and is named', async () => {
  const { client, asked } = stubbornEngine([
    { name: 'pi-main-1', project: 'pi' },
    { name: 'theirs', project: 'other' },
  ]);
  expect(await failure(removeNetworks(client, 'pi'))).toMatchObject({
    code: 'conflict',
    message: 'The network pi_default stays: theirs uses it.',
    hint: expect.stringContaining('docker network disconnect pi_default theirs'),
  });
  expect(asked.filter((line) => line.startsWith('POST'))).toEqual([]);
});

test('what another folder of the same project name runs keeps the network, which is no error', async () => {
  const { client, asked } = stubbornEngine([{ name: 'pi-main-1', project: 'pi' }]);
  await removeNetworks(client, 'pi');
  expect(asked.filter((line) => line.startsWith('POST'))).toEqual([]);
});

test('a lost engine is told at once, and Cancel ends the wait', async () => {
  const lost = new FlotillaError('engine-unavailable', 'gone');
  const request = async ({ method }: EngineRequest): Promise<unknown> => {
    if (method === 'DELETE') throw lost;
    return [{ Id: 'abc' }];
  };
  expect(await failure(removeNetworks({ request } as unknown as EngineClient, 'pi'))).toBe(lost);
  const abort = new AbortController();
  const { client } = stubbornEngine([], (all) => {
    if (all.length === 3) abort.abort();
    return false;
  });
  expect(await failure(removeNetworks(client, 'pi', abort.signal))).toMatchObject({ code: 'cancelled' });
  expect(clock.now).toBeLessThan(1_000);
});
