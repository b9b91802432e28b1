import type { Findings } from '../../Findings.ts';
import { isNothing, kindName, type Located, type LocatedMap } from '../../Located.ts';
import { mergeRules, replaceRule } from './mergeRules.ts';
import { refuse } from '../sources/refuse.ts';

/**
 * `over` laid upon `base` by the rules of the Compose specification (Merge): mappings are merged, lists appended, the exceptions
 * are in `mergeRules`; `!reset` removes and `!override` replaces what is below. Values of different kinds are told and `base` stays.
 * @param keepTags what `over` resets stays marked, for a merge that comes later (`extends` inside of an override file)
 */
export function mergeConfig(
  base: Located,
  over: Located,
  findings: Findings,
  { keepTags = false, path = [] as readonly string[] } = {},
): Located {
  const merge = (below: Located, above: Located, path: readonly string[]): Located => {
    if (above.tag !== undefined) return above;
    const rule = mergeRules.find(({ pattern }) => matches(pattern, path))?.rule;
    // Nothing behind a key changes nothing, but a command that is replaced is replaced by nothing too.
    if (rule === replaceRule) return above;
    if (isNothing(above)) return below;
    if (isNothing(below)) return above;
    if (rule !== undefined) return rule(...withoutReset(below, above), { path, mergeMaps, cannot });
    if (below.kind === 'map')
      return above.kind === 'map' ? mergeMaps(below, above, path) : cannot(below, above, path);
    if (below.kind === 'list')
      return above.kind === 'list'
        ? { ...above, items: [...below.items, ...above.items] }
        : cannot(below, above, path);
    return above;
  };
  const mergeMaps = (below: LocatedMap, above: LocatedMap, path: readonly string[]): LocatedMap => {
    const entries = new Map(below.entries);
    for (const [name, entry] of above.entries) {
      const present = entries.get(name);
      if (entry.value.tag === '!reset' && !keepTags) entries.delete(name);
      else if (present === undefined || name.startsWith('x-')) entries.set(name, entry);
      else entries.set(name, { key: entry.key, value: merge(present.value, entry.value, [...path, name]) });
    }
    return { ...above, entries };
  };
  const cannot = (below: Located, above: Located, path: readonly string[]): Located => {
    refuse(
      findings,
      above,
      'cannot-override',
      `${path.join('.')} is ${kindName(above)} here, and ${kindName(below)} in ${below.file}.`,
      'An override can only be merged with a value of its own kind.',
    );
    return below;
  };
  return merge(base, over, path);
}

/** Two mappings without the keys that the upper one marks `!reset`: once they are lists, a mark has no place. */
function withoutReset(below: Located, above: Located): [Located, Located] {
  if (above.kind !== 'map') return [below, above];
  const reset = [...above.entries].filter(([, { value }]) => value.tag === '!reset').map(([name]) => name);
  if (reset.length === 0 || below.kind !== 'map') return [below, above];
  const without = (map: LocatedMap): LocatedMap => ({
    ...map,
    entries: new Map([...map.entries].filter(([name]) => !reset.includes(name))),
  });
  return [without(below), without(above)];
}

function matches(pattern: readonly string[], path: readonly string[]): boolean {
  return pattern.length === path.length && pattern.every((step, at) => step === '*' || step === path[at]);
}
