import { describe, expect, it } from 'vitest';
import { layoutSteps } from '#shared/build/layoutSteps.ts';
import type { BuildStep, BuildView } from '#shared/domain/Build.ts';
import { formatTimeDelta, sideWords, stepChange } from './compare/comparisonWords.ts';
import { buildLogText } from './details/buildLogText.ts';
import { contextWords, isSending } from './details/contextWords.ts';
import { formatSizeDelta } from './formatSizeDelta.ts';
import { formatStepTime } from './formatStepTime.ts';
import { formatWhen } from './formatWhen.ts';
import { buildListRows, type ListedBuild, usualBuild } from './list/buildListRows.ts';
import { GRAPH, graphGeometry, nodeWidth } from './steps/graphGeometry.ts';

describe('words', () => {
  it.each([
    [0, '0 ms'],
    [999, '999 ms'],
    [1_999, '1.9 s'],
    [12_345, '12 s'],
    [60_000, '1 min'],
    [61_500, '1 min 1 s'],
    [7_380_000, '2 h 3 min'],
  ])('a step of %d ms took %j', (milliseconds, text) => expect(formatStepTime(milliseconds)).toBe(text));

  it.each([
    [0, '±0'],
    [1_500, '+1.50 kB'],
    [-1_500, '−1.50 kB'],
  ])('%d bytes more is %j', (bytes, text) => expect(formatSizeDelta(bytes)).toBe(text));

  it('tells a moment as short as it may be', () => {
    const now = new Date(2025, 10, 24, 15, 0, 0).getTime();
    const at = (...parts: [number, number, number, number, number]) =>
      formatWhen(new Date(...parts).getTime(), now);
    expect(at(2025, 10, 24, 14, 3)).toBe('14:03:00');
    expect(at(2025, 10, 23, 23, 59)).toBe('Sun 23:59');
    expect(at(2025, 10, 3, 9, 5)).toBe('3 Nov 09:05');
    expect(at(2024, 10, 3, 9, 5)).toBe('3 Nov 2024');
  });

  it('tells how two builds did a step', () => {
    expect(sideWords(undefined)).toBe('–');
    expect(sideWords({ cached: true, state: 'done', durationMs: 5 })).toBe('cached');
    expect(sideWords({ cached: false, state: 'failed', durationMs: 1_500 })).toBe('Failed (1.5 s)');
    expect(sideWords({ cached: false, state: 'done' })).toBe('done');
    expect(formatTimeDelta(1_000, 3_500)).toBe('+2.5 s');
    expect(formatTimeDelta(1_000, 1_020)).toBe('±0');
    expect(formatTimeDelta(undefined, 1)).toBe('');
    expect(stepChange({ instruction: 'RUN a', right: { cached: false, state: 'done' } })).toBe('added');
    expect(stepChange({ instruction: 'RUN a', left: { cached: false, state: 'done' } })).toBe('removed');
  });

  it('copies a log with its steps, without colours', () => {
    const text = buildLogText(
      {
        id: 'b',
        appId: 'a',
        service: 'worker',
        tag: 'pi',
        state: 'failed',
        startedAt: 0,
        steps: [
          {
            number: 1,
            total: 2,
            instruction: 'RUN make',
            state: 'failed',
            cached: false,
            startedAt: 0,
            endedAt: 1_500,
          },
          { number: 2, total: 2, instruction: 'CMD x', state: 'pending', cached: false },
        ],
        error: { message: 'No.', file: 'Dockerfile', line: 2, hint: 'Do.' },
      },
      { dropped: 3, output: (step) => (step === 1 ? ['\u001b[31mred\u001b[0m'] : []) },
    );
    expect(text).toBe(
      '# worker: pi (Failed)\n# 3 earlier lines are not kept\n\n# 1/2 RUN make (1.5 s)\nred\n\n# 2/2 CMD x (not run)\n\n# Dockerfile:2: No.\n# Do.\n',
    );
  });
});

describe('buildListRows', () => {
  const build = (id: string, service: string): ListedBuild => ({
    id,
    service,
    state: 'succeeded',
    startedAt: 0,
    begunAt: undefined,
    endedAt: undefined,
    progress: undefined,
    queuedBehind: undefined,
    entry: undefined,
  });
  const words = (builds: ListedBuild[], services: string[]): string[] =>
    buildListRows(builds, services).map((row) =>
      row.kind === 'head' ? `# ${row.text} ${row.count}` : `${row.build.id}${row.isNamed ? ' named' : ''}`,
    );

  it('puts the newest of each service above all earlier ones', () => {
    const builds = [
      ...Array.from({ length: 6 }, (_, at) => build(`main ${at}`, 'main')),
      build('worker 0', 'worker'),
      build('gone 0', 'gone'),
    ];
    expect(words(builds, ['main', 'worker', 'never'])).toEqual([
      '# Latest of each service 2',
      'main 0 named',
      'worker 0 named',
      '# main 5',
      ...[1, 2, 3, 4, 5].map((at) => `main ${at}`),
      '# gone 1',
      'gone 0',
    ]);
  });

  it('needs no summary for one service', () => {
    expect(words([build('a', 'main'), build('b', 'main')], ['main', 'worker'])).toEqual([
      '# main 2',
      'a',
      'b',
    ]);
  });
});

