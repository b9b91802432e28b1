interface DiffLine {
  kind: 'same' | 'added' | 'removed';
  text: string;
  /** 1-based in the old and the new text; undefined where the line is not in it. */
  before: number | undefined;
  after: number | undefined;
}

/** Beyond so many changed lines on both sides, everything between counts as replaced. */
const MOST_CELLS = 4_000_000;

/** The lines of two texts side by side: what stays, what goes, what comes. */
export function diffLines(before: string, after: string): DiffLine[] {
  const old = linesOf(before);
  const now = linesOf(after);
  let head = 0;
  while (head < old.length && head < now.length && old[head] === now[head]) head += 1;
  let tail = 0;
  while (tail < old.length - head && tail < now.length - head && old.at(-1 - tail) === now.at(-1 - tail))
    tail += 1;
  const lines: DiffLine[] = [];
  const same = (from: number, to: number): void => {
    for (let at = from; at < to; at += 1)
      lines.push({
        kind: 'same',
        text: old[at] ?? '',
        before: at + 1,
        after: at + 1 + now.length - old.length,
      });
  };
  for (let at = 0; at < head; at += 1)
    lines.push({ kind: 'same', text: old[at] ?? '', before: at + 1, after: at + 1 });
  addMiddle(lines, old.slice(head, old.length - tail), now.slice(head, now.length - tail), head);
  same(old.length - tail, old.length);
  return lines;
}

/** Longest common subsequence of what differs. */
function addMiddle(lines: DiffLine[], old: readonly string[], now: readonly string[], offset: number): void {
  const width = now.length + 1;
  const isLarge = old.length * now.length > MOST_CELLS;
  const lengths = isLarge ? undefined : new Uint32Array((old.length + 1) * width);
  const at = (i: number, j: number): number => lengths?.[i * width + j] ?? 0;
  if (lengths !== undefined)
    for (let i = old.length - 1; i >= 0; i -= 1)
      for (let j = now.length - 1; j >= 0; j -= 1)
        lengths[i * width + j] =
          old[i] === now[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
  let i = 0;
  let j = 0;
  while (i < old.length || j < now.length) {
    if (!isLarge && i < old.length && j < now.length && old[i] === now[j]) {
      lines.push({ kind: 'same', text: old[i] ?? '', before: offset + i + 1, after: offset + j + 1 });
      i += 1;
      j += 1;
    } else if (i < old.length && (j >= now.length || isLarge || at(i + 1, j) >= at(i, j + 1))) {
      lines.push({ kind: 'removed', text: old[i] ?? '', before: offset + i + 1, after: undefined });
      i += 1;
    } else {
      lines.push({ kind: 'added', text: now[j] ?? '', before: undefined, after: offset + j + 1 });
      j += 1;
    }
  }
}

function linesOf(text: string): string[] {
  const lines = text.split('\n');
  if (lines.at(-1) === '') lines.pop();
  return lines;
}
