export type ProjectFileKind = 'dockerfile' | 'ignore' | 'compose';

/** A text file of a project as the editor opens it. */
export interface ProjectFile {
  /** Inside the project, with `/`. */
  path: string;
  /** Empty where it does not exist yet; without its byte order mark, line ends as they stand. */
  text: string;
  /** Tells this text from others: given back when writing. Empty where the file does not exist. */
  version: string;
  exists: boolean;
  /** It begins with a byte order mark, which is kept when it is written. */
  bom: boolean;
  /** How its lines end; `lf` where it has one line only. */
  lineEnds: 'lf' | 'crlf' | 'mixed';
}

/** A file of the editor's list. */
export interface ProjectFileEntry {
  path: string;
  kind: ProjectFileKind;
  /** Services that use it; of an ignore file: whose build context it is for. */
  services: string[];
  /** False: it is usual to have one, but it is not there. */
  exists: boolean;
}

/** What a Dockerfile can refer to: the files of its build context. */
export interface ProjectFileContext {
  /** Where its ignore file stands or would stand, inside the project. */
  ignoreFile: string;
  hasIgnoreFile: boolean;
  /** Files of the context, relative to it, breadth-first. */
  paths: string[];
  /** There are more files than told. */
  truncated: boolean;
}
