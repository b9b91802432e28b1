import { BuildProblem } from './BuildProblem.ts';
import type { TarEntry } from './context/tarHeader.ts';
import { walkSteps } from './context/walkSteps.ts';
import { IgnoreRules } from './ignoreRules.ts';

/** As it was when the folder was read; the packer looks again. */
export interface ContextEntry extends TarEntry {
  /** When the system last saw content or attributes change (ctime): epoch milliseconds. No program can set it back. */
  changedMs: number;
}

export interface SkippedEntry {
  path: string;
  reason: string;
}

export interface ContextTree {
  /** Sorted by path bytes within each folder, folders before what they hold. */
  entries: ContextEntry[];
  files: number;
  bytes: number;
  skipped: SkippedEntry[];
}

export interface ContextLimits {
  /** Files and links. */
  files: number;
  bytes: number;
}

export const DEFAULT_CONTEXT_LIMITS: ContextLimits = { files: 200_000, bytes: 2 * 1024 ** 3 };

export interface WalkOptions {
  /** A real path. */
  root: string;
  ignore?: IgnoreRules;
  /** Kept whatever the rules say: the Dockerfile, .dockerignore. */
  always?: readonly string[];
  limits?: ContextLimits;
  /** Where the result is gathered; what is in it already before the end is final. */
  tree?: ContextTree;
}

export const emptyTree = (): ContextTree => ({ entries: [], files: 0, bytes: 0, skipped: [] });

/**
 * Lists what a build context holds, following no link, step by step: see walkSteps.
 * @throws BuildProblem for a folder that cannot be read and when a limit is passed.
 */
export function* walkContext({
  root,
  ignore = IgnoreRules.none,
  always = [],
  limits = DEFAULT_CONTEXT_LIMITS,
  tree = emptyTree(),
}: WalkOptions): Generator<void, ContextTree> {
  yield* walkSteps(
    { root, ignore, always },
    {
      keep(entry) {
        tree.entries.push(entry);
        if (entry.kind === 'folder') return;
        tree.files += 1;
        tree.bytes += entry.sizeBytes;
        if (tree.files > limits.files || tree.bytes > limits.bytes)
          throw contextTooLarge(limits, tree, entry.path);
      },
      skip: (skipped) => tree.skipped.push(skipped),
    },
  );
  return tree;
}

/** What a build says of a context over the limits. */
export function contextTooLarge(
  limits: ContextLimits,
  size: { files: number; bytes: number },
  /** The one that was too much, when it is known. */
  lastPath?: string,
): BuildProblem {
  const what =
    size.files > limits.files
      ? `more than ${limits.files.toLocaleString('en')} files`
      : `more than ${(limits.bytes / 1024 ** 2).toLocaleString('en', { maximumFractionDigits: 1 })} MiB`;
  return new BuildProblem({
    message: `The build context holds ${what}${lastPath === undefined ? '' : `; the last one met was \`${lastPath}\``}.`,
    hint: 'List what the image does not need in .dockerignore, e.g. data, results, .git, node_modules, .venv.',
  });
}
