import type { Findings } from '../../Findings.ts';
import { findCircles } from '../../findCircles.ts';
import { get, type Located, type LocatedMap } from '../../Located.ts';
import { refuse } from '../sources/refuse.ts';

/** Tells services that wait for each other in a circle. */
export function checkCycles(services: LocatedMap, findings: Findings): void {
  const circles = findCircles(services.entries.keys(), (name) => [...dependenciesOf(services, name).keys()]);
  for (const circle of circles) {
    const at = dependenciesOf(services, circle.at(-2) ?? '').get(circle.at(-1) ?? '');
    if (at !== undefined)
      refuse(
        findings,
        at,
        'dependency-cycle',
        `Services wait for each other: ${circle.join(' → ').slice(0, 1000)}.`,
        'None of them could start first.',
      );
  }
}

function dependenciesOf(services: LocatedMap, name: string): ReadonlyMap<string, Located> {
  const dependsOn = get(services.entries.get(name)?.value, 'depends_on');
  return new Map(
    dependsOn?.kind === 'map' ? [...dependsOn.entries].map(([other, { key }]) => [other, key]) : [],
  );
}
