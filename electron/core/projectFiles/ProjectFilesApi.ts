import type { ComposeDraft } from '#shared/domain/ComposeDraft.ts';
import type { ProjectFile, ProjectFileContext, ProjectFileEntry } from '#shared/domain/ProjectFile.ts';

/** The text files of opened projects that Flotilla edits. Interfaces only; meanings are in shared/contract/projectFileCalls.ts. */
export interface ProjectFilesService {
  list(appId: string): Promise<ProjectFileEntry[]>;
  read(appId: string, path: string): Promise<ProjectFile>;
  context(appId: string, path: string): Promise<ProjectFileContext>;
  checkCompose(appId: string, path: string, text: string): Promise<ComposeDraft>;
  write(appId: string, path: string, text: string, version: string): Promise<ProjectFile>;
}
