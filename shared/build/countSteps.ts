import type { BuildStep } from '../domain/Build.ts';

/** What makes an image: taking a base, or what a builder does around the Dockerfile, is neither work nor cache. */
const INSTRUCTIONS = new Set(
  'ADD ARG CMD COPY ENTRYPOINT ENV EXPOSE HEALTHCHECK LABEL MAINTAINER ONBUILD RUN SHELL STOPSIGNAL USER VOLUME WORKDIR'.split(
    ' ',
  ),
);

/** The instruction's first word in capitals, e.g. `RUN`. */
export function stepKeyword(step: Pick<BuildStep, 'instruction'>): string {
  return (/^\s*(\w+)/.exec(step.instruction)?.[1] ?? '').toUpperCase();
}

/** Steps that ran or came from the cache, and those of them that came from it; FROM, and ARG before it, do not count. */
export function countSteps(steps: readonly BuildStep[]): { steps: number; cachedSteps: number } {
  const firstFrom = steps.findIndex((step) => stepKeyword(step) === 'FROM');
  const counted = steps.filter(
    (step, index) =>
      INSTRUCTIONS.has(stepKeyword(step)) &&
      (step.state === 'done' || step.state === 'failed') &&
      !(stepKeyword(step) === 'ARG' && index < firstFrom),
  );
  return { steps: counted.length, cachedSteps: counted.filter((step) => step.cached).length };
}
