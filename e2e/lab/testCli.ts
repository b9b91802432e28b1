import { type ChildProcess, spawn } from 'node:child_process';
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildSources, sourceRoot, THREADS } from './buildSources.ts';
import { type EngineTap, openEngineTap } from './EngineTap.ts';

/** Long enough for any command of the tests on a busy machine. */
const PATIENCE_MS = 60_000;

/** How a command ended, and what it asked of the engine. */
export interface CliRun {
  /** Null: it was killed. */
  code: number | null;
  errors: string;
  tap: Pick<EngineTap, 'changes' | 'mostOpen'>;
}

/** A signal that strikes a command at its nth change: before the engine has it, or when the engine has it and has not answered. */
export interface Strike {
  signal: 'SIGKILL' | 'SIGINT';
  /** Counts only changes whose path is like that. */
  of?: RegExp;
  nth: number;
  when: 'before' | 'after';
}

/** The command line as users have it, built from the sources, each command a process of its own. */
export interface TestCli {
  /** Resolves when the process is gone and the engine has done what it was asked for. */
  run(host: string, args: readonly string[], strike?: Strike): Promise<CliRun>;
  dispose(): void;
}

export async function buildTestCli(): Promise<TestCli> {
  // Workers beside one another have one each.
  const product = join(sourceRoot, '.cache', `test-cli-${process.env['VITEST_POOL_ID'] ?? '0'}`);
  const outDir = join(product, 'dist', 'cli');
  await buildSources(outDir, { flotilla: 'electron/cli/flotilla.ts', ...THREADS }, [
    'electron',
    'dockerode',
    'docker-modem',
    '@grpc/grpc-js',
    'ws',
  ]);
  copyFileSync(join(sourceRoot, 'package.json'), join(product, 'package.json'));
  const folder = mkdtempSync(join(tmpdir(), 'flotilla-cli-'));
  let count = 0;
  return {
    async run(host, args, strike) {
      let child: ChildProcess | undefined;
      let met = 0;
      const tap = await openEngineTap(join(folder, `${(count += 1)}.sock`), host, (change, when) => {
        if (strike === undefined || when !== strike.when || strike.of?.test(change.path) === false)
          return true;
        met += 1;
        if (met !== strike.nth) return true;
        child?.kill(strike.signal);
        return strike.signal !== 'SIGKILL';
      });
      try {
        child = spawn(process.execPath, [join(outDir, 'flotilla.mjs'), ...args, '--host', tap.host], {
          stdio: ['ignore', 'ignore', 'pipe'],
          env: { PATH: process.env['PATH'], HOME: folder },
        });
        const running = child;
        let errors = '';
        running.stderr?.on('data', (chunk: Buffer) => (errors = (errors + chunk.toString()).slice(-4_000)));
        const late = setTimeout(() => running.kill('SIGKILL'), PATIENCE_MS);
        const code = await new Promise<number | null>((resolve) => running.once('close', resolve));
        clearTimeout(late);
        await tap.settled();
        return { code, errors, tap };
      } finally {
        await tap.dispose();
      }
    },
    dispose: () => rmSync(folder, { recursive: true, force: true }),
  };
}
