import type { Core } from '#core/Core.ts';
import type { CallHandlers } from '../Router.ts';

/** What the calls about a project's files and about generating them do. */
export function projectHandlers({ projectFiles, generate }: Core) {
  return {
    'files.list': ({ appId }) => projectFiles.list(appId),
    'files.read': ({ appId, path }) => projectFiles.read(appId, path),
    'files.context': ({ appId, path }) => projectFiles.context(appId, path),
    'files.checkCompose': ({ appId, path, text }) => projectFiles.checkCompose(appId, path, text),
    'files.write': ({ appId, path, text, version }) => projectFiles.write(appId, path, text, version),
    'generate.propose': ({ appId, finding, choices }) => generate.propose(appId, { finding, choices }),
    'generate.write': ({ appId, files }) => generate.write(appId, files),
  } satisfies Partial<CallHandlers>;
}
