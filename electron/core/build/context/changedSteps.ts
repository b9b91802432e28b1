import { IgnoreRules } from '../ignoreRules.ts';
import type { WalkRequest } from './ContextJob.ts';
import { walkSteps } from './walkSteps.ts';

const MOST_NAMED = 3;

/** Which changes are looked for: plain data, for threads. */
export interface ChangesRequest extends WalkRequest {
  /** Epoch milliseconds. */
  sinceMs: number;
  /** Files and folders that count, with `/`; `''` is all of the context. */
  inside: readonly string[];
  /** Files and folders that do not. */
  outside: readonly string[];
}

export interface ChangedFiles {
  files: number;
  /** The last changed first, three at most. */
  newest: { path: string; changedMs: number }[];
}

/**
 * Finds the files of a context that the system saw change (ctime: no program can set it back) since a moment; those that are gone are not
 * found. @throws BuildProblem
 */
export function* changedSteps(request: ChangesRequest): Generator<void, ChangedFiles> {
  const { root, ignore, always, sinceMs, inside, outside } = request;
  const newest: ChangedFiles['newest'] = [];
  let files = 0;
  yield* walkSteps(
    { root, ignore: IgnoreRules.parse(ignore.text, ignore.file), always },
    {
      keep({ path, kind, changedMs }) {
        if (kind === 'folder' || changedMs <= sinceMs) return;
        if (!isWithin(path, inside) || isWithin(path, outside)) return;
        files += 1;
        newest.push({ path, changedMs });
        newest.sort((one, other) => other.changedMs - one.changedMs);
        newest.length = Math.min(newest.length, MOST_NAMED);
      },
      skip: () => undefined,
    },
  );
  return { files, newest };
}

/** Whether a path is one of some files and folders, or lies in one; `''` is all of the context. */
export function isWithin(path: string, folders: readonly string[]): boolean {
  return folders.some((folder) => folder === '' || path === folder || path.startsWith(`${folder}/`));
}
