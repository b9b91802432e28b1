import { z } from 'zod';
import type { ComposeDraft } from '../domain/ComposeDraft.ts';
import type { ProjectFile, ProjectFileContext, ProjectFileEntry } from '../domain/ProjectFile.ts';
import { returns } from './returns.ts';

const appId = z.string().min(1).max(128);
const path = z.string().min(1).max(1024);

/** Calls about the text files of an opened project that Flotilla edits: Dockerfiles and ignore files. */
export const projectFileCalls = {
  /** Dockerfiles, ignore files and compose files of the project, by the services that use them. */
  'files.list': {
    input: z.strictObject({ appId }),
    ...returns<ProjectFileEntry[]>(),
  },
  'files.read': { input: z.strictObject({ appId, path }), ...returns<ProjectFile>() },
  /** The files of the build context that a Dockerfile is used with. */
  'files.context': { input: z.strictObject({ appId, path }), ...returns<ProjectFileContext>() },
  /** What the project would be if one of its compose files had this text; nothing is written. */
  'files.checkCompose': {
    input: z.strictObject({ appId, path, text: z.string().max(1_048_576) }),
    ...returns<ComposeDraft>(),
  },
  /** Writes all of it or nothing. Rejects `conflict` when the file is no longer the `version` that was read. */
  'files.write': {
    input: z.strictObject({ appId, path, text: z.string().max(1_048_576), version: z.string().max(128) }),
    ...returns<ProjectFile>(),
  },
} as const;
