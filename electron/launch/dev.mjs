// `npm run dev`: builds, serves, and does both again after every change.
import { spawn } from 'node:child_process';
import { watch } from 'node:fs';
import { join } from 'node:path';
import { endWithNpm } from './endWithNpm.mjs';
import { installPackages, root } from './installPackages.mjs';
import { buildProduct } from './buildProduct.mjs';

const QUIET_MS = 200;
const port = process.env.FLOTILLA_PORT ?? '5180';
let server;
let timer;

endWithNpm();
installPackages();
restart();
for (const folder of ['electron', 'renderer', 'shared', 'resources']) {
  watch(join(root, folder), { recursive: true }, (_, name) => {
    if (name !== null && /\.test\.tsx?$|\.tmp$/.test(name)) return;
    clearTimeout(timer);
    timer = setTimeout(restart, QUIET_MS);
  });
}
for (const signal of ['SIGINT', 'SIGTERM']) {
  process.on(signal, () => {
    server?.once('exit', () => process.exit(0));
    if (server === undefined || !server.kill(signal)) process.exit(0);
  });
}

function restart() {
  if (!buildProduct()) return;
  const previous = server;
  const begin = () => {
    server = spawn(
      process.execPath,
      [join(root, 'dist/cli/flotilla.mjs'), 'serve', '--port', port, ...process.argv.slice(2)],
      { stdio: 'inherit' },
    );
  };
  if (previous === undefined || previous.exitCode !== null) begin();
  else {
    previous.once('exit', begin);
    previous.kill('SIGTERM');
  }
}
