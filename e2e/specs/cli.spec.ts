import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { docker, expect, leftOvers, test } from '../lab/test.ts';
import { projectRoot, runFlotilla } from '../lab/WebShell.ts';

let folder: string;
test.beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'flotilla-cli-'));
});
test.afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

interface JsonResult {
  ok: boolean;
  event?: string;
  error?: { code: string; message: string };
  errors?: number;
  app?: { status: string; workers: { key: string; phase: string }[] };
  embedded?: { state: string };
  config?: unknown;
}

async function json(...args: string[]): Promise<{ code: number | null; result: JsonResult; stdout: string }> {
  const { code, stdout } = await runFlotilla([...args, '--json', '--data', join(folder, 'data')]);
  return { code, stdout, result: JSON.parse(stdout.trim().split('\n').at(-1) ?? 'null') as JsonResult };
}

test('an app’s life by commands, each with JSON and an exit code', async ({ engine }) => {
  const project = join(folder, 'cli-life');
  cpSync(join(projectRoot, 'e2e/fixtures/steady'), project, { recursive: true });
  const at = ['--host', engine.host];
  const phases = (result: JsonResult) => result.app?.workers.map((worker) => `${worker.key} ${worker.phase}`);

  expect(await json('check', project)).toMatchObject({ code: 0, result: { ok: true, errors: 0 } });
  const plan = async () =>
    (await runFlotilla(['plan', project, '--data', join(folder, 'data'), ...at])).stdout;
  expect(await plan()).toMatch(/^ {2}create {2}main-1 +it is not there yet$/m);
  const up = await json('up', project, ...at);
  expect(await plan()).toBe('Nothing to do.\n');
  expect(await json('plan', project, ...at)).toMatchObject({ code: 0, result: { plan: { steps: [] } } });
  expect(up.code).toBe(0);
  expect(up.result.app?.workers.every((worker) => worker.phase === 'running')).toBe(true);
  const scaled = await json('scale', project, 'worker=5', ...at);
  expect(scaled.code).toBe(0);
  expect(phases(scaled.result)).toEqual([
    'main-1 running',
    ...[1, 2, 3, 4, 5].map((index) => `worker-${index} running`),
  ]);
  expect(
    docker(engine, 'ps', '-q', '--filter', 'label=com.docker.compose.project=cli-life').split('\n'),
  ).toHaveLength(6);
  expect(phases((await json('ps', project, ...at)).result)).toHaveLength(6);
  expect(await json('metrics', project, 'worker', ...at)).toMatchObject({
    code: 0,
    result: {
      workers: Array.from({ length: 5 }, (_, index) => ({
        worker: `worker-${index + 1}`,
        state: 'live',
        cores: expect.any(Number),
        memory: expect.any(Number),
      })),
      services: [{ service: 'worker', processes: expect.any(Number) }],
    },
  });
  expect(
    (await runFlotilla(['metrics', project, '--prometheus', '--data', join(folder, 'data'), ...at])).stdout,
  ).toMatch(/^flotilla_memory_working_set_bytes\{app="cli-life",service="main",worker="main-1"\} \d+ \d+$/m);

  expect(await json('placement', project, '--workers', '3', ...at)).toMatchObject({
    code: 0,
    result: { placement: { topology: { source: { kind: 'machine' } }, plan: { places: [] } } },
  });

  const logs = await runFlotilla([
    'logs',
    project,
    'worker',
    '--tail',
    '2',
    '--json',
    '--data',
    join(folder, 'data'),
    ...at,
  ]);
  const lines = logs.stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { worker: string; time: string });
  expect(new Set(lines.map((line) => line.worker))).toEqual(
    new Set([1, 2, 3, 4, 5].map((index) => `worker-${index}`)),
  );
  expect(lines.map((line) => line.time)).toEqual(lines.map((line) => line.time).sort());
  expect(lines[0]?.time).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]{18}Z$/);

  const log = async (...args: string[]) =>
    (await runFlotilla(['logs', project, ...args, '--data', join(folder, 'data'), ...at])).stdout
      .trim()
      .split('\n')
      .filter(Boolean);
  const first = await log('--grep', 'line 1$');
  expect(first.filter((line) => line.startsWith('main-1 | main line 1'))).toHaveLength(1);
  expect(first).toHaveLength(6);
  expect(await log('--service', 'main', '--tail', '1')).toHaveLength(1);
  expect(await log('--service', 'worker-2', '--tail', '1')).toEqual([expect.stringMatching(/^worker-2 \| /)]);
  expect(await log('--level', 'error')).toEqual([]);
  const told = (...args: string[]) => runFlotilla([...args, '--data', join(folder, 'data'), ...at]);
  expect(await told('logs', project, '--level', 'error', '--since', '2100-01-01')).toEqual({
    code: 0,
    stdout: '',
    stderr: 'flotilla: There is no line in the log of cli-life with --since 2100-01-01 and --level error.\n',
  });
  expect((await told('logs', project, 'worker-2', 'worker-3', '--tail', '0')).stderr).toBe(
    'flotilla: There is no line in the log of worker-2 and worker-3 with --tail 0.\n',
  );
  expect((await log('--timestamps', '--tail', '1'))[0]).toMatch(/^\d{4}-.*Z \S+ \| /);

  expect(
    phases((await json('stop', project, ...at)).result)?.every((text) => /stopped|done/.test(text)),
  ).toBe(true);
  expect((await told('down', project)).stdout).toBe('cli-life is removed\n');
  expect(leftOvers(engine, 'cli-life')).toEqual([]);
  expect(await told('down', project)).toMatchObject({
    code: 0,
    stdout: 'Nothing of cli-life was there to be removed\n',
  });
});

