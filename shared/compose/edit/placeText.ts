import { isMap, isScalar, isSeq, type Node, type YAMLMap, type YAMLSeq } from 'yaml';
import { type ComposeText, contentEnd, type OwnPair, pairEnd, startOf } from './ComposeText.ts';
import { isWrittenList, isWrittenMap, Plain, type Written, type WrittenMap } from './Written.ts';
import { literalBlock, type ScalarStyle, writeScalar } from './writeScalar.ts';
import { entryLines, flowText, indented, itemLines, listLines, mapLines, writeKey } from './writeValue.ts';

/** A stretch of a text and what stands there instead. */
export interface TextChange {
  start: number;
  end: number;
  newText: string;
}

/** Lines below the one that holds an offset; comments at its end stay with it. */
export function linesBelow(source: ComposeText, offset: number, lines: readonly string[]): TextChange {
  const { text, lineEnd } = source;
  const isLineStart = offset > 0 && text[offset - 1] === '\n';
  if (isLineStart)
    return { start: offset, end: offset, newText: lines.map((line) => line + lineEnd).join('') };
  const at = source.lineStop(offset);
  return { start: at, end: at, newText: lines.map((line) => lineEnd + line).join('') };
}

/** A new entry of a mapping that is not empty, or is in braces: behind its last one. */
export function addEntry(source: ComposeText, map: YAMLMap, key: string, value: Written): TextChange {
  const last = (map.items as OwnPair[]).at(-1);
  if (map.flow === true)
    return addToFlow(
      source,
      map,
      last && pairEnd(source.text, last),
      `${writeKey(key, true)}: ${flowText(value)}`,
    );
  const column = source.column(startOf(last?.key));
  return linesBelow(
    source,
    last === undefined ? startOf(map) : pairEnd(source.text, last),
    indented(entryLines(key, value, source.step), column),
  );
}

/** A new item of a list that is not empty, or is in brackets: behind its last one. */
export function addItem(source: ComposeText, list: YAMLSeq, item: Written): TextChange {
  const last = (list.items as Node[]).at(-1);
  if (list.flow === true)
    return addToFlow(source, list, last && contentEnd(source.text, last), flowText(item));
  return linesBelow(
    source,
    last === undefined ? startOf(list) : Math.max(contentEnd(source.text, last), startOf(list)),
    indented(itemLines(item, source.step), source.column(startOf(list))),
  );
}

function addToFlow(
  source: ComposeText,
  node: YAMLMap | YAMLSeq,
  end: number | undefined,
  text: string,
): TextChange {
  if (end !== undefined) return { start: end, end, newText: `, ${text}` };
  const close = (node.range?.[1] ?? 1) - 1;
  const pad = isMap(node) ? ' ' : '';
  const inside = source.text.slice(startOf(node) + 1, close);
  if (inside.trim() === '') return { start: startOf(node) + 1, end: close, newText: pad + text + pad };
  return { start: close, end: close, newText: text + pad };
}

/** What an entry says from now on. `inFlow`: its mapping is in braces. */
export function replaceValue(
  source: ComposeText,
  pair: OwnPair,
  value: Written,
  inFlow: boolean,
): TextChange {
  const old = pair.value;
  const column = source.column(startOf(pair.key));
  if (old === null) {
    const end = pair.key.range?.[1] ?? 0;
    return { start: end, end, newText: `: ${flowText(value)}` };
  }
  if (isEmptyScalar(old)) return fillEmpty(source, pair, value, inFlow);
  const keyEnd = pair.key.range?.[1] ?? 0;
  const colon = /^\s*:/.exec(source.text.slice(keyEnd, startOf(old)))?.[0].length ?? 0;
  return replaceNode(source, old, value, { inFlow, column, head: keyEnd + colon });
}

/** A key has another name; its quotes stay what they are. */
export function replaceKey({ key }: OwnPair, name: string): TextChange {
  const [start, end] = key.range ?? [0, 0];
  const style = styleOf(key);
  return { start, end, newText: style === 'plain' ? writeKey(name, true) : writeScalar(name, style, true) };
}

interface NodePlace {
  /** It stands in braces or brackets. */
  inFlow: boolean;
  /** Column of the key or the dash it belongs to. */
  column: number;
  /** Where a value can begin: behind the colon or the dash. */
  head: number;
}

