import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { pickCpuSets } from '#shared/placement/pickCpuSets.ts';
import { machineFiles, testTopology } from '#shared/placement/testTopology.ts';
import type { EngineClient } from '../engine/EngineApi.ts';
import { machineTopology } from './machineTopology.ts';
import { topologyOf } from './topologyOf.ts';

describe('machineTopology', () => {
  let root: string;
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'flotilla-cpus-'));
  });
  afterEach(() => rmSync(root, { recursive: true, force: true }));
  const write = (files: ReadonlyMap<string, string>): void => {
    for (const [path, text] of files) {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      writeFileSync(join(root, path), text);
    }
  };

  it('reads what the kernel shows, GPUs and their nodes included', () => {
    const shape = { nodes: [[2], [2]], threads: 2, gpus: [{ node: 1 }] };
    write(machineFiles(shape));
    // What is no CPU beside those that are, and one that is switched off.
    mkdirSync(join(root, 'sys/devices/system/cpu/cpufreq'));
    mkdirSync(join(root, 'sys/devices/system/cpu/cpu8'));
    const { source: _, ...expected } = testTopology(shape);
    const found = machineTopology(root);
    expect(found).toEqual(expected);
    // As studies give them away: whole cores first.
    const wish = { size: 2, most: 4, policy: 'packed', smt: 'use' } as const;
    expect(pickCpuSets(found?.cpus ?? [], wish)).toEqual([
      [0, 1],
      [2, 3],
      [4, 5],
      [6, 7],
    ]);
  });

  it('is undefined where the kernel shows nothing', () => {
    expect(machineTopology(root)).toBeUndefined();
  });
});

describe('topologyOf', () => {
  const client = (host: string, cpus: number, operatingSystem = 'Linux'): EngineClient =>
    ({ endpoint: { host }, info: { cpus, operatingSystem } }) as unknown as EngineClient;

  it.each([
    ['elsewhere', client('tcp://10.0.0.1:2376', 3)],
    ['in a virtual machine of another size', client('unix:///run/docker.sock', 3000)],
    ['of Docker Desktop', client('unix:///run/docker.sock', 3, 'Docker Desktop')],
  ])('knows only the number of CPUs of an engine %s that nobody has looked at', async (_, engine) => {
    const { cpus, source } = await topologyOf(engine, [], { probe: false });
    expect(cpus).toHaveLength(engine.info.cpus);
    expect(source).toEqual({ kind: 'count', reason: 'nobody has looked at its machine yet.' });
  });
});
