import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { docker, expect, test } from '../lab/test.ts';
import { runFlotilla } from '../lab/WebShell.ts';

let folder: string;
test.beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'flotilla-study-'));
});
test.afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Sleeps two seconds, shared among its workers. */
function project(name: string, requirements: string): string {
  const path = join(folder, name);
  mkdirSync(path);
  writeFileSync(
    join(path, 'compose.yaml'),
    `services:
  worker:
    image: busybox:latest
    command: [sh, -c, 'test $$WORKER_COUNT = 1 && exec sleep 2; exec sleep 1']
    x-flotilla: { role: worker }
x-flotilla:
  requirements: ${requirements}
`,
  );
  return path;
}

test('a study by command: table and verdict, requirements met and not, a baseline, exit codes', async ({
  engine,
}) => {
  const path = project('study-cli', '[{ at: 2, time: 20s }, { at: 2, slowdown: 900%, baseline: first }]');
  const at = ['--host', engine.host, '--data', join(folder, 'data')];
  const junit = join(folder, 'junit.xml');
  const options = ['--workers', '2,1', '--reps', '1', '--seed', '7', '--cooldown', '0s', ...at];

  const first = await runFlotilla([
    'study',
    path,
    ...options,
    '--name',
    'first',
    '--assert',
    '--junit',
    junit,
  ]);
  expect(first.code).toBe(1);
  expect(first.stdout).toMatch(/^study-cli, strong scaling of worker on Docker .+; seed 7$/m);
  expect(first.stdout).toMatch(/^ +2 +1 +\d\.\d\d s /m);
  expect(first.stdout).toContain('Best value at 2 workers: ');
  expect(first.stdout).toContain('- No intervals: 1 repetitions are too few');
  expect(first.stdout).toMatch(/^pass +time at most 20\.0 s with 2 workers: \d\.\d\d s$/m);
  expect(first.stdout).toMatch(/^UNKNOWN +at most 900 % slower than “first” with 2 workers: not known/m);
  expect(readFileSync(junit, 'utf8')).toContain('tests="2" failures="0" errors="1"');

  const second = await runFlotilla(['study', path, ...options, '--compare', 'first', '--assert', '--json']);
  expect(second.code).toBe(0);
  expect(JSON.parse(second.stdout)).toMatchObject({
    ok: true,
    record: { plan: { workers: [1, 2], repetitions: 1, seed: 7 }, runs: [{}, {}, {}, {}] },
    report: { remaining: 0, base: { workers: 1 } },
    requirements: [{ status: 'pass' }, { status: 'pass' }],
    comparison: { at: [{ workers: 1 }, { workers: 2 }] },
  });

  expect(await runFlotilla(['study', path, ...at])).toMatchObject({ code: 2 });
  expect(await runFlotilla(['study', path, '--workers', '1,x', ...at])).toMatchObject({ code: 2 });
  const none = await runFlotilla(['study', path, '--resume', ...at]);
  expect(none.code).toBe(1);
  expect(none.stderr).toContain('There is no study of this app to go on with.');
  const unknown = await runFlotilla(['study', path, ...options, '--compare', 'other']);
  expect(unknown.stderr).toContain('There is no whole study called “other”.\n  There are: first.');
  expect(docker(engine, 'ps', '-aq', '--filter', 'label=io.flotilla.study')).toBe('');
});
