import { checkDraft } from '#shared/compose/edit/checkDraft.ts';
import { projectFileKind } from '#shared/dockerfile/projectFileKind.ts';
import { FlotillaError } from '#shared/contract/errors.ts';
import type { ProjectFile } from '#shared/domain/ProjectFile.ts';
import type { AppsService } from '../apps/AppsApi.ts';
import { NodeProjectFiles } from '../apps/NodeProjectFiles.ts';
import { contextOf, listProjectFiles } from './listProjectFiles.ts';
import type { ProjectFilesService } from './ProjectFilesApi.ts';
import { projectPath } from './projectPath.ts';
import { LARGEST_TEXT_BYTES, readProjectText, tooLarge, versionOf } from './readProjectText.ts';
import { replaceFile } from './replaceFile.ts';

/** Reads and writes Dockerfiles, ignore files and compose files of opened projects, and nothing else of them. */
export function createProjectFilesService({
  apps,
}: {
  apps: Pick<AppsService, 'project' | 'reload'>;
}): ProjectFilesService {
  /** The last write of each file: the next one begins when it has ended. */
  const writes = new Map<string, Promise<unknown>>();

  const locate = async (appId: string, path: string): Promise<string> => {
    const { path: root, model } = apps.project(appId);
    const real = await projectPath(root, path);
    if (projectFileKind(path, model) === undefined)
      throw new FlotillaError('permission-denied', `${path} is not for editing here.`, {
        hint: 'Only Dockerfiles, ignore files and compose files are.',
      });
    return real;
  };

  const replace = async (real: string, path: string, text: string, version: string): Promise<ProjectFile> => {
    const present = await readProjectText(real, path);
    if (present.version !== version) throw changed(path, present);
    const bytes = Buffer.from((present.bom ? '\uFEFF' : '') + text, 'utf8');
    if (bytes.length > LARGEST_TEXT_BYTES) throw tooLarge(path);
    if (present.exists && versionOf(bytes) === version) return present;
    await replaceFile(real, path, bytes, async () => {
      const now = await readProjectText(real, path);
      if (now.version !== version) throw changed(path, now);
    });
    return readProjectText(real, path);
  };

  return {
    async list(appId) {
      const { path: root, model } = apps.project(appId);
      const { paths } = await new NodeProjectFiles(root).list();
      return listProjectFiles(paths, model);
    },
    async read(appId, path) {
      return readProjectText(await locate(appId, path), path);
    },
    async context(appId, path) {
      const { path: root, model } = apps.project(appId);
      await locate(appId, path);
      return contextOf(path, await new NodeProjectFiles(root).list(), model);
    },
    async checkCompose(appId, path, text) {
      const { path: root, model } = apps.project(appId);
      await locate(appId, path);
      if (projectFileKind(path, model) !== 'compose')
        throw new FlotillaError('invalid-input', `${path} is no compose file.`);
      return checkDraft(new NodeProjectFiles(root), path, text);
    },
    async write(appId, path, text, version) {
      if (text.includes('\0') || text.startsWith('\uFEFF') || !isWellFormed(text))
        throw new FlotillaError('invalid-input', `${path}: this is no text that can be written as UTF-8.`, {
          hint: 'Remove zero bytes, byte order marks and halves of characters.',
        });
      const real = await locate(appId, path);
      const before = writes.get(real) ?? Promise.resolve();
      const own = before.then(
        () => replace(real, path, text, version),
        () => replace(real, path, text, version),
      );
      writes.set(real, own);
      try {
        const written = await own;
        // The file is written whatever reading the project then says: that is for the app's view to tell.
        await apps.reload(appId).catch(() => undefined);
        return written;
      } finally {
        if (writes.get(real) === own) writes.delete(real);
      }
    },
  };
}

function changed(path: string, present: ProjectFile): FlotillaError {
  return new FlotillaError(
    'conflict',
    present.exists
      ? `${path} was changed on disk since it was read; nothing was written.`
      : `${path} was removed since it was read; nothing was written.`,
    { hint: 'Compare both and choose.', detail: { file: path } },
  );
}

/** No half of a surrogate pair, which UTF-8 cannot hold. */
function isWellFormed(text: string): boolean {
  return !/[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/.test(text);
}
