import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { createHandlers } from '#ipc/handlers.ts';
import { createRouter } from '#ipc/Router.ts';
import { FlotillaError } from '#shared/contract/errors.ts';
import { startWebShell } from '../web/startWebShell.ts';
import { parseWhole } from './parseArguments.ts';
import type { CommandContext } from './runCommand.ts';

/** `flotilla serve`: the window in a browser, until it is interrupted. */
export async function serve({
  command,
  core,
  output,
  signal,
  productRoot,
  version,
}: CommandContext): Promise<number> {
  const rendererFolder = join(productRoot, 'dist', 'renderer');
  if (!existsSync(join(rendererFolder, 'index.html'))) {
    throw new FlotillaError('not-found', 'The window’s files are not built.', {
      hint: 'Build them: npm run build',
    });
  }
  const port = parseWhole(command.options.port ?? '0', 'port', 0, 65_535);
  const router = createRouter(createHandlers({ core, shell: 'web', version, homeDirectory: homedir() }));
  core.engine.start();
  const shell = await startWebShell({ router, rendererFolder, port });
  output.line(
    { ok: true, url: shell.url, port: shell.port },
    `Flotilla is ready. Open this private address:\n\n  ${shell.url}\n\nFrom another machine: ssh -L ${shell.port}:127.0.0.1:${shell.port} THIS_MACHINE, then open the same address there.\nCtrl-C ends it; what runs in containers goes on.`,
  );
  if (command.options.open === true) openBrowser(shell.url);
  await new Promise<void>((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
  await shell.dispose();
  return 0;
}

/** Without a browser to open, the printed address is enough. */
function openBrowser(url: string): void {
  const [program, args] =
    process.platform === 'darwin'
      ? ['open', [url]]
      : process.platform === 'win32'
        ? ['cmd', ['/c', 'start', '', url.replaceAll('&', '^&')]]
        : ['xdg-open', [url]];
  if (
    process.platform === 'linux' &&
    process.env['DISPLAY'] === undefined &&
    process.env['WAYLAND_DISPLAY'] === undefined
  )
    return;
  const child = spawn(program, args, { stdio: 'ignore', detached: true });
  child.on('error', () => undefined);
  child.unref();
}
