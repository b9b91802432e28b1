import type { Diagnostic, Fix, Severity, TextEdit } from '../domain/Diagnostic.ts';
import type { ProjectFiles } from './ComposeApi.ts';
import { SourceText } from './SourceText.ts';

export interface FixDraft {
  id: string;
  title: string;
  edits: TextEdit[];
}

export interface Finding {
  code: string;
  severity: Severity;
  file: string;
  start?: number | undefined;
  end?: number | undefined;
  message: string;
  explanation: string;
  service?: string | undefined;
  fixes?: FixDraft[] | undefined;
}

/** From the key of a service to the end of what is below it, in UTF-16 units. */
export interface ServicePlace {
  name: string;
  start: number;
  end: number;
}

const LONGEST_EXCERPT = 240;
/** A file that is nothing but mistakes must not drown the window. */
const MOST_FINDINGS = 500;

/** Collects what is found in a project's files, and knows the text each place refers to. */
export class Findings {
  readonly #files: Pick<ProjectFiles, 'hash'>;
  readonly #texts: Map<string, SourceText>;
  readonly #services: Map<string, ServicePlace[]>;
  /** Each text's, once: a long file with many findings is not hashed for each of them. */
  readonly #hashes: WeakMap<SourceText, string>;
  readonly #found = new Map<string, Diagnostic>();
  #errors = 0;
  #errorsSaid = 0;

  /** @param others findings of the same project: what text a place refers to is known to both */
  constructor(files: Pick<ProjectFiles, 'hash'>, others?: Findings) {
    this.#files = files;
    this.#texts = others === undefined ? new Map<string, SourceText>() : others.#texts;
    this.#hashes = others === undefined ? new WeakMap<SourceText, string>() : others.#hashes;
    this.#services = others === undefined ? new Map<string, ServicePlace[]>() : others.#services;
  }

  /** Makes a file's text known, as it stands on disk. */
  know(file: string, text: string): SourceText {
    const source = new SourceText(text);
    this.#texts.set(file, source);
    return source;
  }

  /** Files whose texts are known. */
  get files(): string[] {
    return [...this.#texts.keys()];
  }

  /** Makes known where in a file services stand, so that what is found there is told of them. */
  knowServices(file: string, services: readonly ServicePlace[]): void {
    this.#services.set(file, [...(this.#services.get(file) ?? []), ...services]);
  }

  source(file: string): SourceText | undefined {
    return this.#texts.get(file);
  }

  /** How often an error was added, those that were known already or are too many included: whether a part of a file had any. */
  get errorsSaid(): number {
    return this.#errorsSaid;
  }

  add(finding: Finding): void {
    if (finding.severity === 'error') this.#errorsSaid += 1;
    const source = this.#texts.get(finding.file);
    const range =
      finding.start === undefined || source === undefined
        ? undefined
        : source.range(finding.start, finding.end ?? finding.start);
    const id = `${finding.code}@${finding.file}:${range?.start ?? ''}${finding.service === undefined ? '' : `#${finding.service}`}`;
    if (this.#found.has(id)) return;
    // Counted apart, so that no number of warnings hides an error.
    const isError = finding.severity === 'error';
    if ((isError ? this.#errors : this.#found.size - this.#errors) >= MOST_FINDINGS) return;
    if (isError) this.#errors += 1;
    const service =
      finding.service ??
      this.#services.get(finding.file)?.find(({ start, end }) => {
        const at = finding.start ?? -1;
        return at >= start && at < end;
      })?.name;
    this.#found.set(id, {
      id,
      code: finding.code,
      severity: finding.severity,
      file: finding.file,
      range,
      message: finding.message,
      explanation: finding.explanation,
      ...(range === undefined || source === undefined
        ? {}
        : { excerpt: source.line(range.line).slice(0, LONGEST_EXCERPT) }),
      ...(service === undefined ? {} : { service }),
      fixes: (finding.fixes ?? []).map((draft) => this.fix(draft)),
    });
  }

  /** The fix with the hashes of the texts it was made for. */
  fix(draft: FixDraft): Fix {
    const expect: Record<string, string | null> = {};
    for (const { file } of draft.edits) {
      const source = this.#texts.get(file);
      expect[file] = source === undefined ? null : this.#hashOf(source);
    }
    return { ...draft, expect };
  }

  #hashOf(source: SourceText): string {
    const hash = this.#hashes.get(source) ?? this.#files.hash(source.text);
    this.#hashes.set(source, hash);
    return hash;
  }

  get hasErrors(): boolean {
    return this.#errors > 0;
  }

  list(): Diagnostic[] {
    const order = { error: 0, warning: 1, info: 2 };
    return [...this.#found.values()].sort(
      (a, b) =>
        order[a.severity] - order[b.severity] ||
        (a.file < b.file ? -1 : a.file > b.file ? 1 : 0) ||
        (a.range?.start ?? 0) - (b.range?.start ?? 0),
    );
  }
}
