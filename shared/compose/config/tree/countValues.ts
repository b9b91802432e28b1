import type { Located } from '../../Located.ts';

/** How many values a tree has, counted no further than `most`. */
export function countValues(root: Located, most: number): number {
  let count = 0;
  const open: Located[] = [root];
  for (let node = open.pop(); node !== undefined && count < most; node = open.pop()) {
    count += 1;
    if (node.kind === 'list') for (const item of node.items) open.push(item);
    else if (node.kind === 'map') for (const { value } of node.entries.values()) open.push(value);
  }
  return count;
}