/** What a value says from now on. */
export function replaceNode(
  source: ComposeText,
  old: Node,
  value: Written,
  { inFlow, column, head }: NodePlace,
): TextChange {
  const start = startOf(old);
  const end = contentEnd(source.text, old);
  const isBlock = (isMap(old) || isSeq(old)) && old.flow !== true;
  if (isBlock && !inFlow && (isWrittenMap(value) || isWrittenList(value)) && countOf(value) > 0) {
    const lines = isWrittenMap(value) ? mapLines(value, source.step) : listLines(value, source.step);
    const [first, ...rest] = lines;
    const own = source.column(start);
    return { start, end, newText: [first, ...indented(rest, own)].join(source.lineEnd) };
  }
  if (isBlock) {
    // What stands behind the colon, such as a comment, stays there.
    const kept = source.text.slice(head, start).replace(/\r?\n[^\n]*$/, '');
    return { start: head, end, newText: ` ${flowText(value, inFlow)}${kept.trimEnd() === '' ? '' : kept}` };
  }
  if (isWrittenMap(value) || isWrittenList(value) || !isScalar(old))
    return { start, end, newText: flowText(value, inFlow) };
  if (old.type === 'BLOCK_LITERAL' || old.type === 'BLOCK_FOLDED')
    return replaceBlockText(source, start, end, value, column);
  // A comment behind it would become a line of the block.
  const hasRoom = !inFlow && source.text.slice(end, source.lineStop(end)).trim() === '';
  return { start, end, newText: writeText(source, value, styleOf(old), { inFlow, hasRoom, column }) };
}

/** A scalar in the style of the one before; a text of several lines as a block where there is room. */
function writeText(
  source: ComposeText,
  value: string | Plain,
  style: ScalarStyle,
  place: { inFlow: boolean; hasRoom: boolean; column: number },
): string {
  const block = !place.hasRoom || value instanceof Plain ? undefined : literalBlock(value);
  if (block === undefined) return writeScalar(value, style, place.inFlow);
  return [block.header, ...indented(block.lines, place.column + source.step)].join(source.lineEnd);
}

/** A block text: its header's comment stays, and so does the kind of block where the new text is one of several lines. */
function replaceBlockText(
  source: ComposeText,
  start: number,
  end: number,
  value: string | Plain,
  column: number,
): TextChange {
  const header = source.text.slice(start, Math.min(source.lineStop(start), end));
  const comment = /\s+#.*$/.exec(header)?.[0] ?? '';
  const block = value instanceof Plain ? undefined : literalBlock(value);
  if (block === undefined) return { start, end, newText: writeScalar(value, 'plain', false) + comment };
  const firstLine = source.text.slice(source.nextLine(start), end);
  const own = /^ +/.exec(firstLine)?.[0].length ?? column + source.step;
  return {
    start,
    end,
    newText: [block.header + comment, ...indented(block.lines, own)].join(source.lineEnd),
  };
}

/** An entry that says nothing gets a value: behind its colon, or as lines below. */
function fillEmpty(source: ComposeText, pair: OwnPair, value: Written, inFlow: boolean): TextChange {
  const at = Math.max(startOf(pair.value), pair.key.range?.[1] ?? 0);
  const isMany = (isWrittenMap(value) || isWrittenList(value)) && countOf(value) > 0;
  if (!isMany || inFlow) {
    const before = source.text.slice(0, at);
    const colon =
      before.endsWith(':') || /:\s*(?:[&!]\S+\s*)*$/.test(source.text.slice(pair.key.range?.[1] ?? 0, at));
    const space = /\s$/.test(before) ? '' : ' ';
    return { start: at, end: at, newText: `${colon ? '' : ':'}${space}${flowText(value, inFlow)}` };
  }
  const column = source.column(startOf(pair.key)) + source.step;
  const lines = isWrittenMap(value) ? mapLines(value, source.step) : listLines(value, source.step);
  return linesBelow(source, at, indented(lines, column));
}

function isEmptyScalar(node: Node): boolean {
  return isScalar(node) && node.value === null && (node.range?.[1] ?? 0) - startOf(node) === 0;
}

function styleOf(node: Node): ScalarStyle {
  if (!isScalar(node)) return 'plain';
  return node.type === 'QUOTE_SINGLE' ? 'single' : node.type === 'QUOTE_DOUBLE' ? 'double' : 'plain';
}

function countOf(value: WrittenMap | readonly Written[]): number {
  return isWrittenMap(value) ? value.size : value.length;
}
