import type { InlineDockerfile } from '../domain/ServiceModel.ts';
import type { TextEdit } from '../domain/Diagnostic.ts';
import { type DockerfileImage, lintDockerfile } from '../dockerfile/lintDockerfile.ts';
import type { ProjectFiles } from './ComposeApi.ts';
import { Findings } from './Findings.ts';
import { type InlineBlock, inlineBlock } from './inlineBlock.ts';
import type { LocatedEntry } from './Located.ts';
import { SourceText } from './SourceText.ts';

/** What a Dockerfile inside a compose file makes, and edits of its text as edits of that file. */
export interface InlineSummary {
  images: DockerfileImage[];
  /** Undefined where they cannot be made there: variables are filled in, or its lines are not the file’s. */
  toCompose(edits: readonly TextEdit[]): TextEdit[] | undefined;
}

/**
 * Reports what is wrong or unwise in a Dockerfile that stands in a compose file, at its place there (where that cannot be told,
 * at its key, or at the value if that stands in another file).
 *
 * @param entry the key `dockerfile_inline` and its value
 * @param shown how messages name the text
 */
export function lintInlineDockerfile(
  entry: LocatedEntry,
  { text }: InlineDockerfile,
  { service, shown }: { service: string; shown: string },
  files: Pick<ProjectFiles, 'hash'>,
  findings: Findings,
): InlineSummary {
  const { file } = entry.value;
  const source = findings.source(file);
  const inner = new SourceText(text);
  const block = source === undefined ? undefined : inlineBlock(entry.value, source, text);
  const toCompose = (edits: readonly TextEdit[]): TextEdit[] | undefined =>
    source === undefined || block === undefined ? undefined : movedEdits(edits, inner, block, source, file);
  // Where an override repeats the key with nothing behind it, that key stands in another file.
  const near = entry.key.file === file ? entry.key : entry.value;
  const own = new Findings(files);
  const { images } = lintDockerfile(shown, text, own);
  for (const { range, fixes, code, severity, message, explanation } of own.list()) {
    const place = range === undefined || block === undefined ? undefined : { range, block };
    findings.add({
      code,
      severity,
      file,
      service,
      ...(place === undefined || source === undefined
        ? { start: near.start, end: near.end }
        : {
            start: moved(place.range.start, inner, place.block, source),
            end: moved(place.range.end, inner, place.block, source),
          }),
      message,
      explanation,
      fixes: fixes.flatMap(({ id, title, edits }) => {
        const there = toCompose(edits);
        return there === undefined ? [] : [{ id, title, edits: there }];
      }),
    });
  }
  return { images, toCompose };
}

/** Line and column of an offset in the text, from 0. */
function placeOf(offset: number, inner: SourceText): { line: number; column: number } {
  const { line, column } = inner.range(offset, offset);
  return { line: line - 1, column: column - 1 };
}

/** Whether this line is only what follows the text’s last line end: what stands there in the file is no more of the block. */
function isPast(line: number, lines: readonly string[]): boolean {
  return line > 0 && line === lines.length - 1 && lines[line] === '';
}

/** Where an offset of the text stands in the compose file. */
function moved(offset: number, inner: SourceText, block: InlineBlock, source: SourceText): number {
  const { firstLine, indent, lines } = block;
  const { line, column } = placeOf(offset, inner);
  const start = source.lineStart(firstLine + line);
  if (isPast(line, lines)) return start;
  return start + Math.min(indent + column, source.line(firstLine + line).length);
}

function movedEdits(
  edits: readonly TextEdit[],
  inner: SourceText,
  block: InlineBlock,
  source: SourceText,
  file: string,
): TextEdit[] | undefined {
  const { firstLine, indent, lines } = block;
  const isAsWritten = ({ start, end }: TextEdit): boolean => {
    const [from, to] = [placeOf(start, inner).line, placeOf(end, inner).line];
    return lines.slice(from, to + 1).every((line, at) => {
      const written = source.line(firstLine + from + at);
      if (line === '') return isPast(from + at, lines) || written.trim() === '';
      return written.slice(indent) === line;
    });
  };
  // A text on the line of its key would need quotes, or other ones.
  if (lines.length === 1 || !edits.every(isAsWritten)) return undefined;
  return edits.map((edit) => ({ file, ...movedEdit(edit, inner, block, source) }));
}

function movedEdit(
  { start, end, newText }: TextEdit,
  inner: SourceText,
  block: InlineBlock,
  source: SourceText,
): Omit<TextEdit, 'file'> {
  const { firstLine, indent, lines } = block;
  const newLine = source.text.includes('\r\n') ? '\r\n' : '\n';
  const pad = ' '.repeat(indent);
  const escaped = newText.replaceAll('$', '$$$$').replaceAll('\r\n', '\n');
  const [from, to] = [placeOf(start, inner), placeOf(end, inner)];
  const isToEnd = end === inner.text.length;
  const isWhole = escaped === '' || escaped.endsWith('\n') || isToEnd;
  if (from.column === 0 && (to.column === 0 || isToEnd) && isWhole) {
    // Whole lines go with the blanks in front of them, and leave none behind.
    const at = source.lineStart(firstLine + from.line);
    const isGlued = escaped !== '' && at === source.text.length && !source.text.endsWith('\n');
    const whole = escaped === '' || escaped.endsWith('\n') ? escaped : `${escaped}\n`;
    const padded = whole.replaceAll(/^(?=[^\n])/gm, pad);
    return {
      start: at,
      end: to.column === 0 ? source.lineStart(firstLine + to.line) : source.lineEnd(firstLine + to.line),
      newText: `${isGlued ? '\n' : ''}${padded}`.replaceAll('\n', newLine),
    };
  }
  // The last line end stays: what follows it is the file’s.
  const isPastEnd = isPast(to.line, lines);
  return {
    start: moved(start, inner, block, source),
    end: moved(isPastEnd ? end - 1 : end, inner, block, source),
    newText: (isPastEnd ? escaped.replace(/\n$/, '') : escaped).replaceAll('\n', `${newLine}${pad}`),
  };
}
