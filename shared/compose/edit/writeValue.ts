import { isWrittenList, isWrittenMap, Plain, type Written, type WrittenMap } from './Written.ts';
import { literalBlock, writeScalar } from './writeScalar.ts';

/** Pads every line that has something on it. */
export function indented(lines: readonly string[], columns: number): string[] {
  return lines.map((line) => (line === '' ? line : ' '.repeat(columns) + line));
}

/** `key: value`, as lines without the indentation of the key. `step`: spaces that each level stands further in. */
export function entryLines(key: string, value: Written, step: number): string[] {
  const name = writeKey(key, false);
  if (isWrittenMap(value))
    return value.size === 0 ? [`${name}: {}`] : [`${name}:`, ...indented(mapLines(value, step), step)];
  if (isWrittenList(value))
    return value.length === 0 ? [`${name}: []`] : [`${name}:`, ...indented(listLines(value, step), step)];
  const block = value instanceof Plain ? undefined : literalBlock(value);
  if (block !== undefined) return [`${name}: ${block.header}`, ...indented(block.lines, step)];
  return [`${name}: ${writeScalar(value, 'plain', false)}`];
}

export function mapLines(map: WrittenMap, step: number): string[] {
  return [...map].flatMap(([key, value]) => entryLines(key, value, step));
}

export function listLines(list: readonly Written[], step: number): string[] {
  return list.flatMap((item) => itemLines(item, step));
}

/** `- item`, as lines without the indentation of the dash. */
export function itemLines(item: Written, step: number): string[] {
  const isEmpty = (isWrittenMap(item) && item.size === 0) || (isWrittenList(item) && item.length === 0);
  const lines = isEmpty
    ? [flowText(item)]
    : isWrittenMap(item)
      ? mapLines(item, step)
      : isWrittenList(item)
        ? listLines(item, step)
        : [writeScalar(item, 'plain', false)];
  return lines.map((line, at) => (at === 0 ? `- ${line}` : line === '' ? line : `  ${line}`));
}

/** A value on one line. `inFlow`: within braces or brackets, where less may stand without quotes. */
export function flowText(value: Written, inFlow = true): string {
  if (isWrittenMap(value))
    return value.size === 0
      ? '{}'
      : `{ ${[...value].map(([key, item]) => `${writeKey(key, true)}: ${flowText(item)}`).join(', ')} }`;
  if (isWrittenList(value)) return `[${value.map((item) => flowText(item)).join(', ')}]`;
  return writeScalar(value, 'plain', inFlow);
}

/** A key; without quotes where it reads as itself. */
export function writeKey(key: string, inFlow: boolean): string {
  // Numbers and the like are names of keys as well as any.
  return /^\d+$/.test(key) ? key : writeScalar(key, 'plain', inFlow);
}
