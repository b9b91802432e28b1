import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { describePlan } from '#shared/reconcile/describePlan.ts';
import { EngineWitness } from '../../../e2e/lab/EngineWitness.ts';
import { canRunPodman, type LabPodman, startLabPodman } from '../../../e2e/lab/LabPodman.ts';
import { startTestCore, type TestCore } from '../testCore.ts';
import { composeText, type DeclaredApp, declaredService } from './sequences/DeclaredApp.ts';

describe.skipIf(!canRunPodman)('an app on Podman', () => {
  let podman: LabPodman;
  let witness: EngineWitness;
  let test: TestCore;
  beforeAll(async () => {
    podman = await startLabPodman();
    witness = new EngineWitness(podman.host);
    test = await startTestCore(podman.host);
  });
  afterAll(async () => {
    // Where Podman does not answer in time there is none, and Podman is to end all the same.
    await (test as TestCore | undefined)?.dispose();
    await podman.dispose();
  });

  const app = (seed: number): DeclaredApp => ({
    project: 'podman-app',
    services: {
      main: declaredService({ seed, hasVolume: true }),
      worker: declaredService({ replicas: 2, after: ['main'], networks: ['default', 'back'] }),
    },
    networks: { default: false, back: true },
  });
  const label = 'com.docker.compose.project=podman-app';
  /** Which containers there are, by name, and since when they run. */
  const containers = async (): Promise<Record<string, string>> => {
    const list = await witness.labelled<{ Id: string }[]>('/containers/json', label);
    const all = await Promise.all(
      list.map(({ Id }) =>
        witness.ask<{ Name: string; Id: string; State: { Status: string; StartedAt: string } }>(
          'GET',
          `/containers/${Id}/json`,
        ),
      ),
    );
    return Object.fromEntries(
      all.map(({ Name, Id, State }) => [
        Name.replace('/podman-app-', ''),
        `${State.Status} ${Id} ${State.StartedAt}`,
      ]),
    );
  };

  it('is planned, started, left alone, scaled, changed and removed as on Docker', async () => {
    const { apps } = test.core;
    const path = join(test.folder, 'podman-app');
    mkdirSync(path);
    const write = (seed: number): void => writeFileSync(join(path, 'compose.yaml'), composeText(app(seed)));
    write(1);
    const { id } = await apps.open(path);
    const plan = async (): Promise<string[]> =>
      (await apps.plan(id)).steps.map(({ kind, subject }) => `${kind} ${subject}`);
    expect(await plan()).toEqual([
      'create-network podman-app_default',
      'create-network podman-app_back',
      'create-volume podman-app_data',
      'create-container main-1',
      'create-container worker-1',
      'create-container worker-2',
    ]);
    await apps.up(id, {});
    const first = await containers();
    expect(Object.keys(first).sort()).toEqual(['main-1', 'worker-1', 'worker-2']);
    for (const text of Object.values(first)) expect(text).toMatch(/^running /);

    expect(describePlan(await apps.plan(id))).toEqual(['Nothing to do.']);
    await apps.up(id, {});
    expect(await containers()).toEqual(first);

    await apps.scale(id, 'worker', 3);
    expect(await containers()).toMatchObject(first);
    expect(Object.keys(await containers())).toHaveLength(4);
    await apps.scale(id, 'worker', 1);
    expect(Object.keys(await containers()).sort()).toEqual(['main-1', 'worker-1']);

    write(2);
    expect(await plan()).toEqual(['recreate-container main-1']);
    await apps.up(id, {});
    expect((await containers())['worker-1']).toBe(first['worker-1']);
    expect((await containers())['main-1']).not.toBe(first['main-1']);
    expect(await plan()).toEqual([]);

    await apps.stop(id);
    await apps.up(id, {});
    expect(await plan()).toEqual([]);
    await apps.down(id, { volumes: true });
    expect(await containers()).toEqual({});
    expect(await witness.labelled('/networks', label)).toEqual([]);
    expect(await witness.labelled('/volumes', label)).toMatchObject({ Volumes: [] });
  });
});