test('exit codes and messages of what goes wrong', async ({ engine }) => {
  const at = ['--host', engine.host];
  const project = (name: string, compose: string): string => {
    mkdirSync(join(folder, name));
    writeFileSync(join(folder, name, 'compose.yaml'), compose);
    return join(folder, name);
  };
  const good = project('good', 'services: { a: { image: "busybox:latest", command: ["true"] } }\n');
  const big = project(
    'big',
    'services: { a: { image: "busybox:latest" } }\nx-flotilla: { requirements: [{ efficiency: 0.5 }] }\n',
  );
  const empty = join(folder, 'empty');
  mkdirSync(empty);
  const cases: [args: string[], code: number, message: string | RegExp][] = [
    [['frobnicate'], 2, 'There is no command “frobnicate”.'],
    [['constructor'], 2, 'There is no command “constructor”.'],
    [['up'], 2, '“up” needs the project folder.'],
    [['up', good, '--follow'], 2, '“up” has no option --follow.'],
    [['up', good, '--nonsense'], 2, 'There is no option --nonsense.'],
    [['up', good, '--retry-faild'], 2, 'There is no option --retry-faild, but --retry-failed.'],
    [['plan', good, '--build'], 2, '“plan” has no option --build.'],
    [['plan', empty, ...at], 3, /compose\.yaml|Dockerfile/],
    [['scale', good, 'a'], 2, '“a” is no SERVICE=N, as in worker=6.'],
    [['scale', good, 'a=many'], 2, '“many” is no number of replicas: a whole number from 0 to 1000.'],
    [['scale', good, 'a=-1'], 2, '“-1” is no number of replicas: a whole number from 0 to 1000.'],
    [['scale', good, 'a=1.5'], 2, '“1.5” is no number of replicas: a whole number from 0 to 1000.'],
    [['scale', good, 'a=1e9'], 2, '“1e9” is no number of replicas: a whole number from 0 to 1000.'],
    [['logs', good, '--tail', 'x', ...at], 2, '--tail x: give a whole number from 0 to 1000000000.'],
    [['logs', good, '--since', 'soon', ...at], 2, '--since soon: this is no time.'],
    [['logs', good, '--level', 'loud', ...at], 2, '--level loud: there is no such level.'],
    [['logs', good, '--grep', '(', ...at], 2, /^--grep: .*expression/],
    [['logs', good, '--service', 'nope', ...at], 2, 'good has no service or worker “nope”.'],
    [['logs', good, '--tail', '-3', ...at], 2, /^--tail needs a value/],
    [['logs', empty, ...at], 3, /compose\.yaml|Dockerfile/],
    [['build', good, 'nope', ...at], 2, 'good has no service “nope”.'],
    [['build', good, 'nope', '--progress', 'json', ...at], 2, 'good has no service “nope”.'],
    [['scale', good, 'nope=2', ...at], 2, 'good has no service “nope”.'],
    // Before hours of work, not after.
    [['study', good, '--workers', '1', '--service', 'nope', ...at], 2, 'good has no service “nope”.'],
    [['study', good, '--workers', '1', '--assert', ...at], 1, 'good has no requirements to assert.'],
    [['run', good, '--wait', '--assert', ...at], 1, 'good has no requirements that one run can be held to.'],
    [['run', big, '--wait', '--assert', ...at], 1, 'big has no requirements that one run can be held to.'],
    [['study', good, '--workers', '1', '--junit', `${folder}/no/j.xml`, ...at], 2, /^--junit .*no folder/],
    [['study', good, '--workers', '1', '--report', good, ...at], 2, /^--report .*that is a folder/],
    [['sweep', good, '--grid', 'a=1', '--output', `${folder}/no/t.csv`, ...at], 2, /^--output .*no folder/],
    [['sweep', good, '--grid', 'a=1', '--service', 'nope', ...at], 2, 'good has no service “nope”.'],
    [
      ['sweep', good, '--grid', 'a=1', '--column', 'loss=(', ...at],
      2,
      '--column loss: “(” is no regular expression: Unterminated group.',
    ],
    [
      ['sweep', good, '--grid', 'a=1', '--column', 'loss', ...at],
      2,
      '--column “loss” is no column of the log.',
    ],
    [['sweep', good, '--grid', 'a=1', '--result', 'loss', ...at], 2, /^--result “loss” is no column/],
    [['sweep', good, '--grid', 'a', ...at], 2, '--grid a: That is no axis of a grid.'],
    [['serve', '--port', '70000'], 2, '--port 70000: give a whole number from 0 to 65535.'],
    [['engine', 'dance'], 2, '“engine dance” is not known.'],
    [['check', join(folder, 'none')], 1, /does not exist/],
    [['check', join(projectRoot, 'e2e/fixtures/article')], 3, ''],
    [
      ['up', project('bad', 'services: { a: { image: x, depends_on: [b] } }\n'), ...at],
      3,
      /^compose\.yaml:1: a depends on “b”/,
    ],
    [
      // Of the text itself, whatever else seems amiss above it.
      ['plan', project('askew', 'services:\n  a:\n    build: .\n   image: x\n'), ...at],
      3,
      /^compose\.yaml:4: This is no YAML/,
    ],
    [['up', good, '--host', `unix://${folder}/none.sock`], 4, /^No container engine answers/],
    [
      ['up', project('danger', 'services: { a: { image: "busybox:latest", pid: host } }\n'), ...at],
      5,
      /asks for more than a container may: a: pid host/,
    ],
    [
      ['up', project('broken', 'services: { a: { image: "busybox:latest", command: [nonesuch] } }\n'), ...at],
      1,
      /^a-1 could not be started/,
    ],
  ];
  for (const [args, code, message] of cases) {
    const answer = await json(...args);
    expect(answer.code, args.join(' ')).toBe(code);
    if (args.includes('--progress')) expect(answer.result.event).toBe('result');
    if (message !== '')
      expect(answer.result.error?.message, args.join(' ')).toEqual(
        message instanceof RegExp ? expect.stringMatching(message) : message,
      );
  }
  for (const [list, none] of [
    ['studies', { studies: [] }],
    ['sweeps', { sweeps: [] }],
  ] as const)
    expect(await json(list, good, ...at)).toMatchObject({ code: 0, result: none });
  // What a failed step printed is told by commands that do not show builds.
  const built = project('unbuilt', 'services: { a: { build: . } }\n');
  writeFileSync(join(built, 'Dockerfile'), 'FROM busybox:latest\nRUN echo no compiler; exit 3\n');
  const failed = await runFlotilla(['up', built, ...at, '--data', join(folder, 'data')]);
  expect(failed.code).toBe(1);
  expect(failed.stderr).toMatch(
    /The build of a failed: Dockerfile:2: .*\n(?: {2}\| .*\n)* {2}\| no compiler\n/,
  );
  // A folder that is no project is not remembered.
  const kept = readFileSync(join(folder, 'data', 'projects.json'), 'utf8');
  expect(kept).not.toContain(empty);
  expect(docker(engine, 'ps', '-aq')).toBe('');
  docker(engine, 'network', 'prune', '-f');
});

