import { execFileSync } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';
import { test as base, expect } from '@playwright/test';
import { type LabEngine, startLabEngine } from './LabEngine.ts';
import { type WebShell, startWebShell } from './WebShell.ts';

export { expect };

/** `test` with a private engine per spec file and a served Flotilla per test. */
export const test = base.extend<{ shell: WebShell }, { engine: LabEngine }>({
  engine: [
    // oxlint-disable-next-line no-empty-pattern -- Playwright reads the parameter's pattern
    async ({}, provide) => {
      const engine = await startLabEngine();
      await provide(engine);
      await engine.dispose();
    },
    { scope: 'worker', timeout: 180_000 },
  ],
  shell: async ({ engine }, provide) => {
    const shell = await startWebShell({ host: engine.host });
    await provide(shell);
    await shell.dispose();
  },
});

/** `docker` of the command line, against the lab engine: the independent witness. */
export function docker(engine: LabEngine, ...args: string[]): string {
  return execFileSync('docker', ['-H', engine.host, ...args], { encoding: 'utf8' }).trim();
}

/** What an app of this Compose project has left on the engine. */
export function leftOvers(engine: LabEngine, project: string): string[] {
  const label = `label=com.docker.compose.project=${project}`;
  return [
    docker(engine, 'ps', '-aq', '--filter', label),
    docker(engine, 'network', 'ls', '-q', '--filter', label),
    docker(engine, 'volume', 'ls', '-q', '--filter', label),
  ]
    .join('\n')
    .split('\n')
    .filter(Boolean);
}

/** Command lines of live processes started by `pid`. */
export function childProcesses(pid: number): string[] {
  return readdirSync('/proc')
    .filter((entry) => /^\d+$/.test(entry))
    .flatMap((entry) => {
      try {
        const parent = readFileSync(`/proc/${entry}/stat`, 'utf8').split(') ')[1]?.split(' ')[1];
        return parent === String(pid)
          ? [readFileSync(`/proc/${entry}/cmdline`, 'utf8').replaceAll('\0', ' ')]
          : [];
      } catch {
        return [];
      }
    });
}
