import { type Located, textOf } from '../../Located.ts';
import { locatedMap } from '../tree/locatedMap.ts';

/** A list of names as a mapping that gives each the same value; mappings stay. */
export function asMapping(node: Located, valueOf: (item: Located) => Located): Located {
  if (node.kind !== 'list') return node;
  return locatedMap(
    node,
    node.items.map((item) => [textOf(item) ?? '', valueOf(item)] as const),
  );
}
