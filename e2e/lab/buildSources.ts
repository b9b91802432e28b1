import { builtinModules } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';

export const sourceRoot = fileURLToPath(new URL('../..', import.meta.url));

/** Entries of the threads of the log engine and of build contexts. */
export const THREADS = {
  logWorker: 'electron/core/logs/threads/logWorker.ts',
  contextWorker: 'electron/core/build/context/contextWorker.ts',
};

/** Bundles entries (by the name of the result, without `.mjs`) of the sources for tests that need them as files of their own. */
export async function buildSources(
  outDir: string,
  entries: Record<string, string>,
  external: (string | RegExp)[] = [],
): Promise<void> {
  await build({
    configFile: false,
    root: sourceRoot,
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
        input: Object.fromEntries(
          Object.entries(entries).map(([name, path]) => [name, join(sourceRoot, path)]),
        ),
        external: [...builtinModules, /^node:/, ...external],
        output: { format: 'es', entryFileNames: '[name].mjs' },
      },
    },
  });
}
