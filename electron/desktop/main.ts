import { readFileSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { app, BrowserWindow, session } from 'electron';
import { createCore } from '#core/createCore.ts';
import { dataFolder } from '#core/store/dataFolder.ts';
import { createHandlers } from '#ipc/handlers.ts';
import { createRouter } from '#ipc/Router.ts';
import { chooseFolder, openFolder } from './dialogs.ts';
import { CHANNELS, IpcBridge } from './ipcBridge.ts';
import { setApplicationMenu } from './menu.ts';
import { denyPermissions } from './permissions.ts';
import { registerScheme, serveRenderer } from './protocol.ts';
import { openWindow } from './window.ts';

/** Quitting must not hang on an engine that does not answer. */
const CLOSING_MS = 5_000;
const productRoot = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

app.enableSandbox();
registerScheme();

if (app.requestSingleInstanceLock()) void run();
else app.quit();

async function run(): Promise<void> {
  await app.whenReady();
  const version = (JSON.parse(readFileSync(join(productRoot, 'package.json'), 'utf8')) as { version: string })
    .version;
  const core = await createCore({
    dataFolder: dataFolder(process.env, homedir()),
    env: process.env,
    homeDirectory: homedir(),
    templatesFolder: join(productRoot, 'resources', 'templates'),
    // A thread's file is read by Node itself, which does not look into the archive.
    logWorkerFile: join(productRoot, 'dist', 'desktop', 'logWorker.mjs').replace(
      'app.asar',
      'app.asar.unpacked',
    ),
    keepLogs: true,
    keepDoors: true,
    log: (message) => console.error(message),
  });
  const bridge = new IpcBridge(
    createRouter(
      createHandlers({
        core,
        shell: 'desktop',
        version,
        homeDirectory: homedir(),
        dialogs: { chooseFolder, openFolder },
      }),
    ),
  );
  denyPermissions(session.defaultSession);
  serveRenderer(join(productRoot, 'dist', 'renderer'));
  setApplicationMenu(sendToFront);
  core.engine.start();

  const open = async (): Promise<void> => {
    const window = await openWindow(
      core.store,
      join(productRoot, 'dist', 'preload', 'preload.cjs'),
      (created) => bridge.admit(created.webContents),
    );
    for (const folder of foldersOf(process.argv)) window.webContents.send(CHANNELS.menu, `open:${folder}`);
  };
  await open();
  app.on('second-instance', (_event, argv, workingDirectory) => {
    const [window] = BrowserWindow.getAllWindows();
    if (window === undefined) return;
    if (window.isMinimized()) window.restore();
    window.focus();
    for (const folder of foldersOf(argv, workingDirectory))
      window.webContents.send(CHANNELS.menu, `open:${folder}`);
  });
  app.on('open-file', (event, path) => {
    event.preventDefault();
    sendToFront(`open:${path}`);
  });
  app.on('activate', () => {
    if (BrowserWindow.getAllWindows().length === 0) void open();
  });
  app.on('window-all-closed', () => {
    if (process.platform !== 'darwin') app.quit();
  });
  let closing = false;
  app.on('will-quit', (event) => {
    if (closing) return;
    closing = true;
    event.preventDefault();
    bridge.dispose();
    void Promise.race([core.dispose(), new Promise((resolve) => setTimeout(resolve, CLOSING_MS))]).finally(
      () => app.exit(0),
    );
  });
}

function sendToFront(command: string): void {
  (BrowserWindow.getFocusedWindow() ?? BrowserWindow.getAllWindows()[0])?.webContents.send(
    CHANNELS.menu,
    command,
  );
}

/** Project folders given on a command line; the program itself and its script come first. */
function foldersOf(argv: readonly string[], workingDirectory = process.cwd()): string[] {
  return argv.slice(app.isPackaged ? 1 : 2).flatMap((word) => {
    if (word.startsWith('-')) return [];
    const path = resolve(workingDirectory, word);
    return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true ? [path] : [];
  });
}
