import { describe, expect, it } from 'vitest';
import type { BuildStep, BuildView } from '../domain/Build.ts';
import { alignSequences } from './alignSequences.ts';
import { compareBuilds } from './compareBuilds.ts';
import { countSteps } from './countSteps.ts';
import { historyEntry, sizeDelta } from './historyEntry.ts';

const step = (instruction: string, change: Partial<BuildStep> = {}): BuildStep => ({
  number: 1,
  total: 1,
  instruction,
  state: 'done',
  cached: false,
  ...change,
});

const build = (change: Partial<BuildView>): BuildView => ({
  id: 'b',
  appId: 'a',
  service: 'worker',
  tag: 'worker',
  state: 'succeeded',
  startedAt: 0,
  endedAt: 1000,
  steps: [],
  ...change,
});

const compared = (left: BuildView, right: BuildView) => {
  const side = (view: BuildView) => {
    const entry = historyEntry(view);
    if (entry === undefined) throw new Error('The build has not ended.');
    return { build: view, entry };
  };
  return compareBuilds(side(left), side(right));
};

describe('alignSequences', () => {
  const align = (left: string, right: string) =>
    alignSequences([...left], [...right])
      .map(({ left: a, right: b }) => `${a === undefined ? '-' : left[a]}${b === undefined ? '-' : right[b]}`)
      .join(' ');

  it.each([
    ['', '', ''],
    ['abc', 'abc', 'aa bb cc'],
    ['abc', 'axc', 'aa b- -x cc'],
    ['abc', '', 'a- b- c-'],
    ['', 'ab', '-a -b'],
    ['abcd', 'bd', 'a- bb c- dd'],
    ['ab', 'ba', 'a- bb -a'],
    ['aaa', 'aa', 'aa aa a-'],
  ])('%j and %j: %s', (left, right, expected) => {
    expect(align(left, right)).toBe(expected);
  });

  it('takes the middle of sequences that are too long to compare as different, and loses none of it', () => {
    const left = Array.from({ length: 2_500 }, (_, index) => `l${index}`);
    const right = Array.from({ length: 2_500 }, (_, index) => `r${index}`);
    const pairs = alignSequences(['same', ...left, 'end'], ['same', ...right, 'end']);
    expect(pairs).toHaveLength(5_002);
    expect(pairs[0]).toEqual({ left: 0, right: 0 });
    expect(pairs.at(-1)).toEqual({ left: 2_501, right: 2_501 });
    expect(pairs.filter((pair) => pair.left !== undefined)).toHaveLength(2_502);
  });
});

describe('compareBuilds', () => {
  it('matches steps by instruction and layers by what made them, in the order of the right build', () => {
    const comparison = compared(
      build({
        steps: [
          step('FROM busybox'),
          step('COPY a  /a', { startedAt: 10, endedAt: 30 }),
          step('RUN old', { startedAt: 30, endedAt: 100 }),
          step('CMD ["x"]', { state: 'pending' }),
        ],
        result: {
          imageId: 'sha256:1',
          sizeBytes: 30,
          layers: [
            { createdBy: 'base', sizeBytes: 10 },
            { createdBy: 'COPY a', sizeBytes: 20 },
          ],
        },
      }),
      build({
        steps: [
          step('FROM busybox'),
          step('COPY a /a', { cached: true }),
          step('RUN new', { startedAt: 5, endedAt: 6 }),
          step('CMD ["x"]'),
          step(''),
        ],
        result: {
          imageId: 'sha256:2',
          sizeBytes: 15,
          layers: [
            { createdBy: 'base', sizeBytes: 10 },
            { createdBy: 'COPY b', sizeBytes: 5 },
          ],
        },
      }),
    );
    expect(comparison.steps).toEqual([
      {
        instruction: 'FROM busybox',
        left: { durationMs: undefined, cached: false, state: 'done' },
        right: { durationMs: undefined, cached: false, state: 'done' },
      },
      {
        instruction: 'COPY a /a',
        left: { durationMs: 20, cached: false, state: 'done' },
        right: { durationMs: undefined, cached: true, state: 'done' },
      },
      { instruction: 'RUN old', left: { durationMs: 70, cached: false, state: 'done' }, right: undefined },
      { instruction: 'RUN new', left: undefined, right: { durationMs: 1, cached: false, state: 'done' } },
      {
        instruction: 'CMD ["x"]',
        left: { durationMs: undefined, cached: false, state: 'pending' },
        right: { durationMs: undefined, cached: false, state: 'done' },
      },
    ]);
    expect(comparison.layers).toEqual([
      { createdBy: 'base', leftBytes: 10, rightBytes: 10 },
      { createdBy: 'COPY a', leftBytes: 20, rightBytes: undefined },
      { createdBy: 'COPY b', leftBytes: undefined, rightBytes: 5 },
    ]);
  });
});

describe('compareBuilds of two builders', () => {
  it.each([
    ['FROM busybox AS build', 'FROM docker.io/library/busybox:latest@sha256:0a1b'],
    ['FROM --platform=linux/amd64 me/base:2', 'FROM docker.io/me/base:2'],
  ])('takes %j and %j for the same step', (one, other) => {
    const { steps } = compared(build({ steps: [step(one)] }), build({ steps: [step(other)] }));
    expect(steps).toHaveLength(1);
    expect(steps[0]?.instruction).toBe(other);
  });

  it('does not take two tags for the same', () => {
    const { steps } = compared(build({ steps: [step('FROM a:1')] }), build({ steps: [step('FROM a:2')] }));
    expect(steps).toHaveLength(2);
  });
});

describe('historyEntry', () => {
  it('counts what ran and what came from the cache, without bases and what a builder does around', () => {
    expect(
      countSteps([
        step('ARG BASE=busybox'),
        step('FROM busybox', { cached: true }),
        step('[internal] load build context'),
        step('RUN a', { cached: true }),
        step('run b'),
        step('COPY c', { state: 'failed' }),
        step('RUN d', { state: 'pending' }),
      ]),
    ).toEqual({ steps: 3, cachedSteps: 1 });
  });

  it('is none for a build that goes on', () => {
    expect(historyEntry(build({ state: 'building', endedAt: undefined }))).toBeUndefined();
  });

  it('takes the size against the newest build of the service that succeeded before', () => {
    const result = (sizeBytes: number) => ({ imageId: 'i', sizeBytes, layers: [] });
    const others = [
      { service: 'worker', state: 'succeeded' as const, endedAt: 100, sizeBytes: 7 },
      { service: 'worker', state: 'succeeded' as const, endedAt: 300, sizeBytes: 10 },
      { service: 'worker', state: 'failed' as const, endedAt: 400, sizeBytes: 99 },
      { service: 'main', state: 'succeeded' as const, endedAt: 500, sizeBytes: 98 },
      { service: 'worker', state: 'succeeded' as const, endedAt: 2000, sizeBytes: 97 },
    ];
    expect(sizeDelta(build({ result: result(6) }), others)).toBe(-4);
    expect(sizeDelta(build({ result: result(6) }), [])).toBeUndefined();
    expect(sizeDelta(build({ result: result(6), state: 'failed' }), others)).toBeUndefined();
  });
});
