import { join } from 'node:path';
import { buildSources, sourceRoot, THREADS } from './buildSources.ts';

/**
 * Builds the threads of the log engine and of build contexts for tests, which run the sources but cannot start a thread
 * from them. Answers the file of the first; contextWorker.mjs lies beside it.
 */
export async function buildLogWorker(): Promise<string> {
  const outDir = join(sourceRoot, '.cache', 'log-worker');
  await buildSources(outDir, THREADS);
  return join(outDir, 'logWorker.mjs');
}
