import { builtinModules } from 'node:module';
import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vitest/config';
import { TestOrder } from './e2e/lab/TestOrder.ts';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/**
 * dockerode and grpc-js read .proto files beside themselves and ssh2 probes for native parts, so neither survives
 * bundling; ws is left out for its optional natives.
 */
const external = [
  ...builtinModules,
  /^node:/,
  'electron',
  'dockerode',
  'docker-modem',
  '@grpc/grpc-js',
  'ws',
];

/** sonner puts a style element into the page, which our content security policy forbids; its style sheet is imported instead. */
const sonnerWithoutInlineStyle = {
  name: 'sonner-without-inline-style',
  transform(code: string, id: string) {
    if (!/node_modules[\\/]sonner[\\/]dist[\\/]index\.m?js/.test(id)) return undefined;
    const head = 'function __insertCSS(code) {';
    if (!code.includes(head))
      throw new Error('sonner has changed: its inline style is no longer where it was.');
    return { code: code.replace(head, `${head} return;`), map: null };
  },
};

const privileged = (entry: Record<string, string>, outDir: string) => ({
  consumer: 'server' as const,
  resolve: {
    noExternal: true as const,
    external: ['electron', 'dockerode', 'docker-modem', '@grpc/grpc-js', 'ws'],
  },
  build: {
    ssr: true,
    copyPublicDir: false,
    outDir: here(outDir),
    emptyOutDir: true,
    target: 'node20',
    minify: false,
    sourcemap: true,
    rollupOptions: {
      input: entry,
      external,
      output: {
        format: 'es' as const,
        entryFileNames: '[name].mjs',
        chunkFileNames: 'chunks/[name]-[hash].mjs',
      },
    },
  },
});

const threads = {
  logWorker: here('./electron/core/logs/threads/logWorker.ts'),
  contextWorker: here('./electron/core/build/context/contextWorker.ts'),
};

export default defineConfig({
  root: here('./renderer'),
  base: './',
  publicDir: here('./resources/public'),
  plugins: [react(), sonnerWithoutInlineStyle],
  css: { modules: { localsConvention: 'camelCaseOnly' } },
  builder: {
    async buildApp(builder) {
      for (const name of ['client', 'main', 'preload', 'cli']) {
        const environment = builder.environments[name];
        if (environment) await builder.build(environment);
      }
    },
  },
  environments: {
    client: {
      build: {
        outDir: here('./dist/renderer'),
        emptyOutDir: true,
        target: 'chrome120',
        sourcemap: false,
        modulePreload: { polyfill: false },
      },
    },
    main: privileged({ main: here('./electron/desktop/main.ts'), ...threads }, './dist/desktop'),
    cli: privileged({ flotilla: here('./electron/cli/flotilla.ts'), ...threads }, './dist/cli'),
    preload: {
      consumer: 'server',
      resolve: { noExternal: true, external: ['electron'] },
      build: {
        ssr: true,
        copyPublicDir: false,
        outDir: here('./dist/preload'),
        emptyOutDir: true,
        minify: false,
        rollupOptions: {
          input: { preload: here('./electron/desktop/preload.ts') },
          external: ['electron'],
          // A sandboxed preload can be neither an ES module nor load npm packages.
          output: { format: 'cjs', entryFileNames: '[name].cjs' },
        },
      },
    },
  },
  test: {
    root: here('.'),
    reporters: ['default'],
    expect: { poll: { timeout: 15_000 } },
    testTimeout: 60_000,
    hookTimeout: 60_000,
    sequence: { sequencer: TestOrder },
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['shared/**/*.test.ts', 'electron/**/*.test.ts', 'e2e/**/*.test.ts'],
          exclude: ['**/*.engine.test.ts'],
          environment: 'node',
          setupFiles: [here('./e2e/lab/freshModules.ts')],
          isolate: false,
        },
      },
      {
        extends: true,
        test: {
          name: 'renderer',
          include: ['renderer/**/*.test.{ts,tsx}'],
          environment: 'happy-dom',
          setupFiles: [here('./renderer/testSetup.ts')],
          isolate: false,
        },
      },
      {
        extends: true,
        test: {
          name: 'engine',
          include: ['electron/**/*.engine.test.ts'],
          environment: 'node',
          globalSetup: [here('./e2e/lab/vitestEngine.ts')],
          setupFiles: [here('./e2e/lab/engineOfWorker.ts')],
          testTimeout: 120_000,
          hookTimeout: 180_000,
          // Each worker has an engine of its own: these tests mostly wait for theirs. One that is named is for one file at a time.
          maxWorkers: process.env['FLOTILLA_TEST_DOCKER_HOST'] === undefined ? 2 : 1,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
});
