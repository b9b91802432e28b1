import { type Located, type LocatedEntry, type LocatedList, isNothing } from '../../Located.ts';
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
      const entry = node.entries.get(name);
      if (entry === undefined) return [];
      const { value } = entry;
      const place = wholeEntry(entry);
      if (value.kind === 'list')
        return value.items.map((item) => locatedText(item, `${name}=${textOfItem(item)}`));
      if (value.kind === 'map') return [value];
      return [locatedText(place, value.value === null ? name : `${name}=${formatScalar(value.value)}`)];
    }),
  );
}

/** From the key to the end of the value, as an item of a list has both; a value that stands elsewhere (an alias) has no part in it. */
function wholeEntry({ key, value }: LocatedEntry): Located {
  return { ...key, end: value.file === key.file && value.start >= key.end ? value.end : key.end };
}

function textOfItem(item: Located): string {
  return item.kind === 'scalar' && item.value !== null ? formatScalar(item.value) : '';
}
