import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { BuildStep } from '#shared/domain/Build.ts';
import type { BuildOutputLine } from './BuildApi.ts';
import { OutputRing } from './OutputRing.ts';
import { planVertexes } from './planVertexes.ts';
import { SharedSteps } from './SharedSteps.ts';
import { SolveProgress } from './SolveProgress.ts';
import type { SolveStatus, SolveVertex } from './SolveStatus.ts';

const DOCKERFILE = `FROM gcc:13 AS build
WORKDIR /src
COPY . .
RUN make
FROM debian AS tools
RUN true
FROM build AS test
RUN ctest
FROM debian
COPY --from=build /src/app /app
RUN --mount=type=bind,from=tools,target=/t ls /t
CMD ["/app"]
`;

const vertex = (digest: string, name: string, change: Partial<SolveVertex> = {}): SolveVertex => ({
  digest,
  name,
  inputs: [],
  cached: false,
  error: '',
  ...change,
});
const status = (change: Partial<SolveStatus>): SolveStatus => ({
  vertexes: [],
  statuses: [],
  logs: [],
  warnings: [],
  ...change,
});

function follow(text = DOCKERFILE, target?: string, shared = new SharedSteps()) {
  const lines: BuildOutputLine[] = [];
  const warnings: { message: string; line?: number | undefined }[] = [];
  let steps: BuildStep[] = [];
  const progress = new SolveProgress(
    planVertexes(text, target),
    {
      onLine: (line) => lines.push(line),
      onSteps: (now) => (steps = now),
      onWarning: (warning) => warnings.push(warning),
    },
    { shared },
  );
  return { progress, lines, warnings, steps: () => steps };
}

describe('the vertexes planned for a Dockerfile', () => {
  it('are those of the stages the target needs, numbered as BuildKit does', () => {
    const planned = (target?: string): string[] =>
      planVertexes(DOCKERFILE, target).map(
        (one) => `${one.line} [${one.stage} ${one.place}/${one.places}] ${one.keyword}`,
      );
    expect(planned()).toEqual([
      '1 [build 1/4] FROM',
      '2 [build 2/4] WORKDIR',
      '3 [build 3/4] COPY',
      '4 [build 4/4] RUN',
      '5 [tools 1/2] FROM',
      '6 [tools 2/2] RUN',
      '9 [stage-3 1/3] FROM',
      '10 [stage-3 2/3] COPY',
      '11 [stage-3 3/3] RUN',
    ]);
    expect(planned('TEST')).toEqual([
      '1 [build 1/4] FROM',
      '2 [build 2/4] WORKDIR',
      '3 [build 3/4] COPY',
      '4 [build 4/4] RUN',
      // It begins with another stage: its FROM is no work.
      '8 [test 1/1] RUN',
    ]);
    expect(planned('1')).toEqual(['5 [tools 1/2] FROM', '6 [tools 2/2] RUN']);
    expect(planned('nowhere')).toEqual([]);
    expect(planVertexes('FROM scratch\nCOPY a /\n', undefined)).toMatchObject([
      { stage: undefined, place: 1, places: 1 },
    ]);
  });
});

