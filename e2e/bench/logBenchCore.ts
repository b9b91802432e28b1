import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Core } from '#core/Core.ts';
import { createCore } from '#core/createCore.ts';
import type { LabEngine } from '../lab/LabEngine.ts';
import { projectRoot } from '../lab/WebShell.ts';

/** A core in this process with the product's own log threads. */
export async function logBenchCore(
  engine: LabEngine,
  dataFolder: string,
  env: NodeJS.ProcessEnv = {},
): Promise<{ core: Core }> {
  mkdirSync(dataFolder, { recursive: true });
  const core = await createCore({
    dataFolder,
    env,
    homeDirectory: dataFolder,
    templatesFolder: join(projectRoot, 'resources', 'templates'),
    onlyHost: engine.host,
    logWorkerFile: join(projectRoot, 'dist', 'cli', 'logWorker.mjs'),
    log: (message) => process.stderr.write(`${message}\n`),
  });
  core.engine.start();
  await core.engine.whenReady(10_000);
  return { core };
}
