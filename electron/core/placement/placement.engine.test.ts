import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { describePlan } from '#shared/reconcile/describePlan.ts';
import { docker, startTestCore, type TestCore } from '../testCore.ts';
import { machineTopology } from './machineTopology.ts';
import { probeTopology } from './probeTopology.ts';

let test: TestCore;
beforeAll(async () => {
  test = await startTestCore();
});
afterAll(async () => {
  await test.dispose();
});

const compose = (placement: string, more = ''): string => `services:
  worker:
    image: busybox:latest
    command: [sleep, "1000"]
    stop_grace_period: 0s
    environment: { OMP_NUM_THREADS: "7" }
    x-flotilla: { role: worker, placement: { ${placement} } }
${more}`;
const write = (name: string, text: string): string => test.project(name, { 'compose.yaml': text });
const inspect = (name: string, format: string): string => docker('inspect', '--format', format, name);
/** What the kernel lets a container's processes run on, and what they are told. */
const inside = (name: string): { allowed: string; count: string; threads: (string | undefined)[] } => {
  const [status = '', count = '', ...environment] = docker(
    'exec',
    name,
    'sh',
    '-c',
    'grep Cpus_allowed_list /proc/self/status; nproc; env',
  ).split('\n');
  const valueOf = (variable: string): string | undefined =>
    environment.find((line) => line.startsWith(`${variable}=`))?.slice(variable.length + 1);
  return {
    allowed: status.split('\t')[1] ?? '',
    count,
    threads: ['OMP_NUM_THREADS', 'MKL_NUM_THREADS', 'RAYON_NUM_THREADS'].map(valueOf),
  };
};

describe('replicas with CPUs of their own', () => {
  it('run on them, keep them when there are more or fewer, and move without a restart', async () => {
    const name = 'placed';
    const cpus = (machineTopology()?.cpus ?? []).map(({ cpu }) => String(cpu));
    const [first = '', second = first] = cpus;
    const { id } = await test.core.apps.open(write(name, compose('cpus_per_worker: 1, smt: use')));
    const life = (): string =>
      inspect(`${name}-worker-1`, '{{.Id}} {{.State.StartedAt}} {{.HostConfig.CpusetCpus}}');
    await test.core.apps.up(id, {});
    expect(inspect(`${name}-worker-1`, '{{.HostConfig.CpusetCpus}}')).toBe(first);
    expect(inside(`${name}-worker-1`)).toEqual({ allowed: first, count: '1', threads: ['7', '1', '1'] });
    const before = life();

    await test.core.apps.scale(id, 'worker', 2);
    expect(inside(`${name}-worker-2`)).toMatchObject({ allowed: second, count: '1' });
    expect((await test.core.apps.plan(id)).steps).toEqual([]);
    // The run's entry keeps where each was.
    const placements = async (): Promise<unknown[]> => {
      const run = await test.core.runs.newest(id);
      const { workers } = run === undefined ? { workers: [] } : await test.core.runs.show(run.id);
      return workers.map(({ key, placement }) => [key, placement?.cpuset]);
    };
    await expect.poll(placements, { timeout: 10_000 }).toEqual([
      ['worker-1', first],
      ['worker-2', second],
    ]);
    expect(test.core.apps.get(id).drift).toBeUndefined();
    await test.core.apps.scale(id, 'worker', 1);
    expect(life()).toBe(before);

    // Another rule moves what runs: the first core is left free, where there are two.
    if (cpus.length === 2 && (machineTopology()?.cpus[1]?.core ?? 0) !== 0) {
      write(name, compose('cpus_per_worker: 1, smt: use, leave_free: 1'));
      expect(describePlan(await test.core.apps.plan(id))).toEqual([
        'worker',
        '  update  worker-1  its CPU set changed (no restart)',
        `                      CPU set: ${first} → ${second}`,
        '',
        'To do: update 1 container.',
      ]);
      await test.core.apps.up(id, {});
      expect(life()).toBe(before.replace(/\d+$/, second));
      expect(inside(`${name}-worker-1`).allowed).toBe(second);
      expect((await test.core.apps.plan(id)).steps).toEqual([]);
      await expect.poll(() => test.core.apps.get(id).drift).toBeUndefined();
    }
  });

  it('share them, and that is said before anything starts; what no machine has is refused', async () => {
    const name = 'crowded';
    const { cpus } = test.core.engine.client().info;
    const { id } = await test.core.apps.open(
      write(name, compose('cpus_per_worker: 1, smt: use', `    scale: ${cpus + 1}\n`)),
    );
    const { notes } = await test.core.apps.plan(id);
    expect(notes.map(({ kind, text }) => `${kind}: ${text}`)).toEqual([
      `crowded: worker: ${cpus + 1} replicas × 1 CPU = ${cpus + 1} CPUs, and there are ${cpus} CPUs for it, room for ${cpus}: 2 replicas share CPUs, worker-${cpus + 1} with worker-1`,
    ]);
    const view = await test.core.apps.placement(id, { workers: 1 });
    expect(view.topology.source).toEqual({ kind: 'machine' });
    expect(view.plan.places).toMatchObject([{ service: 'worker', index: 1, sharesCpus: [] }]);
    write(name, compose('cpus_per_worker: 4000'));
    await expect(test.core.apps.up(id, {})).rejects.toMatchObject({
      code: 'invalid-input',
      message: expect.stringContaining('No replica of worker can have 4000 CPUs') as string,
    });
    expect(docker('ps', '-aq', '--filter', `label=com.docker.compose.project=${name}`)).toBe('');
  });
});

describe('a machine elsewhere', () => {
  it('is looked at from a container that leaves nothing behind, by an image that is there', async () => {
    const client = test.core.engine.client();
    const found = await probeTopology(client, []);
    expect(found.source).toMatchObject({
      kind: 'probe',
      image: expect.stringContaining('busybox') as string,
    });
    expect(found.cpus).toEqual(machineTopology()?.cpus);
    expect(docker('ps', '-aq', '--filter', 'label=io.flotilla.probe')).toBe('');
  });
});