describe('usualBuild', () => {
  const listed = (
    id: string,
    service: string,
    state: ListedBuild['state'],
    startedAt: number,
  ): ListedBuild => ({
    id,
    service,
    state,
    startedAt,
    begunAt: undefined,
    endedAt: undefined,
    progress: undefined,
    queuedBehind: undefined,
    entry: undefined,
  });
  it('is what goes on, else what failed in the last run, else the newest', () => {
    const old = listed('old', 'c', 'failed', 1_000);
    const failed = listed('failed', 'a', 'failed', 90_000);
    const done = listed('done', 'b', 'succeeded', 90_001);
    expect(usualBuild([done, failed, old])?.id).toBe('failed');
    expect(usualBuild([done, old])?.id).toBe('done');
    expect(usualBuild([listed('q', 'd', 'queued', 99_000), done, failed])?.id).toBe('q');
    expect(usualBuild([listed('p', 'd', 'packing', 99_000), listed('q', 'e', 'queued', 99_500)])?.id).toBe(
      'p',
    );
    expect(usualBuild([])).toBeUndefined();
  });
});

describe('graphGeometry', () => {
  const step = (number: number, stage: string, inputs: number[]): BuildStep => ({
    number,
    total: 0,
    instruction: 'RUN a',
    state: 'done',
    cached: false,
    stage,
    inputs,
  });
  const graph = layoutSteps([
    step(1, 'a', []),
    step(2, 'a', [1]),
    step(3, 'a', [2, 1]),
    step(4, 'b', []),
    step(5, 'b', [4, 3]),
  ]);

  it('goes straight down where nothing lies between, else through the gap beside the column', () => {
    const { paths, boxes, width, height } = graphGeometry(graph, 200, undefined);
    const path = (from: number, to: number) =>
      paths.find((one) => one.from === from && one.to === to)?.d ?? '';
    expect(path(1, 2)).toMatch(/^M[\d.]+ [\d.]+V[\d.]+$/);
    expect(path(4, 5)).toMatch(/^M[\d.]+ [\d.]+V[\d.]+$/);
    expect(path(1, 3)).toContain('Q');
    expect(path(3, 5)).toContain('Q');
    for (const { d } of paths) expect(d).not.toContain('NaN');
    for (const box of boxes.values()) {
      expect(box.x + 200).toBeLessThanOrEqual(width);
      expect(box.y + GRAPH.nodeHeight).toBeLessThanOrEqual(height);
    }
  });

  it('makes steps as wide as lets all stages be seen, within what can be read', () => {
    expect(nodeWidth(750, 3)).toBe(215);
    expect(nodeWidth(750, 1)).toBe(300);
    expect(nodeWidth(750, 12)).toBe(168);
    expect(nodeWidth(0, 0)).toBe(168);
  });

  it('makes room for an opened log below its row', () => {
    const shut = graphGeometry(graph, 200, undefined);
    const open = graphGeometry(graph, 200, { step: 1, height: 100 });
    expect(open.boxes.get(1)).toEqual(shut.boxes.get(1));
    expect(open.boxes.get(4)).toEqual(shut.boxes.get(4));
    expect((open.boxes.get(2)?.y ?? 0) - (shut.boxes.get(2)?.y ?? 0)).toBe(100 + GRAPH.gapY);
    expect(open.openTop).toBeGreaterThan((open.boxes.get(1)?.y ?? 0) + GRAPH.nodeHeight);
    const last = graphGeometry(graph, 200, { step: 5, height: 100 });
    expect(last.height).toBeGreaterThanOrEqual((last.openTop ?? 0) + 100);
  });
});

describe('the context of a build', () => {
  const build = (
    state: BuildView['state'],
    context: { sentBytes: number; arrived?: boolean },
    step: 'pending' | 'running' | 'done',
  ) => ({
    state,
    context: { files: 3, bytes: 505, skipped: [], ...context },
    steps: [{ number: 1, total: 1, instruction: 'RUN true', state: step, cached: false }],
  });

  it.each([
    ['before it is asked for', build('building', { sentBytes: 0 }, 'pending'), true, ''],
    ['on its way', build('building', { sentBytes: 100 }, 'running'), true, ''],
    [
      'never asked for: steps run',
      build('building', { sentBytes: 0 }, 'running'),
      false,
      '; nothing asked for so far',
    ],
    [
      'never asked for: done',
      build('succeeded', { sentBytes: 0 }, 'done'),
      false,
      '; nothing had to be sent',
    ],
    [
      'all there already',
      build('building', { sentBytes: 0, arrived: true }, 'running'),
      false,
      '; nothing had to be sent',
    ],
    ['failed before', build('failed', { sentBytes: 0 }, 'pending'), false, '; nothing was sent'],
    ['sent', build('succeeded', { sentBytes: 505 }, 'done'), false, ''],
    ['sent in part', build('succeeded', { sentBytes: 27 }, 'done'), false, '; 27 B of it sent'],
    [
      'arrived in part',
      build('building', { sentBytes: 27, arrived: true }, 'running'),
      false,
      '; 27 B of it sent',
    ],
    ['on its way', build('building', { sentBytes: 27 }, 'running'), true, ''],
  ])('%s', (_, given, sending, rest) => {
    expect(isSending(given)).toBe(sending);
    expect(contextWords(given)).toBe(`context 3 files, 505 B${rest}`);
  });
});
