import { type Located, type LocatedList, isNothing } from '../../Located.ts';
import { formatScalar } from '../scalars/formatScalar.ts';
import { locatedList } from '../tree/locatedList.ts';
import { locatedText } from '../tree/locatedText.ts';

/**
 * A mapping as the list `KEY=value`, in the order of the keys; a text as a list of one. So the forms of environment, labels
 * and the like can be appended to each other.
 */
export function asSequence(node: Located): LocatedList {
  if (node.kind === 'list') return node;
  if (node.kind === 'scalar') return locatedList(node, isNothing(node) ? [] : [node]);
  const names = [...node.entries.keys()].sort();
  return locatedList(
    node,
    names.flatMap((name): Located[] => {
      const value = node.entries.get(name)?.value;
      if (value === undefined) return [];
      if (value.kind === 'list')
        return value.items.map((item) => locatedText(item, `${name}=${textOfItem(item)}`));
      if (value.kind === 'map') return [value];
      return [locatedText(value, value.value === null ? name : `${name}=${formatScalar(value.value)}`)];
    }),
  );
}

function textOfItem(item: Located): string {
  return item.kind === 'scalar' && item.value !== null ? formatScalar(item.value) : '';
}
