import { PassThrough } from 'node:stream';
import { afterEach, expect, it } from 'vitest';
import { FlotillaError } from '#shared/contract/errors.ts';
import type { EngineConnection } from './EngineConnection.ts';
import type { EngineClient } from './EngineApi.ts';
import { HeardEvents } from './HeardEvents.ts';
import { ranOutOfMemory } from './ranOutOfMemory.ts';
import { SnapshotKeeper } from './SnapshotKeeper.ts';
import { httpError, toEngineError } from './toEngineError.ts';

const LABELS = {
  'com.docker.compose.project': 'pi',
  'com.docker.compose.service': 'worker',
  'com.docker.compose.container-number': '1',
};
/** Near what clocks say now, as the number it is after JSON. */
const TIME_NANO = Number('1700000000123456700');

let keeper: SnapshotKeeper | undefined;
afterEach(() => keeper?.dispose());

/** An engine as Docker 20.10 is: it has forgotten why the container was killed. */
async function started(first?: Error) {
  const events = new PassThrough();
  const trouble = { error: first, delay: undefined as Promise<void> | undefined };
  const state = { Status: 'running', ExitCode: 0, OOMKilled: false };
  const inspection = { Id: 'c', Name: '/pi-worker-1', Config: { Labels: LABELS }, State: state };
  const connection = {
    endpoint: { host: 'unix:///nowhere' },
    info: { updatesLimits: true },
    heard: new HeardEvents(),
    openStream: () => Promise.resolve({ body: events, close: () => events.destroy() }),
    request: async ({ path }: { path: string }) => {
      if (path === '/containers/json')
        return Promise.resolve([{ Id: 'c', State: state.Status, Labels: LABELS }]);
      await trouble.delay;
      return trouble.error === undefined ? Promise.resolve(inspection) : Promise.reject(trouble.error);
    },
  } as unknown as EngineConnection;
  const lost: FlotillaError[] = [];
  keeper = new SnapshotKeeper({
    connection,
    onChange: () => undefined,
    onLost: (reason) => lost.push(reason),
  });
  await keeper.start();
  const tell = (Action: string, exitCode?: string): void => {
    const Actor = { ID: 'c', Attributes: { ...LABELS, ...(exitCode === undefined ? {} : { exitCode }) } };
    events.write(`${JSON.stringify({ Type: 'container', Action, Actor, timeNano: TIME_NANO })}\n`);
  };
  const end = (): void => {
    Object.assign(state, { Status: 'exited', ExitCode: 137 });
    tell('die', '137');
  };
  return { tell, end, state, trouble, lost, connection, record: () => keeper?.snapshot.containers.get('c') };
}

const SETTLED = { timeout: 3_000, interval: 20 };

it('believes the event of want of memory, before the end or after it, where the engine has forgotten', async () => {
  for (const isLate of [false, true]) {
    const { tell, end, record } = await started();
    if (!isLate) tell('oom');
    end();
    await expect.poll(record, SETTLED).toMatchObject({ state: 'exited', exitCode: 137 });
    if (isLate) tell('oom');
    await expect.poll(record, SETTLED).toMatchObject({ state: 'exited', oomKilled: true });
    // The inspection that follows says otherwise, and is not believed.
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(record()).toMatchObject({ state: 'exited', exitCode: 137, oomKilled: true });
    keeper?.dispose();
  }
});

it('counts want of memory for the start it happened in, and not while the container lives on', async () => {
  const { tell, end, state, record, connection } = await started();
  tell('oom');
  await new Promise((resolve) => setTimeout(resolve, 100));
  expect(record()).toMatchObject({ state: 'running', oomKilled: false });
  tell('start');
  await expect.poll(() => connection.heard.isOutOfMemory('c'), SETTLED).toBe(false);
  expect(connection.heard.startOf('c')).toBe(BigInt(TIME_NANO));
  end();
  await expect.poll(record, SETTLED).toMatchObject({ state: 'exited', exitCode: 137, oomKilled: false });
  state.Status = 'removing';
  tell('destroy');
  await expect.poll(record, SETTLED).toBeUndefined();
  expect(connection.heard.startOf('c')).toBeUndefined();
});

it('waits for the event of want of memory where that may have been the reason, and only there', async () => {
  const heard = new HeardEvents();
  const client = { heard } as unknown as EngineClient;
  const killed = { Id: 'c', State: { ExitCode: 137, OOMKilled: false }, HostConfig: { Memory: 16e6 } };
  setTimeout(() => heard.note('c', 'oom', 0), 60);
  expect(await ranOutOfMemory(client, killed)).toBe(true);
  expect(await ranOutOfMemory(client, { ...killed, Id: 'd' })).toBe(false);
  expect(await ranOutOfMemory(client, { ...killed, Id: 'd', State: { OOMKilled: true } })).toBe(true);
  // Nobody waits here: the reason of the signal would be thrown.
  const gone = AbortSignal.abort();
  expect(await ranOutOfMemory(client, { ...killed, Id: 'd', State: { ExitCode: 1 } }, gone)).toBe(false);
  expect(await ranOutOfMemory(client, { ...killed, Id: 'd', HostConfig: { Memory: 0 } }, gone)).toBe(false);
  await expect(ranOutOfMemory(client, { ...killed, Id: 'd' }, gone)).rejects.toThrow(/abort/);
});

const stuck = toEngineError({ name: 'TimeoutError' }, 'inspect c', 'unix:///nowhere');
const broken = httpError(500, 'layer does not exist', 'inspect c');

it.each([stuck, broken])(
  'goes on where the engine cannot tell more of one container: $message',
  async (error) => {
    const { tell, end, trouble, lost, record } = await started(error);
    expect(record()).toMatchObject({ state: 'running', service: 'worker' });
    end();
    await expect.poll(record, SETTLED).toMatchObject({ state: 'exited', exitCode: 137 });
    await new Promise((resolve) => setTimeout(resolve, 100));
    trouble.error = undefined;
    await keeper?.relist();
    // Told by the inspection only.
    expect(record()).toMatchObject({ state: 'exited', exitCode: 137, tty: false });
    expect(lost).toEqual([]);
    trouble.error = toEngineError({ code: 'ECONNREFUSED' }, 'inspect c', 'unix:///nowhere');
    tell('rename');
    await expect.poll(() => lost, SETTLED).toHaveLength(1);
  },
);

it('does not bring back what was removed while it was inspected', async () => {
  const { tell, trouble, record } = await started();
  let answer: () => void = () => undefined;
  trouble.delay = new Promise((resolve) => (answer = resolve));
  tell('rename');
  await new Promise((resolve) => setTimeout(resolve, 60));
  tell('destroy');
  await expect.poll(record, SETTLED).toBeUndefined();
  answer();
  await new Promise((resolve) => setTimeout(resolve, 60));
  expect(record()).toBeUndefined();
});
