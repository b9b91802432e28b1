/** Half-open range in a text, in UTF-16 offsets, with 1-based line and column of its start. */
export interface SourceRange {
  start: number;
  end: number;
  line: number;
  column: number;
}

export interface TextEdit {
  /** Path inside the project, with `/`. A file that does not exist is created. */
  file: string;
  start: number;
  end: number;
  newText: string;
}

/** A change that can be made in one click. Applied only if every file still hashes as in `expect`. */
export interface Fix {
  id: string;
  title: string;
  edits: TextEdit[];
  /** SHA-256 (hex) of each file's UTF-8 text the offsets refer to; null: the file must not exist. */
  expect: Record<string, string | null>;
}

export type Severity = 'error' | 'warning' | 'info';

/** A finding in a project's files. */
export interface Diagnostic {
  /** Stable while the finding is the same: code plus place. */
  id: string;
  /** kebab-case name of the rule, e.g. `missing-space-after-colon`. */
  code: string;
  severity: Severity;
  file: string;
  range?: SourceRange | undefined;
  message: string;
  /** Why it matters, in one or two sentences. */
  explanation: string;
  /** The offending line(s) as they stand, for display. */
  excerpt?: string | undefined;
  service?: string | undefined;
  fixes: Fix[];
}

/** A setting that reaches outside the container's walls: needs consent before anything is started. */
export interface Danger {
  /** Hash of service, kind, value, and of the texts of the files that bring it: with another text it is another one. */
  id: string;
  /** Hash of service, kind and value alone: the same setting whatever else changed in its file. */
  setting: string;
  service: string;
  kind: string;
  value: string;
  file: string;
  line?: number | undefined;
  explanation: string;
}

/** A danger as a window shows it. */
export interface DangerView extends Danger {
  granted: boolean;
  /** The same setting was consented to once, and a file that brings it has changed since. */
  grantedBefore: boolean;
}
