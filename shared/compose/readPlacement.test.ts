import { describe, expect, it } from 'vitest';
import { PLACEMENT_DEFAULTS } from '../placement/PlacementPolicy.ts';
import { memoryProject } from './memoryProject.ts';
import { readProject } from './readProject.ts';

const read = async (placement: string, more = '') => {
  const compose = `services:\n  worker:\n    image: busybox\n${more}    x-flotilla:\n      placement: ${placement}\n`;
  const { diagnostics, model } = await readProject(memoryProject({ 'compose.yaml': compose }));
  return {
    placement: model?.services[0]?.placement,
    problems: diagnostics.map(({ message, range, file }) => `${file}:${range?.line} ${message}`),
  };
};

describe('x-flotilla.placement', () => {
  it('has sound defaults', async () => {
    expect(await read('{ cpus_per_worker: 2 }')).toEqual({
      placement: { ...PLACEMENT_DEFAULTS, cpusPerWorker: 2 },
      problems: [],
    });
    expect(
      await read(
        '{ cpus_per_worker: 1, policy: spread, smt: use, memory: local, gpus_per_worker: 1, leave_free: 1, threads: keep }',
      ),
    ).toEqual({
      placement: {
        cpusPerWorker: 1,
        policy: 'spread',
        smt: 'use',
        memory: 'local',
        gpusPerWorker: 1,
        leaveFree: 1,
        threads: 'keep',
      },
      problems: [],
    });
    expect(await read('')).toEqual({ placement: undefined, problems: [] });
  });

  it.each([
    ['2', '', 'compose.yaml:5 worker: x-flotilla.placement must be a mapping, not 2.'],
    ['{ cpus: 2 }', '', 'compose.yaml:5 worker: x-flotilla.placement has no “cpus”.'],
    [
      '{ cpus_per_worker: 0 }',
      '',
      'compose.yaml:5 worker: x-flotilla.placement.cpus_per_worker must be a whole number from 1 to 4096, not 0.',
    ],
    [
      '{ cpus_per_worker: 1.5 }',
      '',
      'compose.yaml:5 worker: x-flotilla.placement.cpus_per_worker must be a whole number from 1 to 4096, not 1.5.',
    ],
    [
      '{ cpus_per_worker: 1, policy: close }',
      '',
      'compose.yaml:5 worker: x-flotilla.placement.policy: “close” is none of packed and spread.',
    ],
    [
      '{ cpus_per_worker: 1, smt: [use] }',
      '',
      'compose.yaml:5 worker: x-flotilla.placement.smt: “a list” is none of avoid and use.',
    ],
    ['{}', '', 'compose.yaml:5 worker: x-flotilla.placement gives replicas neither CPUs nor GPUs.'],
    [
      '{ gpus_per_worker: 1, threads: match }',
      '',
      'compose.yaml:5 worker: x-flotilla.placement.threads means nothing without cpus_per_worker.',
    ],
    [
      '{ cpus_per_worker: 1 }',
      '    cpuset: "0"\n',
      'compose.yaml:4 worker: cpuset gives all replicas the same CPUs, and x-flotilla.placement gives each its own.',
    ],
    [
      '{ gpus_per_worker: 1 }',
      '    gpus: all\n',
      'compose.yaml:4 worker: GPUs are asked for here, and by x-flotilla.placement.gpus_per_worker.',
    ],
  ])('refuses %s %s with its place', async (text, more, problem) => {
    expect(await read(text, more)).toEqual({ placement: undefined, problems: [problem] });
  });

  it('warns of a quota below it', async () => {
    const { placement, problems } = await read('{ cpus_per_worker: 2 }', '    cpus: 1\n');
    expect(placement?.cpusPerWorker).toBe(2);
    expect(problems).toEqual([
      'compose.yaml:4 worker: each replica has 2 CPUs of its own and may use 1 of them.',
    ]);
  });
});
