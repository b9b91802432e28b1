import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { describePlan } from '#shared/reconcile/describePlan.ts';
import { docker, startTestCore, type TestCore } from '../testCore.ts';

let test: TestCore;
beforeAll(async () => {
  test = await startTestCore();
});
afterAll(async () => {
  await test.dispose();
});

const MIB = 1024 * 1024;
const compose = (limits: string, command = 'sleep 1000'): string => `services:
  main:
    image: busybox:latest
    command: [sh, -c, "${command}"]
    stop_grace_period: 0s
    scale: 2
${limits}`;
const write = (name: string, text: string): string => test.project(name, { 'compose.yaml': text });
const inspect = (name: string, format: string): string => docker('inspect', '--format', format, name);
/** What must not change: which containers they are, and since when they run. */
const lives = (name: string): string[] =>
  [1, 2].map((index) => inspect(`${name}-main-${index}`, '{{.Id}} {{.State.StartedAt}}'));
const limits = (name: string): string =>
  inspect(
    `${name}-main-1`,
    '{{.HostConfig.Memory}} {{.HostConfig.MemorySwap}} {{.HostConfig.NanoCpus}} {{.HostConfig.PidsLimit}}',
  );
const planned = async (id: string): Promise<string[]> =>
  (await test.core.apps.plan(id)).steps.map(({ kind, subject, reason }) => `${kind} ${subject}: ${reason}`);

describe('limits that change in the file of an app that runs', () => {
  it('hold without a restart, up and down again; only what is lifted takes a new container', async () => {
    const name = 'limits-live';
    const { id } = await test.core.apps.open(write(name, compose('    mem_limit: 64m\n')));
    await test.core.apps.up(id, {});
    const before = lives(name);
    const bring = async (text: string): Promise<void> => {
      write(name, compose(text));
      await test.core.apps.up(id, {});
      expect(await planned(id)).toEqual([]);
      await expect.poll(() => test.core.apps.get(id).drift).toBeUndefined();
    };

    write(name, compose('    mem_limit: 128m\n'));
    expect(describePlan(await test.core.apps.plan(id))).toEqual([
      'main',
      '  update  main-1,2  its memory limit changed (no restart)',
      '                      memory limit: 64 MiB → 128 MiB',
      '',
      'To do: update 2 containers.',
    ]);
    expect((await test.core.apps.reload(id)).drift).toEqual({ services: ['main'], orphans: [] });
    await bring('    mem_limit: 128m\n');
    expect(limits(name)).toMatch(new RegExp(`^${128 * MIB} ${256 * MIB} `));
    // What the label says is what the file says again, and the container is not.
    write(name, compose('    mem_limit: 64m\n'));
    expect((await test.core.apps.reload(id)).drift).toEqual({ services: ['main'], orphans: [] });
    await bring('    mem_limit: 64m\n');
    await bring('    mem_limit: 64m\n    cpus: 0.5\n    pids_limit: 50\n');
    expect(limits(name)).toBe(`${64 * MIB} ${128 * MIB} 500000000 50`);
    // The kernel holds it to them, and not only the engine's books.
    expect(
      docker(
        'exec',
        `${name}-main-1`,
        'sh',
        '-c',
        'cat /sys/fs/cgroup/pids/pids.max 2>/dev/null || cat /sys/fs/cgroup/pids.max',
      ),
    ).toBe('50');
    await bring('    mem_limit: 32m\n    cpus: 0.25\n');
    expect(limits(name)).toMatch(new RegExp(`^${32 * MIB} ${64 * MIB} 250000000 (0|-1|<nil>)$`));
    expect(lives(name)).toEqual(before);
    // Another program that knows nothing of the file.
    docker('update', '--cpus', '0.75', `${name}-main-2`);
    await expect.poll(() => test.core.apps.get(id).drift?.services).toEqual(['main']);
    expect(await planned(id)).toEqual(['update-container main-2: its CPU limit changed (no restart)']);
    await bring('    mem_limit: 32m\n    cpus: 0.25\n');
    expect(lives(name)).toEqual(before);
    // Replicas of two kinds after a scaling would be nobody's wish.
    write(name, compose('    mem_limit: 40m\n    cpus: 0.25\n'));
    await test.core.apps.reload(id);
    await test.core.apps.scale(id, 'main', 3);
    expect([1, 2, 3].map((index) => inspect(`${name}-main-${index}`, '{{.HostConfig.Memory}}'))).toEqual(
      Array(3).fill(String(40 * MIB)),
    );
    expect(lives(name)).toEqual(before);
    await test.core.apps.scale(id, 'main', 2);

    write(name, compose('    mem_limit: 40m\n'));
    expect(await planned(id)).toEqual(
      [1, 2].map((index) => `recreate-container main-${index}: its CPU limit changed`),
    );
    await bring('    mem_limit: 40m\n');
    expect(limits(name)).toMatch(new RegExp(`^${40 * MIB} ${80 * MIB} 0 `));
    expect(lives(name)).not.toEqual(before);
  });

  it('that the engine refuses leave it as it runs, and say why and what to do', async () => {
    const name = 'limits-refused';
    // tmpfs counts as memory in use that cannot be given back.
    const fill = 'dd if=/dev/zero of=/dev/shm/fill bs=1M count=40; sleep 1000';
    const lines = (text: string): string => compose(`    shm_size: 64m\n    mem_limit: ${text}\n`, fill);
    const { id } = await test.core.apps.open(write(name, lines('64m')));
    await test.core.apps.up(id, {});
    for (const index of [1, 2])
      await expect
        .poll(() => docker('exec', `${name}-main-${index}`, 'du', '-m', '/dev/shm/fill').split('\t')[0])
        .toBe('40');
    const before = lives(name);
    write(name, lines('16m'));
    await expect(test.core.apps.up(id, {})).rejects.toMatchObject({
      code: 'conflict',
      message: expect.stringMatching(
        /^main-\d uses 4\d MiB of memory now, more than its new limit of 16 MiB; it runs on with the limits it has\.$/,
      ),
      hint: expect.stringMatching(/^Allow it more, or stop it first/),
    });
    write(name, lines('64m\n    cpus: 512'));
    await expect(test.core.apps.up(id, {})).rejects.toMatchObject({
      code: 'engine-error',
      message: expect.stringMatching(
        /^main-\d could not be given its new limits and runs on with those it has: /,
      ),
      hint: 'Ask for no more CPUs than the engine has.',
    });
    expect(lives(name)).toEqual(before);
    expect(test.core.apps.get(id).workers.map(({ phase }) => phase)).toEqual(['running', 'running']);
    // It can still be given others.
    write(name, lines('72m'));
    await test.core.apps.up(id, {});
    expect(limits(name)).toMatch(new RegExp(`^${72 * MIB} `));
    expect(lives(name)).toEqual(before);
  });
});
