import { isMap, isSeq, type Node, type YAMLMap, type YAMLSeq } from 'yaml';
import { type ComposeText, contentEnd, type OwnPair, pairEnd, startOf } from './ComposeText.ts';
import { EditRefused } from './EditRefusal.ts';
import type { TextChange } from './placeText.ts';

/** Takes an entry out of the mapping it stands in: its lines, or in braces the text and one comma. */
export function removePair(source: ComposeText, map: YAMLMap, pair: OwnPair): TextChange {
  const start = startOf(pair.key);
  const end = pairEnd(source.text, pair);
  if (map.flow === true) {
    const pairs = map.items as OwnPair[];
    const at = pairs.indexOf(pair);
    const next = pairs[at + 1];
    const before = pairs[at - 1];
    return removeFromFlow(source, map, {
      start,
      end,
      next: next && startOf(next.key),
      before: before && pairEnd(source.text, before),
    });
  }
  return removeLines(source, start, end);
}

/** Takes an item out of a list. */
export function removeListItem(source: ComposeText, list: YAMLSeq, index: number): TextChange {
  const items = list.items as Node[];
  const item = items[index];
  if (item === undefined) throw new EditRefused('There is no such item.', 'Look at the list again.');
  const end = contentEnd(source.text, item);
  if (list.flow === true) {
    const next = items[index + 1];
    const before = items[index - 1];
    return removeFromFlow(source, list, {
      start: startOf(item),
      end,
      next: next && startOf(next),
      before: before && contentEnd(source.text, before),
    });
  }
  const dash = dashOf(source, list, index);
  return removeLines(source, dash, Math.max(dash + 1, end));
}

/** Offset of the dash of a list's item. */
export function dashOf(source: ComposeText, list: YAMLSeq, index: number): number {
  const token = list.srcToken;
  const starts = token?.type === 'block-seq' ? token.items[index]?.start : undefined;
  const dash = starts?.find(({ type }) => type === 'seq-item-ind');
  if (dash === undefined)
    throw new EditRefused('This item cannot be found.', 'Edit it in the text.', source.line(startOf(list)));
  return dash.offset;
}

interface FlowPlace {
  start: number;
  end: number;
  /** Where the next one begins. */
  next: number | undefined;
  /** Where the one before ends. */
  before: number | undefined;
}

function removeFromFlow(source: ComposeText, node: Node, place: FlowPlace): TextChange {
  const { start, end, next, before } = place;
  if (next !== undefined) return { start, end: next, newText: '' };
  if (before !== undefined) return { start: before, end, newText: '' };
  const open = startOf(node) + 1;
  const close = (node.range?.[1] ?? 1) - 1;
  const rest = source.text.slice(open, start) + source.text.slice(end, close);
  // Nothing else stands there: braces that hold nothing.
  return /^[\s,]*$/.test(rest) && (isMap(node) || isSeq(node))
    ? { start: open, end: close, newText: '' }
    : { start, end, newText: '' };
}

function removeLines(source: ComposeText, start: number, end: number): TextChange {
  const lineStart = source.lineStart(start);
  if (source.text.slice(lineStart, start).trim() !== '')
    throw new EditRefused(
      'Something else stands in the same line.',
      'Edit it in the text.',
      source.line(start),
    );
  // A block text may end at the beginning of a line.
  const last = end > start && source.text[end - 1] === '\n' ? end : source.nextLine(end);
  return { start: lineStart, end: last, newText: '' };
}
