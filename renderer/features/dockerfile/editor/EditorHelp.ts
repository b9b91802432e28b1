import type { TextEdit, Diagnostic } from '#shared/domain/Diagnostic.ts';
import type { DockerfileFacts } from '#shared/dockerfile/DockerfileFacts.ts';
import type { ProjectFileKind } from '#shared/domain/ProjectFile.ts';

/** What the editor is told by the pane around it; always the present state of things. */
export interface EditorHelp {
  path: string;
  kind: ProjectFileKind;
  facts: () => DockerfileFacts;
  /** What the project says of this file as it is on disk; empty while it is edited. */
  projectDiagnostics: () => readonly Diagnostic[];
  /** Edits of a fix that belong to another file. */
  editOther: (path: string, edits: readonly TextEdit[]) => void;
  /** `kind` of edit: quick ones of one kind are one step; undefined for a step of its own. */
  onText: (text: string, kind: string | undefined) => void;
  onUndo: () => void;
  onRedo: () => void;
  onReview: () => void;
  onFindings: (counts: Record<Diagnostic['severity'], number>) => void;
}
