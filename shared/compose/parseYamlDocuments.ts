import type { Document } from 'yaml';
import type { Findings } from './Findings.ts';
import type { Located } from './Located.ts';
import { locateDocument } from './locateDocument.ts';
import { ParsedTexts } from './ParsedTexts.ts';
import type { Repaired } from './repairYaml.ts';

const LARGEST_TEXT = 1024 * 1024;

export interface YamlOptions {
  /** Tags that have a meaning here; every other one is told. */
  tags?: readonly string[];
  /** Other tags are passed over with a warning instead of refused; their values are texts. */
  takesUnknownTags?: boolean;
  /** Texts that were parsed before, and this one from now on. */
  parsed?: ParsedTexts;
}

/**
 * Every document of a YAML file as values with their places, empty ones left out; none when it cannot be made sense of (the findings say
 * why). A missing space after a known key's colon is reported and read as if it were there.
 */
export function parseYamlDocuments(
  file: string,
  text: string,
  findings: Findings,
  { tags = [], takesUnknownTags = false, parsed = new ParsedTexts() }: YamlOptions = {},
): Located[] {
  findings.know(file, text);
  if (text.length > LARGEST_TEXT) {
    findings.add({
      code: 'file-too-large',
      severity: 'error',
      file,
      message: `${file} is larger than 1 MiB.`,
      explanation: 'No compose file written by a person is that large; it is not read.',
    });
    return [];
  }
  const { repaired, documents, failure } = parsed.asMeant(text);
  for (const at of repaired.missingSpaces) {
    const line = findings.source(file)?.range(at, at);
    const key = text.slice(line === undefined ? 0 : line.start - line.column + 1, at).trim();
    findings.add({
      code: 'missing-space-after-colon',
      severity: 'error',
      file,
      start: at - key.length,
      end: at,
      message: `There is no space after “${key}”.`,
      explanation: `YAML reads “${key}${text.slice(at, at + 20).split(/\s/)[0] ?? ''}” as one text, not as a key and its value. Flotilla shows the rest of the file as if the space were there.`,
      fixes: [
        {
          id: 'insert-space',
          title: 'Insert the space',
          edits: [{ file, start: at, end: at, newText: ' ' }],
        },
      ],
    });
  }
  if (failure !== undefined) {
    const isTooDeep = failure instanceof RangeError;
    findings.add({
      code: isTooDeep ? 'nested-too-deeply' : 'yaml-syntax',
      severity: 'error',
      file,
      start: 0,
      message: isTooDeep
        ? `${file} is nested more deeply than any compose file.`
        : `${file} is no YAML: ${(failure as Error).message}`,
      explanation: 'It is not read any further.',
    });
    return [];
  }
  return documents.flatMap((document) => {
    tellProblems(document, file, repaired, findings, { tags, takesUnknownTags });
    if (document.contents === null) return [];
    return [locateDocument({ file, findings, document, original: (offset) => repaired.original(offset) })];
  });
}

function tellProblems(
  document: Document.Parsed,
  file: string,
  repaired: Repaired,
  findings: Findings,
  { tags = [], takesUnknownTags = false }: YamlOptions,
): void {
  for (const problem of document.errors) {
    const isTab = problem.code === 'TAB_AS_INDENT';
    findings.add({
      code: isTab ? 'tab-indentation' : 'yaml-syntax',
      severity: 'error',
      file,
      start: repaired.original(problem.pos[0]),
      end: repaired.original(problem.pos[1]),
      message: isTab
        ? 'A tab is used to indent.'
        : `This is no YAML: ${problem.message.split('\n')[0] ?? ''}`,
      explanation: isTab
        ? 'YAML allows only spaces; replace the tab with two of them.'
        : 'The place is where reading failed; the mistake is there or just before it.',
    });
  }
  for (const problem of document.warnings) {
    if (tags.some((tag) => problem.message.startsWith(`Unresolved tag: ${tag}`))) continue;
    findings.add({
      code: 'unknown-tag',
      severity: takesUnknownTags ? 'warning' : 'error',
      file,
      start: repaired.original(problem.pos[0]),
      end: repaired.original(problem.pos[1]),
      message: `${problem.message.split('\n')[0] ?? 'Unknown tag'}.`,
      explanation:
        'Tags that would build objects or run code are never followed. Write the value without the tag.',
    });
  }
}
