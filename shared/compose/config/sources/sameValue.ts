import type { Located } from '../../Located.ts';

/** Two values that say the same, wherever they stand. */
export function sameValue(a: Located, b: Located): boolean {
  if (a.kind === 'scalar' && b.kind === 'scalar') return a.value === b.value;
  if (a.kind === 'list' && b.kind === 'list')
    return a.items.length === b.items.length && a.items.every((item, at) => same(item, b.items[at]));
  if (a.kind === 'map' && b.kind === 'map')
    return (
      a.entries.size === b.entries.size &&
      [...a.entries].every(([name, { value }]) => same(value, b.entries.get(name)?.value))
    );
  return false;
}

function same(a: Located, b: Located | undefined): boolean {
  return b !== undefined && sameValue(a, b);
}
