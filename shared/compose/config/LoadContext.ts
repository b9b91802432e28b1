import type { FileText } from '../ComposeApi.ts';
import type { Findings } from '../Findings.ts';
import type { Variables } from '../interpolate.ts';
import type { Located } from '../Located.ts';
import type { ParsedTexts } from '../ParsedTexts.ts';

/** What loading a compose file needs, for a project or for one that it includes. */
export interface LoadContext {
  findings: Findings;
  /**
   * Goes on after what compose refuses, so that all of it is told and the rest can be shown: what is wrong stays in the tree as it was written.
   * Otherwise reading ends with the first.
   */
  readsOn: boolean;
  /** Tags that have no meaning are refused; otherwise they are passed over with a warning, as compose does. */
  refusesUnknownTags: boolean;
  /** Texts of this project that were parsed. */
  parsed: ParsedTexts;
  /** Reads a file by its path. Paths are absolute, or all of them relative to the project's folder, which then is `.`. */
  read(path: string): Promise<FileText>;
  /** Called for each compose file that is read; tells and answers false when there were too many (files that include others twice, and so on). */
  mayRead(path: string): boolean;
  /** How a path is shown: relative to the project's folder. */
  shown(path: string): string;
  /** Folder that paths of the files are relative to. */
  folder: string;
  /** What `~` stands for; undefined leaves it as it is. */
  home: string | undefined;
  /** What `${NAME}` and names without a value are filled in with. */
  variables: Variables;
  /** Paths of the files that led here by `include`, outermost first. */
  included: readonly string[];
  /** `loadModel`, for what is included: a file that includes others is loaded by what it is a part of. */
  loadModel(paths: readonly string[], context: LoadContext): Promise<Located | undefined>;
}
