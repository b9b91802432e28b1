/** Beyond this many comparisons the middle of two sequences is taken as wholly different. */
const MOST_CELLS = 4_000_000;

/**
 * Lines two sequences up by a longest common subsequence: pairs of indices in the order of both, `undefined` where
 * one has nothing; what only the left has comes before what only the right has.
 */
export function alignSequences(
  left: readonly string[],
  right: readonly string[],
): { left: number | undefined; right: number | undefined }[] {
  let head = 0;
  while (head < left.length && head < right.length && left[head] === right[head]) head += 1;
  let leftEnd = left.length;
  let rightEnd = right.length;
  while (leftEnd > head && rightEnd > head && left[leftEnd - 1] === right[rightEnd - 1]) {
    leftEnd -= 1;
    rightEnd -= 1;
  }
  const pairs: { left: number | undefined; right: number | undefined }[] = [];
  for (let index = 0; index < head; index += 1) pairs.push({ left: index, right: index });
  pairs.push(...alignMiddle(left.slice(head, leftEnd), right.slice(head, rightEnd), head));
  for (let index = leftEnd; index < left.length; index += 1)
    pairs.push({ left: index, right: index - leftEnd + rightEnd });
  return pairs;
}

function alignMiddle(
  left: readonly string[],
  right: readonly string[],
  offset: number,
): { left: number | undefined; right: number | undefined }[] {
  const width = right.length + 1;
  const known = left.length * right.length <= MOST_CELLS;
  /** Length of the longest common subsequence of what follows, by place. */
  const lengths = new Uint32Array(known ? (left.length + 1) * width : 0);
  const at = (row: number, column: number): number => lengths[row * width + column] ?? 0;
  if (known)
    for (let row = left.length - 1; row >= 0; row -= 1)
      for (let column = right.length - 1; column >= 0; column -= 1)
        lengths[row * width + column] =
          left[row] === right[column]
            ? at(row + 1, column + 1) + 1
            : Math.max(at(row + 1, column), at(row, column + 1));
  const pairs: { left: number | undefined; right: number | undefined }[] = [];
  let row = 0;
  let column = 0;
  while (row < left.length || column < right.length) {
    const both = row < left.length && column < right.length;
    if (known && both && left[row] === right[column])
      pairs.push({ left: offset + row++, right: offset + column++ });
    else if (row < left.length && (!both || at(row + 1, column) >= at(row, column + 1)))
      pairs.push({ left: offset + row++, right: undefined });
    else pairs.push({ left: undefined, right: offset + column++ });
  }
  return pairs;
}
