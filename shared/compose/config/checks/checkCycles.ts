import type { Findings } from '../../Findings.ts';
import { get, type Located, type LocatedMap } from '../../Located.ts';
import { refuse } from '../sources/refuse.ts';

/** Tells services that wait for each other in a circle. */
export function checkCycles(services: LocatedMap, findings: Findings): void {
  const done = new Set<string>();
  const visit = (name: string, way: readonly string[], at: Located): void => {
    if (way.includes(name)) {
      const circle = [...way.slice(way.indexOf(name)), name].join(' → ');
      refuse(
        findings,
        at,
        'dependency-cycle',
        `Services wait for each other: ${circle}.`,
        'None of them could start first.',
      );
      return;
    }
    if (done.has(name)) return;
    const dependsOn = get(services.entries.get(name)?.value, 'depends_on');
    for (const [other, { key }] of dependsOn?.kind === 'map' ? dependsOn.entries : [])
      visit(other, [...way, name], key);
    done.add(name);
  };
  for (const [name, { key }] of services.entries) visit(name, [], key);
}
