/** More are told to nobody. */
const MOST_CIRCLES = 500;

/** Services that wait for each other: the first name is the last, too. The last two are the dependency that closes the circle. */
export type Circle = readonly string[];

/**
 * The circles among services that wait for others, each met once: from every service down its dependencies, in their order.
 * Walked without recursion, so that no chain is too long.
 */
export function findCircles(
  names: Iterable<string>,
  dependenciesOf: (name: string) => readonly string[],
): Circle[] {
  const circles: Circle[] = [];
  const done = new Set<string>();
  for (const first of names) {
    // The way walked down from `first`, each step with its dependencies and how many of them were looked at.
    const way: { name: string; dependencies: readonly string[]; next: number }[] = [];
    const onWay = new Set<string>();
    const enter = (name: string): void => {
      if (done.has(name)) return;
      onWay.add(name);
      way.push({ name, dependencies: dependenciesOf(name), next: 0 });
    };
    enter(first);
    for (let step = way.at(-1); step !== undefined; step = way.at(-1)) {
      const name = step.dependencies[step.next];
      step.next += 1;
      if (name === undefined) {
        done.add(step.name);
        onWay.delete(step.name);
        way.pop();
      } else if (onWay.has(name)) {
        const names = way.map((earlier) => earlier.name);
        circles.push([...names.slice(names.indexOf(name)), name]);
        if (circles.length >= MOST_CIRCLES) return circles;
      } else enter(name);
    }
  }
  return circles;
}
