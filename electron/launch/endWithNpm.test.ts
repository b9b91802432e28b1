import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const MODULE = JSON.stringify(fileURLToPath(new URL('endWithNpm.mjs', import.meta.url)));
/** Tells each SIGTERM, and takes two seconds to put away. */
const HEARS = `process.on('SIGTERM', () => { console.log('told'); setTimeout(() => process.exit(), 2_000); });`;

/** Runs a program as npm does, with a shell between, which does not pass signals on. */
async function run(more: string, env: NodeJS.ProcessEnv) {
  const { npm_lifecycle_event: _, ...plain } = process.env;
  const program = `import { endWithNpm } from ${MODULE}; endWithNpm(); ${more} console.log('pid ' + process.pid);`;
  const shell = spawn('sh', ['-c', '"$NODE" --input-type=module --eval "$PROGRAM"; true'], {
    env: { ...plain, ...env, NODE: process.execPath, PROGRAM: program },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let said = '';
  shell.stdout.on('data', (chunk: Buffer) => (said += chunk.toString()));
  await expect.poll(() => said, { timeout: 10_000, interval: 20 }).toMatch(/^pid \d+\n/);
  const over = once(shell.stdout, 'close');
  return {
    shell,
    pid: Number(said.slice(4)),
    rest: async () => {
      await over;
      return said.replace(/^pid \d+\n/, '');
    },
  };
}
const stays = (ms: number): string =>
  `setTimeout(() => { console.log('still here'); process.exit(); }, ${ms});`;

it.runIf(process.platform !== 'win32')(
  'a program ends with the npm that runs it, and only with that',
  async () => {
    const [own, other, both] = await Promise.all([
      run(HEARS + stays(20_000), { npm_lifecycle_event: 'start' }),
      run(HEARS + stays(4_000), {}),
      run(HEARS + stays(20_000), { npm_lifecycle_event: 'start' }),
    ]);
    // A whole group of processes is told to end: it is not told again.
    process.kill(both.pid, 'SIGTERM');
    for (const { shell } of [own, other, both]) shell.kill('SIGKILL');
    expect(await Promise.all([own.rest(), other.rest(), both.rest()])).toEqual([
      'told\n',
      'still here\n',
      'told\n',
    ]);
  },
);

it.runIf(process.platform !== 'win32')('one that hears no signals ends by them as before', async () => {
  const { pid, rest } = await run(stays(20_000), { npm_lifecycle_event: 'start' });
  process.kill(pid, 'SIGTERM');
  expect(await rest()).toBe('');
});
