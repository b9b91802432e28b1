import type { InlineDockerfile } from '../domain/ServiceModel.ts';
import type { TextEdit } from '../domain/Diagnostic.ts';
import { type DockerfileImage, lintDockerfile } from '../dockerfile/lintDockerfile.ts';
import type { ProjectFiles } from './ComposeApi.ts';
import { Findings } from './Findings.ts';
import { type InlineBlock, inlineBlock } from './inlineBlock.ts';
import type { LocatedEntry } from './Located.ts';
import type { SourceText } from './SourceText.ts';

/** What a Dockerfile inside a compose file makes, and edits of its text as edits of that file. */
export interface InlineSummary {
  images: DockerfileImage[];
  /** Undefined where they cannot be made there: variables are filled in, or its lines are not the file’s. */
  toCompose(edits: readonly TextEdit[]): TextEdit[] | undefined;
}

/**
 * Reports what is wrong or unwise in a Dockerfile that stands in a compose file, at its place there (at its key, where that cannot be told).
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
  const block = source === undefined ? undefined : inlineBlock(entry.value, source, text);
  const toCompose = (edits: readonly TextEdit[]): TextEdit[] | undefined =>
    source === undefined || block === undefined ? undefined : movedEdits(edits, text, block, source, file);
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
        ? { start: entry.key.start, end: entry.key.end }
        : {
            start: moved(place.range.start, text, place.block, source),
            end: moved(place.range.end, text, place.block, source),
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

/** Line (0-based) and column of an offset in the text. */
function placeOf(offset: number, text: string): { line: number; column: number } {
  const before = text.slice(0, offset).split('\n');
  return { line: before.length - 1, column: before.at(-1)?.length ?? 0 };
}

/** Where an offset of the text stands in the compose file. */
function moved(offset: number, text: string, { firstLine, indent }: InlineBlock, source: SourceText): number {
  const { line, column } = placeOf(offset, text);
  const start = source.lineStart(firstLine + line);
  return start + Math.min(indent + column, source.line(firstLine + line).length);
}

function movedEdits(
  edits: readonly TextEdit[],
  text: string,
  block: InlineBlock,
  source: SourceText,
  file: string,
): TextEdit[] | undefined {
  const { firstLine, indent, lines } = block;
  const isAsWritten = ({ start, end }: TextEdit): boolean => {
    const [from, to] = [placeOf(start, text).line, placeOf(end, text).line];
    return lines
      .slice(from, to + 1)
      .every((line, at) => line === '' || source.line(firstLine + from + at).slice(indent) === line);
  };
  // A text on the line of its key would need quotes, or other ones.
  if (lines.length === 1 || !edits.every(isAsWritten)) return undefined;
  return edits.map(({ start, end, newText }) => ({
    file,
    start: moved(start, text, block, source),
    end: moved(end, text, block, source),
    newText: newText.replaceAll('$', '$$$$').replaceAll('\n', `\n${' '.repeat(indent)}`),
  }));
}
