// `npm start`: installs, builds, opens the window; the web shell where there can be no window.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { endWithNpm } from './endWithNpm.mjs';
import { installPackages, root } from './installPackages.mjs';
import { buildProduct } from './buildProduct.mjs';

const DOWNLOAD_MS = 60_000;
const args = process.argv.slice(2);

endWithNpm();
installPackages();
if (!buildProduct()) process.exit(1);

const obstacle = whyNoWindow();
if (obstacle === undefined) run(electronBinary(), [join(root, 'dist/desktop/main.mjs'), ...args]);
else {
  console.error(`${obstacle}; opening the web shell instead.`);
  run(process.execPath, [join(root, 'dist/cli/flotilla.mjs'), 'serve', '--open', ...args]);
}

/** In a few words, or undefined where a window can be opened. */
function whyNoWindow() {
  if (process.platform === 'linux' && !process.env.DISPLAY && !process.env.WAYLAND_DISPLAY)
    return 'There is no display here';
  // Chromium refuses to run as root with its sandbox on, and we do not turn it off.
  if (process.platform === 'linux' && process.getuid?.() === 0) return 'Electron does not run as root';
  if (electronBinary() !== undefined) return undefined;
  console.error('Fetching Electron …');
  const outcome = spawnSync(process.execPath, [join(root, 'node_modules/electron/install.js')], {
    cwd: root,
    stdio: 'ignore',
    timeout: DOWNLOAD_MS,
  });
  if (electronBinary() !== undefined) return undefined;
  return `Electron's binary cannot be fetched (${outcome.error?.code === 'ETIMEDOUT' ? `no answer within ${DOWNLOAD_MS / 1000} s` : 'the download failed'})`;
}

function electronBinary() {
  const folder = join(root, 'node_modules/electron/dist');
  const names = ['electron', 'electron.exe', 'Electron.app/Contents/MacOS/Electron'];
  return names.map((name) => join(folder, name)).find((path) => existsSync(path));
}

function run(program, programArgs) {
  const child = spawn(program, programArgs, { stdio: 'inherit', cwd: process.cwd() });
  // Ctrl-C reaches the child by itself from a terminal; from elsewhere it is passed on. The child decides when all is put away.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'])
    process.on(signal, () => child.kill(signal === 'SIGHUP' ? 'SIGTERM' : signal));
  child.once('error', (error) => {
    console.error(`${program} could not be started: ${error.message}`);
    process.exitCode = 1;
  });
  child.once('exit', (code, signal) => (process.exitCode = code ?? (signal === null ? 1 : 130)));
}
