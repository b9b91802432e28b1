import type { Findings } from '../../Findings.ts';
import { get, type Located, type LocatedMap } from '../../Located.ts';
import { refuse } from '../sources/refuse.ts';

/** Tells services that wait for each other in a circle. */
export function checkCycles(services: LocatedMap, findings: Findings): void {
  const done = new Set<string>();
  for (const first of services.entries.keys()) {
    // The way walked down from `first`, each step with the dependencies that are still to be looked at.
    const way: { name: string; rest: [string, Located][] }[] = [];
    const onWay = new Set<string>();
    const enter = (name: string): void => {
      if (done.has(name)) return;
      onWay.add(name);
      way.push({ name, rest: dependenciesOf(services, name) });
    };
    enter(first);
    for (let step = way.at(-1); step !== undefined; step = way.at(-1)) {
      const [name, at] = step.rest.shift() ?? [];
      if (name === undefined || at === undefined) {
        done.add(step.name);
        onWay.delete(step.name);
        way.pop();
      } else if (onWay.has(name)) {
        const names = way.map((earlier) => earlier.name);
        const circle = [...names.slice(names.indexOf(name)), name].join(' → ');
        refuse(
          findings,
          at,
          'dependency-cycle',
          `Services wait for each other: ${circle.slice(0, 1000)}.`,
          'None of them could start first.',
        );
      } else enter(name);
    }
  }
}

function dependenciesOf(services: LocatedMap, name: string): [string, Located][] {
  const dependsOn = get(services.entries.get(name)?.value, 'depends_on');
  return dependsOn?.kind === 'map' ? [...dependsOn.entries].map(([other, { key }]) => [other, key]) : [];
}
