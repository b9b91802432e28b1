import { type Alias, isAlias, isMap, isScalar, isSeq, type Node, type Pair, type YAMLMap } from 'yaml';
import { parseYaml } from '../ParsedTexts.ts';
import { EditRefused } from './EditRefusal.ts';
import { ReadableText } from './ReadableText.ts';

/** An entry of a mapping as it was parsed. */
export type OwnPair = Pair<Node, Node | null>;

/** A compose file's text with the nodes it consists of, to be edited at their places. */
export class ComposeText extends ReadableText {
  /** How its lines end; the first one decides. */
  readonly lineEnd: '\n' | '\r\n';

  /** @throws EditRefused where the text is no YAML that can be made sense of */
  constructor(text: string) {
    super(text, () => parseYaml(text, true));
    const firstEnd = text.indexOf('\n');
    this.lineEnd = firstEnd > 0 && text[firstEnd - 1] === '\r' ? '\r\n' : '\n';
  }

  /** Characters before an offset in its line. */
  column(offset: number): number {
    return this.source.range(offset, offset).column - 1;
  }

  lineStart(offset: number): number {
    return this.source.lineStart(this.line(offset));
  }

  /** Offset of the line end at or after an offset: before its `\r\n` or `\n`. */
  lineStop(offset: number): number {
    const line = this.line(offset);
    return this.source.lineStart(line) + this.source.line(line).length;
  }

  /** Offset of the line after that of an offset. */
  nextLine(offset: number): number {
    return this.source.lineEnd(this.line(offset));
  }

  /** Spaces by which each level stands further in, as the file has it; 2 where it does not say. */
  get step(): number {
    for (const document of this.documents) {
      if (!isMap(document.contents)) continue;
      const services = ownPair(this, document.contents, 'services');
      if (!isMap(services?.value) || services.value.flow === true) continue;
      const [first] = services.value.items as OwnPair[];
      if (first === undefined) continue;
      const outer = startOf(first.key);
      if (isMap(first.value) && first.value.flow !== true) {
        const [inner] = first.value.items as OwnPair[];
        const step = inner === undefined ? 0 : this.column(startOf(inner.key)) - this.column(outer);
        if (step > 0) return step;
      }
      const step = this.column(outer) - this.column(startOf(services.key));
      if (step > 0) return step;
    }
    return 2;
  }

  /**
   * Number of the one document that has a service.
   * @throws EditRefused where there is none, or several say something of it
   */
  documentOf(service: string): number {
    const found = this.documents.flatMap((document, at) => {
      if (!isMap(document.contents)) return [];
      const services = ownPair(this, document.contents, 'services')?.value;
      return isMap(services) && ownPair(this, services, service) !== undefined ? [at] : [];
    });
    const [only, another] = found;
    if (only === undefined)
      throw new EditRefused(`This file has no service “${service}”.`, 'Open the file that has it.');
    if (another !== undefined)
      throw new EditRefused(
        `“${service}” stands in several documents of this file.`,
        'Edit it in the text, where each of them is in sight.',
      );
    return only;
  }
}

/** A node's first character. */
export function startOf(node: Node | null | undefined): number {
  return node?.range?.[0] ?? 0;
}

function keyText(key: unknown): string {
  if (!isScalar(key)) return '';
  if (key.value === null) return '';
  return typeof key.value === 'string' ? key.value : (key.source ?? '');
}

/**
 * The entry that a mapping itself has, not what it merges in.
 * @throws EditRefused where it stands there twice
 */
export function ownPair(source: ComposeText, map: YAMLMap, key: string): OwnPair | undefined {
  const found = (map.items as OwnPair[]).filter((pair) => keyText(pair.key) === key);
  if (found.length > 1)
    throw new EditRefused(
      `“${key}” stands here twice.`,
      'Only one of the two could count: remove one in the text first.',
      source.line(startOf(found[1]?.key)),
    );
  return found[0];
}

/** Offset behind a node's last character that says something. */
export function contentEnd(text: string, node: Node): number {
  const end = node.range?.[1] ?? 0;
  if (isMap(node) && node.flow !== true) {
    const last = node.items.at(-1) as OwnPair | undefined;
    if (last === undefined) return end;
    return pairEnd(text, last);
  }
  if (isSeq(node) && node.flow !== true) {
    const last = node.items.at(-1) as Node | undefined;
    return last === undefined ? end : contentEnd(text, last);
  }
  if (isScalar(node) && (node.type === 'BLOCK_LITERAL' || node.type === 'BLOCK_FOLDED')) {
    // Where blank lines at the end count, they are part of it.
    const keeps = /^[|>]\d?\+/.test(text.slice(startOf(node), startOf(node) + 3));
    return keeps ? end : lastInk(text, startOf(node), end);
  }
  return end;
}

export function pairEnd(text: string, { key, value }: OwnPair): number {
  const keyEnd = key.range?.[1] ?? 0;
  return value === null ? keyEnd : Math.max(keyEnd, contentEnd(text, value));
}

function lastInk(text: string, start: number, end: number): number {
  let at = end;
  while (at > start && /\s/.test(text[at - 1] ?? '')) at -= 1;
  return at;
}

export function isNull(node: Node | null | undefined): boolean {
  return node === null || node === undefined || (isScalar(node) && node.value === null);
}

export function isAliasNode(node: unknown): node is Alias {
  return isAlias(node);
}
