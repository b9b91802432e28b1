import { type ChildProcess, spawn } from 'node:child_process';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { connect, createServer } from 'node:net';
import { fileURLToPath } from 'node:url';

const folder = fileURLToPath(new URL('../../../resources/templates/monte-carlo-pi', import.meta.url));

interface Program {
  child: ChildProcess;
  lines: string[];
  exit: Promise<number | null>;
}

let port: number;
let programs: Program[];
/** Whatever the programs wrote to stderr: in every test, nothing. */
let complaints: string;

beforeEach(async () => {
  programs = [];
  complaints = '';
  const probe = createServer();
  await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve));
  port = (probe.address() as { port: number }).port;
  await new Promise((resolve) => probe.close(resolve));
});
afterEach(async () => {
  for (const { child } of programs) child.kill('SIGKILL');
  await Promise.all(programs.map((program) => program.exit));
  expect(complaints).toBe('');
});

function run(script: string, environment: Record<string, string>): Program {
  const child = spawn('python3', [script], {
    cwd: folder,
    env: { PATH: process.env['PATH'], PORT: String(port), PYTHONDONTWRITEBYTECODE: '1', ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const program: Program = {
    child,
    lines: [],
    exit: new Promise((resolve) => child.once('close', resolve)),
  };
  let held = '';
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    const parts = (held + text).split('\n');
    held = parts.pop() ?? '';
    program.lines.push(...parts);
  });
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    complaints += text;
  });
  programs.push(program);
  return program;
}

const runMain = (environment: Record<string, string> = {}) =>
  run('main.py', { CHUNK_SAMPLES: '20000', REPORT_SECONDS: '0.2', ...environment });
const runWorker = (name: string, environment: Record<string, string> = {}) =>
  run('worker.py', { MAIN_HOST: '127.0.0.1', WORKER_NAME: name, PACE: '0.3', ...environment });

async function until(condition: () => boolean, what: string): Promise<void> {
  const deadline = Date.now() + 10_000;
  while (!condition()) {
    if (Date.now() > deadline) throw new Error(`never: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

describe('the Monte Carlo sample', () => {
  it('reaches exactly its total though a worker is killed, and all exit 0', async () => {
    const first = runWorker('a');
    await until(() => first.lines.some((line) => line.includes('main is not there yet')), 'a early knock');
    const main = runMain({ TOTAL_SAMPLES: '1000000' });
    const second = runWorker('b', { PACE: '0.05' });
    await until(() => second.lines.some((line) => line.startsWith('[b] chunk')), 'a chunk of b');
    second.child.kill('SIGKILL');
    expect(await main.exit).toBe(0);
    expect(await first.exit).toBe(0);
    expect(main.lines.at(-1)).toMatch(/^final: π ≈ 3\.1\d+ ± 0\.00\d+ \| 1000000 samples$/);
    expect(main.lines.some((line) => /^worker b vanished; chunk \d+ goes to another$/.test(line))).toBe(true);
    expect(
      main.lines.some((line) =>
        /^π ≈ 3\.\d+ ± 0\.\d+ \| \d+\.\d M samples \| [12] workers? \| \d+\.\d M samples\/s$/.test(line),
      ),
    ).toBe(true);
  });

  it('begins a run that ends when all workers are there that main was told of, or after a while without them', async () => {
    const main = runMain({ TOTAL_SAMPLES: '60000', WORKER_COUNT: '2' });
    const first = runWorker('a', { PACE: '1' });
    await until(() => main.lines.includes('worker a joined'), 'the first');
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(first.lines.some((line) => line.startsWith('[a] chunk'))).toBe(false);
    runWorker('b', { PACE: '1' });
    expect(await main.exit).toBe(0);
    expect(main.lines).toContain('all 2 workers are here, the work begins');
    const alone = runMain({ TOTAL_SAMPLES: '20000', WORKER_COUNT: '2', JOIN_SECONDS: '0.1' });
    runWorker('c', { PACE: '1' });
    expect(await alone.exit).toBe(0);
    expect(alone.lines).toContain('1 of 2 workers came, the work begins without the others');
  });

  it('lets a worker finish its chunk on SIGTERM, within a second, and loses nothing', async () => {
    const main = runMain();
    // So slow that a chunk would take seconds at its own pace.
    const worker = runWorker('slow', { PACE: '0.01' });
    await until(() => main.lines.some((line) => line.includes('worker slow joined')), 'the join');
    await new Promise((resolve) => setTimeout(resolve, 200));
    const asked = Date.now();
    worker.child.kill('SIGTERM');
    expect(await worker.exit).toBe(0);
    expect(Date.now() - asked).toBeLessThan(1_000);
    await until(() => main.lines.includes('worker slow left'), 'a regular leave');
    expect(main.lines.join('\n')).not.toContain('vanished');
    expect(worker.lines.at(-1)).toBe('[slow] good-bye');
    main.child.kill('SIGTERM');
    expect(await main.exit).toBe(0);
    const handedIn = worker.lines.filter((line) => line.startsWith('[slow] chunk')).length;
    expect(main.lines.at(-1)).toContain(`| ${handedIn * 20_000} samples`);
  });

  it('drains main on SIGTERM; its workers look for the next one and carry on', async () => {
    const main = runMain();
    const worker = runWorker('w');
    await until(() => worker.lines.some((line) => line.includes('chunk')), 'a chunk');
    const asked = Date.now();
    main.child.kill('SIGTERM');
    expect(await main.exit).toBe(0);
    expect(Date.now() - asked).toBeLessThan(2_000);
    expect(main.lines.at(-1)).toMatch(/^final: π ≈ /);
    const next = runMain({ TOTAL_SAMPLES: '60000' });
    expect(await next.exit).toBe(0);
    expect(await worker.exit).toBe(0);
  });

  it('stops a worker that never found its main at once', async () => {
    const worker = runWorker('lost', { MAIN_HOST: 'no-such-name.invalid' });
    await until(() => worker.lines.length > 0, 'the first line');
    worker.child.kill('SIGTERM');
    const asked = Date.now();
    expect(await worker.exit).toBe(0);
    expect(Date.now() - asked).toBeLessThan(1_000);
  });

  it('is not upset by a caller that speaks another language', async () => {
    const main = runMain({ TOTAL_SAMPLES: '200000' });
    await until(() => main.lines.some((line) => line.startsWith('main listens')), 'the start');
    for (const text of ['GET / HTTP/1.1\r\n\r\n', '[]\n', '{"type":"hello"}\n{"id":-1,"inside":9e9}\n', '']) {
      const caller = connect(port, '127.0.0.1');
      caller.on('error', () => {});
      await new Promise<void>((resolve) => caller.once('connect', () => resolve()));
      caller.end(text);
    }
    const worker = runWorker('w', { PACE: '1' });
    expect(await main.exit).toBe(0);
    expect(await worker.exit).toBe(0);
    expect(main.lines.at(-1)).toContain('| 200000 samples');
  });
});
