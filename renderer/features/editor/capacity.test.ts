import { expect, test } from 'vitest';
import { binaryBytes, cpusProblem, durationProblem, memoryProblem, wholeProblem } from './capacity.ts';

const ENGINE = { cpus: 2, memoryBytes: 4 * 1024 ** 3 };

test('CPUs are held against those of the engine, alone and times the replicas', () => {
  expect(cpusProblem('2', 1, ENGINE)).toBeUndefined();
  expect(cpusProblem('2.5', 1, ENGINE)?.message).toContain('The engine has 2 CPUs: it refuses');
  expect(cpusProblem('0.5', 6, ENGINE)?.message).toContain('6 replicas ask for 3');
  expect(cpusProblem('64', 1, undefined)).toBeUndefined();
  for (const bad of ['', '0', '-1', 'many', 'NaN', 'Infinity', '1e999'])
    expect(cpusProblem(bad, 1, undefined)?.message).toBe('Write a number from 0.01 on.');
  expect(cpusProblem('${CPUS:-64}', 1, ENGINE)).toBeUndefined();
});

test('memory is held against that of the engine, in the units of compose', () => {
  expect(memoryProblem('4g', 1, ENGINE)).toBeUndefined();
  expect(memoryProblem('4097m', 1, ENGINE)?.message).toContain(
    'The engine has 4 GiB: no container can have more.',
  );
  expect(memoryProblem('1.5GiB', 4, ENGINE)?.message).toContain('4 replicas may take 6 GiB');
  expect(memoryProblem('5m', 1, undefined)?.message).toContain('less than 6 MiB');
  for (const bad of ['', '1 x', '-1m', '1gg', 'm'])
    expect(memoryProblem(bad, 1, ENGINE)?.message).toContain('Write a size');
});

test('what is too much may be written all the same: another engine may have it', () => {
  expect(cpusProblem('64', 1, ENGINE)?.refused).toBe(false);
  expect(memoryProblem('1t', 1, ENGINE)?.refused).toBe(false);
  expect(cpusProblem('many', 1, ENGINE)?.refused).toBe(true);
  expect(memoryProblem('5m', 1, ENGINE)?.refused).toBe(true);
});

test('numbers and times that are none are refused', () => {
  for (const bad of ['-1', '1.5', '1e9', '8 ', '1001', 'x', ''])
    expect(wholeProblem(bad, 0, 1000)?.refused, bad).toBe(bad === '8 ' ? undefined : true);
  expect(wholeProblem('${N}', 0, 1000)).toBeUndefined();
  expect(durationProblem('1m30s')).toBeUndefined();
  for (const bad of ['10', '-1s', 'soon']) expect(durationProblem(bad)?.refused).toBe(true);
});

test('bytes are told as people write them in compose files', () => {
  expect([binaryBytes(512), binaryBytes(1536 * 1024 ** 2), binaryBytes(2 ** 50)]).toEqual([
    '512 B',
    '1.5 GiB',
    '1 PiB',
  ]);
});
