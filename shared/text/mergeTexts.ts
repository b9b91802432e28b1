import { diffLines } from './diffLines.ts';

/** Lines `from`–`to` (0-based, half-open) of the common text, and what they are instead. */
interface Hunk {
  from: number;
  to: number;
  lines: string[];
}

/**
 * Two changes of one text, line by line, as one (as diff3 has it). Undefined where they touch the same lines or lines side by side: then a
 * person has to choose. The same change made twice counts once.
 */
export function mergeTexts(base: string, mine: string, theirs: string): string | undefined {
  if (mine === theirs || theirs === base) return mine;
  if (mine === base) return theirs;
  const lines = splitLines(base);
  const own = hunksOf(base, mine);
  const others = hunksOf(base, theirs);
  const result: string[] = [];
  let at = 0;
  while (own.length > 0 || others.length > 0) {
    const [ours] = own;
    const [other] = others;
    let next = ours ?? other;
    if (ours !== undefined && other !== undefined) {
      if (isSame(ours, other)) others.shift();
      else if (ours.from <= other.to && other.from <= ours.to) return undefined;
      else if (other.from < ours.from) next = other;
    }
    if (next === undefined) break;
    (next === ours ? own : others).shift();
    result.push(...lines.slice(at, next.from), ...next.lines);
    at = next.to;
  }
  result.push(...lines.slice(at));
  return result.join('');
}

/** Lines with their ends, so that whether the last one has one is a difference like any other. */
function splitLines(text: string): string[] {
  return text === '' ? [] : text.split(/(?<=\n)/);
}

function hunksOf(before: string, after: string): Hunk[] {
  const now = splitLines(after);
  const last = splitLines(before).length;
  const hunks: Hunk[] = [];
  let at = 0;
  const hunk = (): Hunk => {
    const present = hunks.at(-1);
    if (present !== undefined && present.to === at) return present;
    const made = { from: at, to: at, lines: [] };
    hunks.push(made);
    return made;
  };
  for (const line of diffLines(marked(before), marked(after))) {
    if (line.kind === 'same') {
      at += 1;
      continue;
    }
    const present = hunk();
    if (line.kind === 'added') present.lines.push(now[(line.after ?? 1) - 1] ?? '');
    else {
      at += 1;
      present.to = at;
    }
  }
  return hunks.filter(({ from }) => from <= last);
}

/** The text with a mark where its last line has no end. */
function marked(text: string): string {
  return text === '' || text.endsWith('\n') ? text : `${text}\0`;
}

function isSame(one: Hunk, other: Hunk): boolean {
  return (
    one.from === other.from &&
    one.to === other.to &&
    one.lines.length === other.lines.length &&
    one.lines.every((line, at) => line === other.lines[at])
  );
}
