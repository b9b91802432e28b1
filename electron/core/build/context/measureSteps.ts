import { IgnoreRules } from '../ignoreRules.ts';
import type { SkippedEntry } from '../walkContext.ts';
import type { WalkRequest } from './ContextJob.ts';
import { type HeavyPath, WeighedFolder } from './WeighedFolder.ts';
import { walkSteps } from './walkSteps.ts';

/** Skipped entries are named up to here, then counted. */
const MOST_SKIPPED = 200;
const HEAVIEST = 10;

export interface MeasuredContext {
  files: number;
  bytes: number;
  heaviest: HeavyPath[];
  skipped: SkippedEntry[];
  ignoredFiles: number;
}

/** Walks a context for its weight alone: memory grows with its folders, not with its files. @throws BuildProblem */
export function* measureSteps(request: WalkRequest): Generator<void, MeasuredContext> {
  const total = new WeighedFolder();
  /** What the build itself needs cannot be left out: it is counted, not listed. */
  const needed = new WeighedFolder();
  const skipped: SkippedEntry[] = [];
  let moreSkipped = 0;
  let ignoredFiles = 0;
  yield* walkSteps(
    {
      root: request.root,
      ignore: IgnoreRules.parse(request.ignore.text, request.ignore.file),
      always: request.always,
    },
    {
      keep(entry) {
        const folder = request.always.includes(entry.path) ? needed : total;
        if (entry.kind !== 'folder') folder.add(entry.path, entry.sizeBytes);
      },
      skip(entry) {
        if (skipped.length < MOST_SKIPPED) skipped.push(entry);
        else moreSkipped += 1;
      },
      ignored(files) {
        ignoredFiles += files;
      },
    },
  );
  if (moreSkipped > 0) skipped.push({ path: '…', reason: `and ${moreSkipped.toLocaleString('en')} more` });
  return {
    files: total.files + needed.files,
    bytes: total.bytes + needed.bytes,
    heaviest: total.heaviest(HEAVIEST),
    skipped,
    ignoredFiles,
  };
}