describe('the progress of a solve', () => {
  it('puts vertexes at their lines whatever order they come in, also with platforms and steps of the base image', () => {
    const { progress, steps } = follow();
    progress.accept(
      status({
        vertexes: [
          vertex('z', '[linux/amd64 stage-3 2/3] COPY --from=build /src/app /app', { inputs: ['f', 'r'] }),
          // An ONBUILD step of gcc:13 pushes those of the file back by one.
          vertex('r', '[build 5/5] RUN make', { startedAt: 5, inputs: ['x', 'c'] }),
          vertex('o', '[build 2/5] ONBUILD RUN echo', { startedAt: 1, completedAt: 2 }),
          vertex('x', '[internal] load build context', { startedAt: 1, completedAt: 2, inputs: ['f'] }),
          vertex('f', '[build 1/5] FROM docker.io/library/gcc:13', {
            startedAt: 1,
            completedAt: 2,
            cached: true,
          }),
        ],
      }),
    );
    const told = steps().filter((step) => step.state !== 'pending' || step.inputs !== undefined);
    expect(told.map((step) => [step.number, step.line, step.state])).toEqual([
      [1, 1, 'done'],
      // Nobody told of these two, but what stands on them runs.
      [2, 2, 'done'],
      [3, 3, 'done'],
      [4, 4, 'running'],
      [8, 10, 'pending'],
      [10, undefined, 'done'],
    ]);
    // `x` has no step: what it stands on counts in its place.
    expect(steps()[3]?.inputs).toEqual([1]);
    expect(steps()[7]?.inputs).toEqual([1, 4]);
    expect(steps().every((step) => step.total === 10)).toBe(true);
  });

  it('is the same for all stages that begin with one image, of which BuildKit has one vertex', () => {
    const { progress, steps } = follow(
      'FROM busybox AS one\nRUN a\nFROM library/busybox:latest AS two\nRUN b\nFROM busybox\nCOPY --from=one a b\nFROM debian AS other\nRUN c\nFROM other\nCOPY --from=2 b b\n',
    );
    progress.accept(
      status({
        vertexes: [
          vertex('f', '[two 1/2] FROM docker.io/library/busybox:latest', { startedAt: 1, completedAt: 2 }),
          vertex('a', '[one 2/2] RUN a', { startedAt: 2, inputs: ['f'] }),
          vertex('s', '[stage-2 2/2] COPY --from=one a b', { inputs: ['f', 'a'] }),
        ],
      }),
    );
    expect(steps().map(({ instruction, state, inputs }) => [instruction, state, inputs])).toEqual([
      ['FROM busybox AS one', 'done', undefined],
      ['RUN a', 'running', [1]],
      ['FROM busybox', 'done', undefined],
      ['COPY --from=one a b', 'pending', [3, 2]],
      ['FROM debian AS other', 'pending', undefined],
      ['RUN c', 'pending', undefined],
      ['COPY --from=2 b b', 'pending', undefined],
    ]);
  });

  it('knows what another build began by what it does, and all steps that do the same; nothing is “not run” that was', () => {
    const { progress, steps } = follow(
      [
        'FROM busybox AS main',
        'WORKDIR /w',
        'COPY a .',
        'RUN one',
        'FROM busybox AS worker',
        'WORKDIR /w',
        'COPY a .',
        'RUN two \\',
        '  # why',
        '  && three',
        'FROM worker',
        'COPY --from=main /w/a /b',
        '',
      ].join('\n'),
    );
    progress.accept(
      status({
        vertexes: [
          // Named by a build of another Dockerfile, with stages and places of its own.
          vertex('f', '[other 1/9] FROM docker.io/library/busybox', { startedAt: 1, completedAt: 2 }),
          vertex('w', '[other 3/9] WORKDIR /w', {
            startedAt: 2,
            completedAt: 3,
            cached: true,
            inputs: ['f'],
          }),
          vertex('c', '[worker 3/4] COPY a .', { startedAt: 3, completedAt: 4, cached: true, inputs: ['w'] }),
          vertex('t', '[worker 4/4] RUN two   && three', {
            startedAt: 4,
            completedAt: 5,
            error: 'exit code: 1',
            inputs: ['c'],
          }),
          vertex('o', '[main 4/4] RUN one', { startedAt: 4, inputs: ['c'] }),
        ],
      }),
    );
    progress.close('failed');
    expect(
      steps().map(({ instruction, state, cached, inputs }) => [instruction, state, cached, inputs]),
    ).toEqual([
      ['FROM busybox AS main', 'done', false, undefined],
      ['WORKDIR /w', 'done', true, [1]],
      ['COPY a .', 'done', true, undefined],
      ['RUN one', 'failed', false, [3]],
      ['FROM busybox AS worker', 'done', false, undefined],
      ['WORKDIR /w', 'done', true, undefined],
      ['COPY a .', 'done', true, [6]],
      ['RUN two && three', 'failed', false, [7]],
      ['COPY --from=main /w/a /b', 'pending', false, undefined],
    ]);
  });

  it('tells steps that another build does for both, with their output and failure', () => {
    const shared = new SharedSteps();
    const dockerfile =
      'FROM busybox AS base\nCOPY a /\nRUN work\nFROM base AS one\nRUN one\nFROM base AS two\nRUN two\n';
    const one = follow(dockerfile, 'one', shared);
    const two = follow(dockerfile, 'two', shared);
    const other = follow(dockerfile.replace('COPY a', 'COPY b'), 'one', shared);
    const states = (build: typeof one) =>
      build.steps().map(({ state, cached }) => `${state}${cached ? ' cached' : ''}`);
    one.progress.accept(
      status({
        vertexes: [
          vertex('f', '[base 1/3] FROM docker.io/library/busybox', { startedAt: 1, completedAt: 2 }),
          vertex('c', '[base 2/3] COPY a /', { startedAt: 2, completedAt: 3 }),
          vertex('r', '[base 3/3] RUN work', { startedAt: 3 }),
        ],
        logs: [{ vertex: 'r', data: Buffer.from('working\n') }],
      }),
    );
    expect(states(two)).toEqual(['done', 'done', 'running', 'pending']);
    expect(two.lines).toEqual([{ step: 3, text: 'working' }]);
    // Its COPY is another: that and what stands on it is not the same work.
    expect(states(other)).toEqual(['done', 'pending', 'pending', 'pending']);
    // One that comes later knows what is known.
    const late = follow(dockerfile, 'two', shared);
    expect(states(late)).toEqual(['done', 'done', 'running', 'pending']);

    // The one that is told of it is cancelled; the work goes on for the others.
    one.progress.accept(
      status({
        vertexes: [
          vertex('r', '[base 3/3] RUN work', { startedAt: 3, completedAt: 4, error: 'context canceled' }),
        ],
      }),
    );
    one.progress.close('cancelled');
    expect(states(two)).toEqual(['done', 'done', 'running', 'pending']);
    two.progress.accept(status({ vertexes: [vertex('t', '[two 1/1] RUN two', { startedAt: 5 })] }));
    expect(states(two)).toEqual(['done', 'done', 'done', 'running']);
    two.progress.close('done');
    late.progress.accept(
      status({
        vertexes: [
          vertex('x', '[base 3/3] RUN work', { startedAt: 6, completedAt: 7, error: 'exit code: 4' }),
        ],
      }),
    );
    expect(late.progress.failures).toMatchObject([{ planned: { line: 3 } }]);
  });

  it('takes for done what a step stands on, though nobody tells, and fails where another build failed', () => {
    const shared = new SharedSteps();
    const dockerfile =
      'FROM busybox AS base\nCOPY a /\nRUN work\nFROM base AS one\nRUN one\nFROM base\nCOPY --from=one /x /\n';
    const { progress, steps } = follow(dockerfile, undefined, shared);
    progress.accept(
      status({
        vertexes: [vertex('t', '[stage-2 1/1] COPY --from=one /x /', { startedAt: 5, completedAt: 6 })],
      }),
    );
    progress.close('done');
    expect(steps().map(({ line, state, cached }) => [line, state, cached])).toEqual([
      [1, 'done', true],
      [2, 'done', true],
      [3, 'done', true],
      [5, 'done', true],
      [7, 'done', false],
    ]);
    const told = follow(dockerfile, 'one', shared);
    const deaf = follow(dockerfile, 'base', shared);
    told.progress.accept(
      status({
        vertexes: [vertex('r', '[base 3/3] RUN work', { startedAt: 3 })],
        logs: [{ vertex: 'r', data: Buffer.from('why\n') }],
      }),
    );
    told.progress.accept(
      status({
        vertexes: [
          vertex('r', '[base 3/3] RUN work', { startedAt: 3, completedAt: 4, error: 'exit code: 4' }),
        ],
      }),
    );
    expect(deaf.progress.failures).toMatchObject([
      { vertex: { error: 'exit code: 4' }, planned: { line: 3 }, tail: ['why'] },
    ]);
    expect(deaf.steps().map(({ state }) => state)).toEqual(['done', 'done', 'failed']);
  });

  it('fails at the FROM whose image the registry does not give', () => {
    const { progress, steps } = follow(
      'ARG V=13\nFROM gcc:$V AS build\nRUN make\nFROM debian\nCOPY --from=build a b\n',
    );
    const metadata = '[internal] load metadata for docker.io/library/gcc:13';
    progress.accept(status({ vertexes: [vertex('m', metadata, { startedAt: 1 })] }));
    expect(steps()[0]?.state).toBe('pending');
    progress.accept(
      status({ vertexes: [vertex('m', metadata, { startedAt: 1, completedAt: 2, error: 'no such host' })] }),
    );
    progress.close('failed');
    expect(progress.failures).toMatchObject([{ planned: { line: 2 } }]);
    expect(steps().map(({ instruction, state }) => [instruction, state])).toEqual([
      ['FROM gcc:$V AS build', 'failed'],
      ['RUN make', 'pending'],
      ['FROM debian', 'pending'],
      ['COPY --from=build a b', 'pending'],
    ]);
  });

  it('does not take the same words on other files, or with other settings, for the same work', () => {
    const works = (text: string): string[] => planVertexes(text, undefined).map(({ work }) => work);
    const [, left, , right] = works(
      'FROM a AS one\nCOPY x /\nFROM b AS two\nCOPY x /\nFROM scratch\nCOPY --from=one / /\nCOPY --from=two / /\n',
    );
    expect(left).not.toBe(right);
    const [, plain, , set] = works(
      'FROM a AS one\nRUN x\nFROM a AS two\nENV A=b\nRUN x\nFROM scratch\nCOPY --from=one / /\nCOPY --from=two / /\n',
    );
    expect(plain).not.toBe(set);
    const [, copied, , same] = works(
      'FROM a AS one\nCOPY x /\nFROM a AS two\nENV A=b\nCOPY x /\nFROM scratch\nCOPY --from=one / /\nCOPY --from=two / /\n',
    );
    expect(copied).toBe(same);
  });

  it('tells the failure that came of itself, and what was broken off by it', () => {
    const { progress, steps } = follow();
    progress.accept(
      status({
        vertexes: [
          vertex('a', '[build 4/4] RUN make', { startedAt: 1, completedAt: 2, error: 'context canceled' }),
          vertex('b', '[tools 2/2] RUN true', { startedAt: 1, completedAt: 3, error: 'exit code: 1' }),
          vertex('c', '[build 3/4] COPY . .', { startedAt: 1 }),
        ],
        logs: [{ vertex: 'b', data: Buffer.from('why\n') }],
      }),
    );
    expect(progress.failures).toMatchObject([
      { vertex: { digest: 'b' }, planned: { line: 6 }, tail: ['why'] },
    ]);
    progress.close('failed');
    expect([steps()[3]?.state, steps()[5]?.state, steps()[2]?.state, steps()[0]?.state]).toEqual([
      'cancelled',
      'failed',
      'failed',
      // Its COPY had begun.
      'done',
    ]);
  });

  it('sums transfers up and passes warnings on', () => {
    const { progress, steps, warnings } = follow();
    progress.accept(
      status({
        vertexes: [vertex('f', '[build 1/4] FROM docker.io/library/gcc:13', { startedAt: 1 })],
        statuses: [
          { vertex: 'f', id: 'one', current: 10, total: 100, completed: false },
          { vertex: 'f', id: 'two', current: 0, total: 50, completed: true },
          { vertex: 'f', id: 'resolve', current: 0, total: 0, completed: true },
          { vertex: 'nobody', id: 'one', current: 1, total: 1, completed: false },
        ],
        warnings: [{ vertex: 'f', message: 'old', line: 1 }],
      }),
    );
    expect(steps()[0]?.transfer).toEqual({ doneBytes: 60, totalBytes: 150 });
    expect(warnings).toEqual([{ message: 'old', line: 1 }]);
  });

  it('gives the same lines however the bytes are cut', () => {
    const bytes = Buffer.from('zażółć\n\x1b[31mred\x1b[0m\r\n 10%\r 100%\nno end 🚢');
    fc.assert(
      fc.property(fc.array(fc.nat(bytes.length), { maxLength: 12 }), (cuts) => {
        const { progress, lines } = follow();
        progress.accept(status({ vertexes: [vertex('r', '[build 4/4] RUN make', { startedAt: 1 })] }));
        const at = [0, ...cuts.sort((a, b) => a - b), bytes.length];
        for (let index = 1; index < at.length; index += 1)
          progress.accept(
            status({ logs: [{ vertex: 'r', data: bytes.subarray(at[index - 1], at[index]) }] }),
          );
        progress.accept(
          status({ vertexes: [vertex('r', '[build 4/4] RUN make', { startedAt: 1, completedAt: 2 })] }),
        );
        expect(lines).toEqual(
          ['zażółć', '\x1b[31mred\x1b[0m', ' 100%', 'no end 🚢'].map((text) => ({ step: 4, text })),
        );
      }),
    );
  });

  it('holds the last 10,000 of a million lines and no more', () => {
    const ring = new OutputRing();
    const progress = new SolveProgress(planVertexes(DOCKERFILE, undefined), {
      onLine: (line) => ring.push(line),
      onSteps: () => {},
      onWarning: () => {},
    });
    progress.accept(status({ vertexes: [vertex('r', '[build 4/4] RUN make', { startedAt: 1 })] }));
    const before = process.memoryUsage().heapUsed;
    for (let block = 0; block < 1_000; block += 1)
      progress.accept(
        status({
          logs: [
            {
              vertex: 'r',
              data: Buffer.from(
                Array.from({ length: 1_000 }, (_, index) => `line ${block * 1_000 + index}\n`).join(''),
              ),
            },
          ],
        }),
      );
    const { lines, dropped } = ring.read();
    expect(lines).toHaveLength(10_000);
    expect(dropped).toBe(990_000);
    expect(lines.at(-1)?.text).toBe('line 999999');
    expect(process.memoryUsage().heapUsed - before).toBeLessThan(150_000_000);
  });
});
