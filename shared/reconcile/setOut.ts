import type { ChangePlan, PlanStep, StepKind } from './ChangePlan.ts';
import type { ContainerFacts } from './EngineFacts.ts';

/** Steps after which a container of the same number runs. */
const STARTING: ReadonlySet<StepKind> = new Set(['start-container', 'recreate-container']);

/** A start that was broken off had set out to start it, and it has not been started since. */
export const isSetOut = (
  { id, state, startedAt = 0 }: ContainerFacts,
  setOut: ReadonlyMap<string, number> | undefined,
): boolean => {
  const before = setOut?.get(id);
  return before !== undefined && state === 'exited' && startedAt <= before;
};

/**
 * What a start remembers before it does anything, so that the next one takes it up should it be broken off: those containers that have ended
 * and that its plan starts or makes anew, and what an earlier one had not come to. By id, when each was last started.
 */
export function setOutOf(
  { steps }: ChangePlan,
  containers: readonly ContainerFacts[],
  earlier: ReadonlyMap<string, number>,
): Map<string, number> {
  const starting = new Set(steps.filter(startsAgain).map(({ containerId }) => containerId));
  return new Map(
    containers
      .filter(
        (container) =>
          isSetOut(container, earlier) || (container.state === 'exited' && starting.has(container.id)),
      )
      .map(({ id, startedAt = 0 }) => [id, startedAt]),
  );
}

const startsAgain = ({ kind, comesBack }: PlanStep): boolean =>
  STARTING.has(kind) || (kind === 'remove-container' && comesBack === true);
