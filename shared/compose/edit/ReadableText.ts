import type { Document } from 'yaml';
import { Findings } from '../Findings.ts';
import { get, type Located } from '../Located.ts';
import { locateDocument } from '../locateDocument.ts';
import type { ParsedYaml } from '../ParsedTexts.ts';
import { SourceText } from '../SourceText.ts';
import { EditRefused } from './EditRefusal.ts';

const LARGEST_TEXT = 1024 * 1024;
/** What makes a document say something else than it seems to; everything else is for the text or the checks. */
const UNSOUND = new Set([
  'alias-cycle',
  'bad-merge',
  'key-not-text',
  'nested-too-deeply',
  'too-many-aliases',
  'unknown-alias',
]);

/** A compose file's text and what it says where. */
export class ReadableText {
  readonly text: string;
  readonly documents: readonly Document.Parsed[];
  /** Each document's values, aliases and merged keys written out. */
  readonly trees: readonly Located[];
  protected readonly source: SourceText;

  /**
   * @param parse the text as it is written; called where it is not too large
   * @throws EditRefused where the text is no YAML that can be made sense of
   */
  constructor(text: string, parse: () => ParsedYaml) {
    if (text.length > LARGEST_TEXT)
      throw new EditRefused('The file is larger than 1 MiB.', 'No compose file written by a person is.');
    this.text = text;
    this.source = new SourceText(text);
    this.documents = this.#sound(parse());
    const findings = new Findings({ hash: () => '' });
    findings.know('', text);
    this.trees = this.documents.map((document) =>
      locateDocument({ file: '', findings, document, original: (offset) => offset }),
    );
    const [problem] = findings.list().filter(({ code }) => UNSOUND.has(code));
    if (problem !== undefined)
      throw new EditRefused(problem.message, 'Put it right in the text first.', problem.range?.line);
  }

  #sound({ documents, failure }: ParsedYaml): readonly Document.Parsed[] {
    if (failure instanceof RangeError)
      throw new EditRefused(
        'The file is nested more deeply than any compose file.',
        'Put it right in the text first.',
      );
    if (failure !== undefined) throw failure;
    const [error] = documents.flatMap((document) => document.errors);
    if (error !== undefined)
      throw new EditRefused(
        error.code === 'TAB_AS_INDENT'
          ? 'A tab is used to indent.'
          : `The file is no YAML: ${error.message.split('\n')[0] ?? ''}`,
        'Put it right in the text first.',
        this.line(error.pos[0]),
      );
    return documents;
  }

  /** 1-based line of an offset. */
  line(offset: number): number {
    return this.source.range(offset, offset).line;
  }

  /** The value at a path as it reads, aliases and merged keys included. */
  valueAt(document: number, path: readonly string[]): Located | undefined {
    return path.reduce<Located | undefined>((value, key) => get(value, key), this.trees[document]);
  }
}
