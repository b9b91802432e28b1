import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const MODULE = JSON.stringify(fileURLToPath(new URL('endWithNpm.mjs', import.meta.url)));

it.runIf(process.platform !== 'win32')(
  'a program ends with the npm that runs it, and only with that',
  async () => {
    for (const isOfNpm of [true, false]) {
      const { npm_lifecycle_event: _, ...env } = process.env;
      const program = `import { endWithNpm } from ${MODULE}; endWithNpm();
      process.on('SIGTERM', () => { console.log('ended'); process.exit(); });
      setTimeout(() => { console.log('still here'); process.exit(); }, ${isOfNpm ? 20_000 : 1_200});
      console.log('begun');`;
      // As npm does it: a shell between, which does not pass signals on.
      const shell = spawn('sh', ['-c', '"$NODE" --input-type=module --eval "$PROGRAM"; true'], {
        env: {
          ...env,
          NODE: process.execPath,
          PROGRAM: program,
          ...(isOfNpm ? { npm_lifecycle_event: 'start' } : {}),
        },
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      let said = '';
      shell.stdout.on('data', (chunk: Buffer) => (said += chunk.toString()));
      await expect.poll(() => said, { timeout: 10_000, interval: 20 }).toBe('begun\n');
      shell.kill('SIGKILL');
      await once(shell.stdout, 'close');
      expect(said).toBe(`begun\n${isOfNpm ? 'ended' : 'still here'}\n`);
    }
  },
);
