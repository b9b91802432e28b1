import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { DockerContextRecorder } from './DockerContextRecorder.ts';
import { type IgnoreCase, ignoreCases, leftOutOf, makeIgnoreFiles } from './ignoreCases.ts';

/** The command takes a tenth of a second; most of it is waiting. */
const AT_ONCE = 4;

it('the docker command leaves out what the table says', async () => {
  const version = Number(
    /version (\d+)/.exec(execFileSync('docker', ['--version'], { encoding: 'utf8' }))?.[1],
  );
  const cases = ignoreCases.filter(({ since }) => (since ?? 0) <= version);
  const folder = mkdtempSync(join(tmpdir(), 'flotilla-ignore-'));
  const recorder = await DockerContextRecorder.start(folder);
  const waiting = cases.entries();
  const wrong: { rules: string; docker: string; table: string }[] = [];
  let checked = 0;
  const check = async (root: string, at: number, { rules, leftOut, classic }: IgnoreCase): Promise<void> => {
    writeFileSync(join(root, '.dockerignore'), rules);
    const answer = await recorder.send(root, `case${at}`);
    const docker = leftOutOf('sent' in answer ? answer.sent : undefined);
    const table = classic ?? leftOut;
    checked += 1;
    if (docker !== table) wrong.push({ rules, docker, table });
  };
  try {
    await Promise.all(
      Array.from({ length: AT_ONCE }, async (_, lane) => {
        const root = join(folder, `lane${lane}`);
        makeIgnoreFiles(root);
        for (const [at, one] of waiting) await check(root, at, one);
      }),
    );
  } finally {
    await recorder.stop();
    rmSync(folder, { recursive: true, force: true });
  }
  expect(wrong).toEqual([]);
  expect(checked).toBe(cases.length);
});