test('a command tells nothing but its result on standard output, and its help', async () => {
  const help = await runFlotilla(['--help']);
  expect(help.code).toBe(0);
  expect(help.stdout).toContain('Usage: flotilla COMMAND');
  const bad = await runFlotilla(['frobnicate']);
  expect(bad.stdout).toBe('');
  expect(bad.stderr).toBe(
    'flotilla: There is no command “frobnicate”.\n  flotilla --help shows what there is.\n',
  );
});

test('the private engine: started by one command, found by itself, outlives it, stopped by another', async () => {
  test.skip(process.getuid?.() !== 0, 'not run: a private dockerd needs root');
  const data = join(folder, 'data');
  const cli = join(projectRoot, 'dist/cli/flotilla.mjs');
  // In a network of its own, so that it meets no other engine's bridge and rules.
  const output = execFileSync(
    'unshare',
    [
      '--net',
      'sh',
      '-c',
      `ip link set lo up; exec "$0" "$@"`,
      process.execPath,
      cli,
      'engine',
      'start',
      '--json',
      '--data',
      data,
    ],
    { encoding: 'utf8' },
  );
  try {
    expect((JSON.parse(output) as JsonResult).embedded).toMatchObject({ state: 'running' });
    expect(existsSync(join(data, 'engine/engine.sock'))).toBe(true);
    const project = join(folder, 'nothing');
    mkdirSync(project);
    writeFileSync(join(project, 'compose.yaml'), 'services: { a: { image: "busybox:latest" } }\n');
    const ps = await runFlotilla(['ps', project, '--json', '--data', data], {
      DOCKER_HOST: '',
      HOME: folder,
    });
    expect(JSON.parse(ps.stdout)).toMatchObject({ ok: true, app: { workers: [] } });
  } finally {
    expect((await json('engine', 'stop')).result.embedded).toMatchObject({ state: 'stopped' });
  }
  expect(existsSync(join(data, 'engine/engine.sock'))).toBe(false);
  expect(
    execFileSync('sh', ['-c', `pgrep -fc "$0" || true`, `${data}/engine`], { encoding: 'utf8' }).trim(),
  ).toMatch(/^[01]$/);
});

