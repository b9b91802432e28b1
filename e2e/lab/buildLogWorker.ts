import { builtinModules } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';

const root = fileURLToPath(new URL('../..', import.meta.url));

/**
 * Builds the threads of the log engine and of build contexts for tests, which run the sources but cannot start a thread
 * from them. Answers the file of the first; contextWorker.mjs lies beside it.
 */
export async function buildLogWorker(): Promise<string> {
  const outDir = join(root, '.cache', 'log-worker');
  await build({
    configFile: false,
    root,
    logLevel: 'warn',
    ssr: { noExternal: true },
    build: {
      ssr: true,
      outDir,
      emptyOutDir: true,
      copyPublicDir: false,
      target: 'node20',
      minify: false,
      rollupOptions: {
        input: {
          logWorker: join(root, 'electron/core/logs/threads/logWorker.ts'),
          contextWorker: join(root, 'electron/core/build/context/contextWorker.ts'),
        },
        external: [...builtinModules, /^node:/],
        output: { format: 'es', entryFileNames: '[name].mjs' },
      },
    },
  });
  return join(outDir, 'logWorker.mjs');
}
