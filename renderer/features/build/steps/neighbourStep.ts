import type { StepGraph } from '#shared/build/layoutSteps.ts';

/** The step an arrow key leads to: up and down within a stage, sideways to the nearest of the next one. */
export function neighbourStep(graph: StepGraph, from: number, key: string): number | undefined {
  const here = graph.nodes.find((node) => node.step.number === from);
  if (here === undefined) return undefined;
  const column = here.column + (key === 'ArrowLeft' ? -1 : key === 'ArrowRight' ? 1 : 0);
  if (key === 'ArrowLeft' || key === 'ArrowRight') {
    const beside = graph.nodes.filter((node) => node.column === column);
    beside.sort((a, b) => Math.abs(a.row - here.row) - Math.abs(b.row - here.row));
    return beside[0]?.step.number;
  }
  const own = graph.nodes.filter((node) => node.column === here.column);
  own.sort((a, b) => a.row - b.row);
  const at = own.indexOf(here);
  const wanted: Record<string, number> = { ArrowUp: at - 1, ArrowDown: at + 1, Home: 0, End: own.length - 1 };
  const next = wanted[key];
  return next === undefined ? undefined : own[next]?.step.number;
}