test('config: the project as compose understands it, without an engine, and where it is wrong', async () => {
  const project = join(folder, 'resolved');
  mkdirSync(project);
  writeFileSync(
    join(project, 'compose.yaml'),
    'services:\n  web:\n    image: "web:${TAG}"\n    ports: ["8080:80"]\n  tool: {image: tool, profiles: [dev]}\n',
  );
  writeFileSync(
    join(project, 'compose.override.yaml'),
    'services: {web: {ports: ["8081:81"], hostname: h}}\n',
  );
  writeFileSync(join(project, '.env'), 'TAG=5\n');
  // The environment of the command is not the project's.
  const run = (...args: string[]) => runFlotilla(['config', project, ...args], { TAG: 'leaked' });

  const yaml = await run();
  expect(yaml).toMatchObject({ code: 0, stderr: '' });
  expect(yaml.stdout).toContain('image: web:5\n');
  expect(yaml.stdout).toContain('published: "8081"\n');
  // What is printed is a compose file: it resolves to itself.
  writeFileSync(join(project, 'again.yaml'), yaml.stdout);
  expect((await run('--file', 'again.yaml')).stdout).toBe(yaml.stdout);

  const { result } = await json('config', project);
  expect(result).toMatchObject({ ok: true, config: { services: { web: { hostname: 'h', command: null } } } });
  expect((await run('--services', '--profile', 'dev')).stdout).toBe('tool\nweb\n');

  writeFileSync(join(project, 'compose.override.yaml'), 'services:\n  web:\n    prots: []\n');
  const wrong = await run();
  expect(wrong).toMatchObject({ code: 3, stdout: '' });
  expect(wrong.stderr).toContain(
    'compose.override.yaml:3:5: error: Compose knows no “prots” in services.web; is “ports” meant?',
  );
  expect((await run('--servces')).code).toBe(2);
});

test('up --wait tells which worker failed, with its last lines', async ({ engine }) => {
  const project = join(folder, 'cli-wait');
  mkdirSync(project);
  const compose = (command: string): string =>
    `services:\n  main:\n    image: busybox:latest\n    init: true\n    command: [sh, -c, '${command}']\n    healthcheck: { test: [CMD, test, -f, /ready], interval: 200ms }\n`;
  const up = (...more: string[]) =>
    runFlotilla(['up', project, '--host', engine.host, '--data', join(folder, 'data'), ...more]);
  try {
    writeFileSync(join(project, 'compose.yaml'), compose('echo no licence; sleep 0.2; exit 3'));
    const failed = await up('--wait');
    expect(failed.code).toBe(1);
    expect(failed.stderr).toContain('flotilla: main-1 ended with code 3.\n  | no licence\n');
    writeFileSync(join(project, 'compose.yaml'), compose('touch /ready; exec sleep 1000'));
    expect((await up('--wait-timeout', '0')).code).toBe(2);
    const done = await up('--wait', '--wait-timeout', '60');
    expect(done.code).toBe(0);
    expect(docker(engine, 'inspect', '--format', '{{.State.Health.Status}}', 'cli-wait-main-1')).toBe(
      'healthy',
    );
  } finally {
    await runFlotilla(['down', project, '--host', engine.host, '--data', join(folder, 'data')]);
  }
  expect(leftOvers(engine, 'cli-wait')).toEqual([]);
});
