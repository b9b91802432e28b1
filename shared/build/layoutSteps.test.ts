import { describe, expect, it } from 'vitest';
import type { BuildStep } from '../domain/Build.ts';
import { layoutSteps } from './layoutSteps.ts';

const step = (number: number, instruction: string, change: Partial<BuildStep> = {}): BuildStep => ({
  number,
  total: 0,
  instruction,
  state: 'done',
  cached: false,
  ...change,
});
const classic = (...instructions: string[]) =>
  layoutSteps(instructions.map((instruction, index) => step(index + 1, instruction)));
const places = (graph: ReturnType<typeof layoutSteps>) =>
  graph.nodes.map((node) => `${node.step.number}:${node.column}/${node.row}`).join(' ');
const edges = (graph: ReturnType<typeof layoutSteps>) =>
  graph.edges.map(({ from, to }) => `${from}>${to}`).join(' ');

describe('layoutSteps', () => {
  it('draws nothing for nothing', () => {
    expect(layoutSteps([])).toEqual({ columns: [], rows: 0, nodes: [], edges: [] });
  });

  it('puts a chain of one stage into one column', () => {
    const graph = classic('ARG V=1', 'FROM busybox:$V', 'COPY . .', 'RUN make', 'LABEL a=b');
    expect(graph.columns).toEqual(['stage 1']);
    expect(places(graph)).toBe('1:0/0 2:0/1 3:0/2 4:0/3 5:0/4');
    expect(edges(graph)).toBe('1>2 2>3 3>4 4>5');
  });

  it('reads stages, those they stand on and copies between them off the instructions', () => {
    const graph = classic(
      'FROM gcc AS build',
      'RUN make',
      'FROM --platform=linux/amd64 python',
      'RUN pip install',
      'FROM build AS test',
      'RUN ctest',
      'FROM scratch',
      'COPY --from=build /a /a',
      'COPY --from=1 /b /b',
      'COPY --chown=1 --from=elsewhere/image /c /c',
    );
    expect(graph.columns).toEqual(['build', 'stage 2', 'test', 'stage 4']);
    expect(edges(graph)).toBe('1>2 3>4 2>5 5>6 7>8 2>8 8>9 4>9 9>10');
    expect(places(graph)).toBe('1:0/0 2:0/1 3:1/0 4:1/1 5:2/2 6:2/3 7:3/0 8:3/2 9:3/3 10:3/4');
    expect(graph.rows).toBe(5);
  });

  it('takes what the builder tells, and puts what belongs to no stage beside or below the stages', () => {
    const graph = layoutSteps([
      step(1, 'load build definition', { inputs: [] }),
      step(2, 'load build context', { inputs: [] }),
      step(3, 'FROM gcc', { inputs: [], stage: 'build' }),
      step(4, 'COPY . .', { inputs: [3, 2], stage: 'build' }),
      step(5, 'FROM scratch', { inputs: [], stage: 'run' }),
      step(6, 'COPY --from=build /a /a', { inputs: [5, 4, 4, 99], stage: 'run' }),
      step(7, 'exporting to image', { inputs: [6] }),
    ]);
    expect(graph.columns).toEqual(['', 'build', 'run']);
    expect(places(graph)).toBe('1:0/0 2:0/1 3:1/0 4:1/2 5:2/0 6:2/3 7:2/4');
    expect(edges(graph)).toBe('3>4 2>4 5>6 4>6 6>7');
  });

  it('lets a step that nothing is told of stand on the one before in its stage, and a base on nothing', () => {
    const graph = layoutSteps([
      step(1, 'FROM a AS one', { stage: 'one' }),
      step(2, 'RUN b', { stage: 'one', inputs: [4] }),
      step(3, 'RUN c', { stage: 'one', state: 'pending' }),
      step(4, 'FROM a', { stage: 'two' }),
      step(5, 'RUN d', { stage: 'two', state: 'pending' }),
      step(6, 'exporting to image'),
    ]);
    expect(edges(graph)).toBe('4>2 2>3 4>5 5>6');
    expect(places(graph)).toBe('1:0/0 2:0/1 3:0/2 4:1/0 5:1/1 6:1/2');
  });

  it('survives circles, steps that stand on themselves and long chains', () => {
    const circle = layoutSteps([step(1, 'RUN a', { inputs: [2] }), step(2, 'RUN b', { inputs: [1, 2] })]);
    expect(new Set(circle.nodes.map((node) => node.row)).size).toBe(2);
    const chain = layoutSteps(
      Array.from({ length: 3_000 }, (_, index) =>
        step(index + 1, 'RUN a', { inputs: index === 2_999 ? [] : [index + 2] }),
      ),
    );
    expect(chain.rows).toBe(3_000);
    expect(chain.nodes[0]?.row).toBe(2_999);
  });
});
