import type { Danger, Diagnostic, TextEdit } from '../domain/Diagnostic.ts';
import type { Role } from '../domain/Role.ts';
import type { AppModel } from '../domain/ServiceModel.ts';

/** Injected file access: shared has no Node. All paths are inside the project, with `/`. */
export interface ProjectFiles {
  /** The folder's own name. */
  readonly folderName: string;
  /**
   * Every file path, breadth-first, capped (`truncated`), without `.git`, `node_modules`, `.venv`, `__pycache__`.
   */
  list(): Promise<{ paths: string[]; truncated: boolean }>;
  /** Text of a file (BOM stripped, kept bytes otherwise). */
  read(path: string): Promise<FileText>;
  /** Where a path of the project really leads when links in it lead outside of the project: an absolute path. Undefined: it stays inside, or is not there. */
  leadsOut(path: string): Promise<string | undefined>;
  /** SHA-256 (hex) of a text, for fixes. */
  hash(text: string): string;
}

export type FileText =
  | { ok: true; text: string }
  | {
      ok: false;
      reason: 'missing' | 'not-a-file' | 'outside' | 'unreadable' | 'too-large' | 'not-utf8' | 'binary';
      message: string;
    };

/** What a project folder was found to be. */
export interface ProjectReading {
  /** Null when nothing runnable was found; the diagnostics say why. */
  model: AppModel | null;
  diagnostics: Diagnostic[];
  dangers: Danger[];
}

export type ReadProject = (files: ProjectFiles) => Promise<ProjectReading>;

/** Edits that declare `role` for `service` in the project's compose file (created if there is none), comments and layout kept. */
export type SetRoleEdits = (
  files: ProjectFiles,
  service: string,
  role: Role,
) => Promise<{ edits: TextEdit[]; expect: Record<string, string | null> }>;
