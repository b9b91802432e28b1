import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { planDigest } from '#shared/reconcile/planDigest.ts';
import { docker, startTestCore, type TestCore } from '../testCore.ts';

let test: TestCore;
beforeEach(async () => {
  test = await startTestCore();
});
afterEach(async () => {
  await test.dispose();
});

const compose = (change: { memory?: string; seed?: string; worker?: string } = {}): string => `services:
  main:
    image: busybox:latest
    command: [sleep, "1000"]
    stop_grace_period: 0s
    mem_limit: ${change.memory ?? '64m'}
    environment: { SEED: "${change.seed ?? '1'}", API_TOKEN: first }
${change.worker ?? '  worker:\n    image: busybox:latest\n    command: [sleep, "1000"]\n    stop_grace_period: 0s\n'}`;
const start = async (name: string): Promise<string> => {
  const { id } = await test.core.apps.open(test.project(name, { 'compose.yaml': compose() }));
  await test.core.apps.up(id, {});
  return id;
};
const write = (name: string, text: string): void =>
  writeFileSync(join(test.folder, name, 'compose.yaml'), text);
const idOf = (name: string): string => docker('inspect', '--format', '{{.Id}}', name);

describe('a plan that somebody agreed to', () => {
  it('says from what to what settings changed, read off the container itself', async () => {
    const id = await start('agreed-words');
    write('agreed-words', compose({ memory: '128m', seed: '2' }).replace('first', 'second'));
    const { steps } = await test.core.apps.plan(id);
    expect(steps).toHaveLength(1);
    expect(steps[0]).toMatchObject({ kind: 'recreate-container', subject: 'main-1' });
    expect(steps[0]?.changes).toEqual(
      expect.arrayContaining([
        { setting: 'memory limit', before: '64 MiB', after: '128 MiB' },
        { setting: 'variable SEED', before: '1', after: '2' },
        { setting: 'variable API_TOKEN', before: '••••••', after: '••••••', secret: true },
      ]),
    );
    expect(JSON.stringify(steps)).not.toMatch(/first|second/);
  });

  it('is carried out as it was seen, and refused whole when the files or the engine are others now', async () => {
    const id = await start('agreed-up');
    const before = idOf('agreed-up-main-1');
    write('agreed-up', compose({ memory: '128m', seed: '2' }));
    const seen = planDigest(await test.core.apps.plan(id));
    write('agreed-up', compose({ memory: '256m', seed: '2' }));
    await expect(test.core.apps.up(id, { expected: seen })).rejects.toMatchObject({
      code: 'conflict',
      detail: { planChanged: true },
    });
    expect(idOf('agreed-up-main-1')).toBe(before);
    const other = planDigest(await test.core.apps.plan(id));
    docker('rm', '-f', 'agreed-up-worker-1');
    await expect(test.core.apps.up(id, { expected: other })).rejects.toMatchObject({ code: 'conflict' });
    expect(docker('ps', '-q', '--filter', 'name=agreed-up-worker-1')).toBe('');
    await test.core.apps.up(id, { expected: planDigest(await test.core.apps.plan(id)) });
    expect(idOf('agreed-up-main-1')).not.toBe(before);
    expect(docker('inspect', '--format', '{{.HostConfig.Memory}}', 'agreed-up-main-1')).toBe(
      String(256 * 1024 * 1024),
    );
    expect(docker('ps', '-q', '--filter', 'name=agreed-up-worker-1')).not.toBe('');
  });

  it('is hinted at in the view: which services changed, what is orphaned, and nothing when all is as declared', async () => {
    const id = await start('agreed-drift');
    expect(test.core.apps.get(id).drift).toBeUndefined();
    write('agreed-drift', compose({ memory: '128m', worker: '' }));
    expect((await test.core.apps.reload(id)).drift).toEqual({
      services: ['main'],
      orphans: ['agreed-drift-worker-1'],
    });
    await test.core.apps.up(id, { removeOrphans: true });
    // The engine tells of new limits a moment later.
    await expect.poll(() => test.core.apps.get(id).drift).toBeUndefined();
  });
});
