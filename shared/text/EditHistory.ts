import { mergeTexts } from './mergeTexts.ts';

/** What a text was and, after steps back, what it was to be: the present one is at `at`. */
export interface EditHistory {
  readonly texts: readonly string[];
  readonly at: number;
  /** What made the present text, and when: more of the same within a moment is one step. */
  readonly last: { kind: string; atMs: number } | undefined;
}

const MOST_STEPS = 500;
/** UTF-16 units of all texts together; the oldest go first. */
const MOST_UNITS = 16 * 1024 * 1024;
/** Typing on within that time is one step. */
const PAUSE_MS = 600;

export function newHistory(text: string): EditHistory {
  return { texts: [text], at: 0, last: undefined };
}

export function presentText({ texts, at }: EditHistory): string {
  return texts[at] ?? '';
}

/** A step on. `kind`: steps of one kind that follow each other quickly are one; undefined: a step of its own. */
export function noteStep(
  history: EditHistory,
  text: string,
  kind: string | undefined,
  nowMs: number,
): EditHistory {
  if (text === presentText(history)) return history;
  const { last } = history;
  const goesOn = kind !== undefined && last?.kind === kind && nowMs - last.atMs < PAUSE_MS && history.at > 0;
  const before = history.texts.slice(0, goesOn ? history.at : history.at + 1);
  const texts = bounded([...before, text]);
  return { texts, at: texts.length - 1, last: kind === undefined ? undefined : { kind, atMs: nowMs } };
}

export function stepBack(history: EditHistory): EditHistory {
  return history.at === 0 ? history : { ...history, at: history.at - 1, last: undefined };
}

export function stepForward(history: EditHistory): EditHistory {
  return history.at === history.texts.length - 1
    ? history
    : { ...history, at: history.at + 1, last: undefined };
}

export function canStepBack({ at }: EditHistory): boolean {
  return at > 0;
}

export function canStepForward({ at, texts }: EditHistory): boolean {
  return at < texts.length - 1;
}

/**
 * The history as if it had begun with the text that others have made of the base meanwhile: their change is in every step, so that going back
 * never takes it away. Steps that touch the same lines are forgotten. Undefined where the present text does.
 */
export function rebaseHistory(history: EditHistory, base: string, theirs: string): EditHistory | undefined {
  const present = mergeTexts(base, presentText(history), theirs);
  if (present === undefined) return undefined;
  const earlier: string[] = [];
  for (let at = history.at - 1; at >= 0; at -= 1) {
    const text = mergeTexts(base, history.texts[at] ?? '', theirs);
    if (text === undefined) break;
    earlier.unshift(text);
  }
  const later: string[] = [];
  for (const after of history.texts.slice(history.at + 1)) {
    const text = mergeTexts(base, after, theirs);
    if (text === undefined) break;
    later.push(text);
  }
  return { texts: [...earlier, present, ...later], at: earlier.length, last: undefined };
}

function bounded(texts: string[]): string[] {
  let units = 0;
  let first = texts.length;
  while (first > 0 && texts.length - first < MOST_STEPS) {
    units += texts[first - 1]?.length ?? 0;
    if (units > MOST_UNITS && first < texts.length) break;
    first -= 1;
  }
  return texts.slice(first);
}
