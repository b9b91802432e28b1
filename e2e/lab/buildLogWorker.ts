import { builtinModules } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** Builds the log engine's threads for tests, which run the sources but cannot start a thread from them. Answers the file. */
export async function buildLogWorker(): Promise<string> {
  const outDir = join(root, '.cache', 'log-worker');
  await build({
    configFile: false,
    root,
    logLevel: 'warn',
    ssr: { noExternal: true },
    build: {
      ssr: join(root, 'electron/core/logs/threads/logWorker.ts'),
      outDir,
      emptyOutDir: true,
      copyPublicDir: false,
      target: 'node20',
      minify: false,
      rollupOptions: {
        external: [...builtinModules, /^node:/],
        output: { format: 'es', entryFileNames: 'logWorker.mjs' },
      },
    },
  });
  return join(outDir, 'logWorker.mjs');
}
