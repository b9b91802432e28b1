import { writeBeside } from '#core/store/writeBeside.ts';
import { mkdir, realpath, rename, rm, stat } from 'node:fs/promises';
import { dirname, join, sep } from 'node:path';
import { applyEdits } from '#shared/compose/applyEdits.ts';
import { FlotillaError } from '#shared/contract/errors.ts';
import type { TextEdit } from '#shared/domain/Diagnostic.ts';
import type { NodeProjectFiles } from './NodeProjectFiles.ts';

/**
 * Writes edits into a project, all or none: first every file is checked against the text the edits were made for, then each new text
 * is put beside its file, then they are renamed into place. Access rights are kept.
 *
 * @param expect SHA-256 of each file's text; null: it must not exist
 * @throws FlotillaError `file-changed` when a file is not what it was, `permission-denied` when it may not be written
 */
export async function writeEdits(
  root: string,
  files: NodeProjectFiles,
  edits: readonly TextEdit[],
  expect: Readonly<Record<string, string | null>>,
): Promise<void> {
  const texts = new Map<string, string>();
  for (const [file, hash] of Object.entries(expect)) {
    const present = await files.read(file);
    if (present.ok ? files.hash(present.text) !== hash : present.reason !== 'missing' || hash !== null) {
      throw new FlotillaError('file-changed', `${file} was changed since it was read; nothing was written.`, {
        hint: 'Look at it again, then try once more.',
        detail: { file },
      });
    }
    texts.set(file, present.ok ? present.text : '');
  }
  const written: { partial: string; path: string }[] = [];
  try {
    for (const [file, text] of texts) {
      const own = edits.filter((edit) => edit.file === file);
      if (own.length === 0) continue;
      const path = await safeTarget(root, file);
      const mode = await stat(path).then(
        (found) => found.mode & 0o777,
        () => 0o644,
      );
      written.push({ partial: await writeBeside(path, applyEdits(text, own), { mode }), path });
    }
    for (const { partial, path } of written) await rename(partial, path);
  } catch (error) {
    await Promise.all(written.map(({ partial }) => rm(partial, { force: true })));
    if (error instanceof FlotillaError) throw error;
    throw new FlotillaError(
      'permission-denied',
      `The change could not be written: ${(error as Error).message}.`,
      { hint: 'Check that you may write in the project folder and that the disk is not full.', cause: error },
    );
  }
}

/** Links are followed, so that a linked file stays a link, but not out of the folder. */
async function safeTarget(root: string, file: string): Promise<string> {
  const path = join(root, file);
  await mkdir(dirname(path), { recursive: true });
  const real = await realpath(path).catch(async () =>
    join(await realpath(dirname(path)), path.slice(dirname(path).length + 1)),
  );
  if (!real.startsWith(root + sep))
    throw new FlotillaError(
      'permission-denied',
      `${file} leads outside the project folder; it is not written.`,
    );
  return real;
}
