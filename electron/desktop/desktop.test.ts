import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { MessagePort } from 'node:worker_threads';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { BridgeAnswer, PortMessage } from '#shared/contract/Bridge.ts';
import { MAX_CALLS_IN_FLIGHT } from '#shared/contract/wire.ts';
import { app, BrowserWindow, ipcMain, ipcRenderer, record } from './testing/electronStandIn.ts';

vi.mock('electron', () => import('./testing/electronStandIn.ts'));

const projectRoot = dirname(dirname(import.meta.dirname));
let folder: string;
let window: BrowserWindow;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'flotilla-desktop-'));
  process.env['FLOTILLA_DATA'] = join(folder, 'data');
  // No engine: the address leads nowhere.
  process.env['DOCKER_HOST'] = `unix://${folder}/none.sock`;
  await import('./main.ts');
  await vi.waitUntil(() => record.windows[0]?.url === 'app://flotilla/index.html', { timeout: 10_000 });
  window = record.windows[0] as BrowserWindow;
});
afterAll(async () => {
  app.quit();
  await vi.waitUntil(() => record.exitCode === 0, { timeout: 9_000 });
  delete process.env['FLOTILLA_DATA'];
  delete process.env['DOCKER_HOST'];
  rmSync(folder, { recursive: true, force: true });
});

const page = (over: { url?: string; parent?: unknown; id?: number } = {}) => ({
  sender: Object.assign(window.webContents, over.id === undefined ? {} : {}),
  senderFrame: { url: over.url ?? 'app://flotilla/index.html', parent: over.parent ?? null },
});
let nextId = 1;
const call = (name: unknown, input: unknown, event: unknown = page(), id: unknown = nextId++) =>
  (record.handlers.get('flotilla:call') as unknown as (...args: unknown[]) => Promise<BridgeAnswer>)(
    event,
    id,
    name,
    input,
  );

/** Opens a stream as the page does; answers its port and what came. */
function openStream(name: string, input: unknown): { port: MessagePort; messages: PortMessage[] } {
  const id = nextId++;
  ipcMain.emit('flotilla:stream', page(), id, name, input);
  const posted = window.webContents.posted.find((entry) => entry.message.id === id);
  if (posted === undefined) throw new Error('No port came.');
  const messages: PortMessage[] = [];
  posted.port.on('message', (message: PortMessage) => messages.push(message));
  return { port: posted.port, messages };
}

describe('main', () => {
  it('opens one sandboxed, isolated window on its own scheme, shown when there is something to see', () => {
    expect(record.sandboxed).toBe(true);
    expect(window.options.show).toBe(false);
    expect(window.shown).toBe(true);
    expect(window.options.webPreferences).toEqual({
      preload: join(projectRoot, 'dist/preload/preload.cjs'),
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webSecurity: true,
      allowRunningInsecureContent: false,
      webviewTag: false,
      navigateOnDragDrop: false,
      spellcheck: false,
    });
    expect(record.schemes).toEqual([
      { scheme: 'app', privileges: { standard: true, secure: true, supportFetchAPI: true } },
    ]);
  });

  it('answers calls over the contract', async () => {
    expect(await call('app.info', {})).toMatchObject({
      ok: true,
      value: { shell: 'desktop', sampleNames: ['monte-carlo-pi'] },
    });
    expect(await call('engine.list', {})).toMatchObject({ ok: true });
  });

  it('opens the folder that the system’s dialog gives, and nothing when it is dismissed', async () => {
    expect(await call('apps.chooseFolder', {})).toEqual({ ok: true, value: null });
    mkdirSync(join(folder, 'project'));
    writeFileSync(join(folder, 'project/compose.yaml'), 'services: { a: { image: busybox } }\n');
    record.chosenFolders.push(join(folder, 'project'));
    expect(await call('apps.chooseFolder', {})).toMatchObject({
      ok: true,
      value: { title: 'project', services: [{ name: 'a' }] },
    });
  });

  it.each([
    ['a page of another origin', { url: 'https://evil.example/' }],
    ['a page of a host like ours', { url: 'app://flotilla.evil/' }],
    ['a page of no address', { url: 'about:blank' }],
    ['a file', { url: 'file:///etc/passwd' }],
    ['a frame inside our page', { parent: {} }],
  ])('refuses %s (61)', async (_, over) => {
    expect(await call('app.info', {}, page(over))).toMatchObject({
      ok: false,
      error: { code: 'permission-denied', message: 'Only Flotilla’s own page may call.' },
    });
    const before = window.webContents.posted.length;
    ipcMain.emit('flotilla:stream', page(over), nextId++, 'apps', {});
    expect(window.webContents.posted).toHaveLength(before);
  });

  it('refuses a frame that is gone, and a window it did not open', async () => {
    expect(await call('app.info', {}, { sender: window.webContents, senderFrame: null })).toMatchObject({
      ok: false,
      error: { code: 'permission-denied' },
    });
    expect(await call('app.info', {}, { ...page(), sender: { id: 4711 } })).toMatchObject({
      ok: false,
      error: { code: 'permission-denied' },
    });
  });

  it('refuses wrong calls, each with its reason (61)', async () => {
    const cyclic: Record<string, unknown> = {};
    cyclic['self'] = cyclic;
    expect(await call('docker.anything', {})).toMatchObject({
      ok: false,
      error: { code: 'not-found', message: 'There is no call “docker.anything”.' },
    });
    expect(await call('apps.get', { appId: 'x', extra: 1 })).toMatchObject({
      ok: false,
      error: { code: 'invalid-input' },
    });
    expect(await call('apps.get', cyclic)).toMatchObject({
      ok: false,
      error: { code: 'too-large', message: 'A call may carry 1 MiB.' },
    });
    expect(await call('apps.open', { path: 'x'.repeat(100_000_000) })).toMatchObject({
      ok: false,
      error: { code: 'too-large' },
    });
    expect(await call(7, {})).toMatchObject({ ok: false, error: { code: 'invalid-input' } });
    expect(await call('app.info', {}, page(), 'id')).toMatchObject({
      ok: false,
      error: { code: 'invalid-input' },
    });
    expect(await call('apps.stop', { appId: 'someone-elses' })).toMatchObject({
      ok: false,
      error: { code: 'not-found' },
    });
  });

  it('holds 10,000 calls at once at the limit, and answers all', async () => {
    const answers = await Promise.all(Array.from({ length: 10_000 }, () => call('app.info', {})));
    expect(answers.filter((answer) => answer.ok)).toHaveLength(MAX_CALLS_IN_FLIGHT);
    expect(answers.filter((answer) => !answer.ok && answer.error.code === 'conflict')).toHaveLength(
      10_000 - MAX_CALLS_IN_FLIGHT,
    );
    expect(await call('app.info', {})).toMatchObject({ ok: true });
  });

  it('streams over a port under credit, and ends when the page closes it', async () => {
    const { port, messages } = openStream('apps', {});
    await new Promise((resolve) => setTimeout(resolve, 30));
    expect(messages).toEqual([]);
    port.postMessage({ type: 'credit', count: 1 });
    await expect.poll(() => messages.length).toBe(1);
    expect(messages[0]).toMatchObject({ type: 'batch', items: [{ kind: 'snapshot' }] });
    await call('apps.openSample', { name: 'monte-carlo-pi' });
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(messages).toHaveLength(1);
    port.postMessage({ type: 'nonsense' });
    port.postMessage({ type: 'credit', count: 5 });
    await expect.poll(() => messages.length).toBeGreaterThan(1);
    port.postMessage({ type: 'cancel' });
    port.close();
  });

  it('says what is wrong with a stream on its port', async () => {
    const { port, messages } = openStream('logs', { appId: 5 });
    await expect.poll(() => messages).toMatchObject([{ type: 'error', error: { code: 'invalid-input' } }]);
    port.close();
  });

  it('ends a page’s streams when the page is reloaded', async () => {
    const { port, messages } = openStream('engineState', {});
    port.postMessage({ type: 'credit', count: 1 });
    await expect.poll(() => messages.length).toBe(1);
    window.webContents.emit('did-start-navigation', { isMainFrame: true, isSameDocument: false });
    port.postMessage({ type: 'credit', count: 60 });
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(messages).toHaveLength(1);
    port.close();
  });

  it('leaves its page never, opens no windows, embeds nothing; a link to the documents opens outside', () => {
    for (const event of ['will-navigate', 'will-frame-navigate', 'will-redirect', 'will-attach-webview']) {
      const preventDefault = vi.fn<() => void>();
      window.webContents.emit(event, { preventDefault });
      expect(preventDefault, event).toHaveBeenCalledOnce();
    }
    for (const url of [
      'https://evil.example/',
      'http://docs.docker.com/',
      'file:///etc/passwd',
      'javascript:alert(1)',
      'https://user@github.com/',
      'https://github.com:8443/',
      'https://github.com.evil.example/',
    ]) {
      expect(window.webContents.openHandler?.({ url })).toEqual({ action: 'deny' });
    }
    expect(record.openedOutside).toEqual([]);
    expect(window.webContents.openHandler?.({ url: 'https://docs.docker.com/compose/' })).toEqual({
      action: 'deny',
    });
    expect(record.openedOutside).toEqual(['https://docs.docker.com/compose/']);
  });

  it('stays when something is unwritten, unless told to leave', () => {
    const leaves = (button: number): boolean => {
      record.pressedButton = button;
      let left = false;
      window.webContents.emit('will-prevent-unload', { preventDefault: () => (left = true) });
      return left;
    };
    expect([leaves(0), leaves(1)]).toEqual([false, true]);
  });

  it('grants two permissions and no other, at all three doors', () => {
    const asked = (permission: string): boolean => {
      let answer: boolean | undefined;
      record.permissions.request?.(null, permission, (granted) => (answer = granted));
      expect(record.permissions.check?.(null, permission)).toBe(answer);
      return answer ?? true;
    };
    for (const permission of [
      'media',
      'geolocation',
      'clipboard-read',
      'midi',
      'openExternal',
      'fullscreen',
      'hid',
      'serial',
      'usb',
      'display-capture',
      '__proto__',
    ])
      expect(asked(permission), permission).toBe(false);
    for (const permission of ['clipboard-sanitized-write', 'notifications'])
      expect(asked(permission), permission).toBe(true);
    expect(record.permissions.device?.()).toBe(false);
  });

  it('serves only its own files, under the strict policy', async () => {
    const serve = record.protocols.get('app');
    const status = async (url: string, method = 'GET') =>
      (await serve?.(new Request(url, { method })))?.status;
    for (const url of [
      'app://flotilla/../../package.json',
      'app://flotilla/%2e%2e/%2e%2e/package.json',
      'app://flotilla/none.js',
      'app://elsewhere/index.html',
      'app://flotilla/.sources',
    ])
      expect(await status(url), url).toBe(404);
    expect(await status('app://flotilla/index.html', 'POST')).toBe(405);
    const answer = await serve?.(new Request('app://flotilla/none.js'));
    expect(answer?.headers.get('content-security-policy')).toMatch(
      /default-src 'none'.*require-trusted-types-for 'script'/,
    );
    expect(answer?.headers.get('x-content-type-options')).toBe('nosniff');
  });

  it('has a menu whose commands reach the page', () => {
    const items = record.menu?.flatMap((entry) => entry.submenu ?? []) ?? [];
    items.find((item) => item.label === 'Open Folder…')?.click?.();
    expect(window.webContents.sent.at(-1)).toEqual({ channel: 'flotilla:menu', args: ['open-folder'] });
    expect(record.menu?.map((entry) => entry.label ?? entry.role)).toEqual([
      'File',
      'editMenu',
      'View',
      'windowMenu',
      'help',
    ]);
  });

  it('opens folders of a second start in the first window', () => {
    app.emit('second-instance', {}, ['electron', 'main.mjs', 'project', '--flag', 'nonesuch'], folder);
    expect(window.webContents.sent.at(-1)).toEqual({
      channel: 'flotilla:menu',
      args: [`open:${join(folder, 'project')}`],
    });
  });

  it('answers nobody once the window is gone', async () => {
    const other = new BrowserWindow({});
    record.windows.pop();
    expect(await call('app.info', {}, { ...page(), sender: other.webContents })).toMatchObject({ ok: false });
    window.webContents.emit('destroyed');
    expect(await call('app.info', {})).toMatchObject({ ok: false, error: { code: 'permission-denied' } });
  });
});

describe('preload', () => {
  it('shows the page the bridge and nothing else', async () => {
    const posted: unknown[][] = [];
    vi.stubGlobal('window', {
      postMessage: (...args: unknown[]) => posted.push(args),
      location: { origin: 'app://flotilla' },
    });
    await import('./preload.ts');
    expect([...record.exposed.keys()]).toEqual(['flotilla']);
    const bridge = record.exposed.get('flotilla') as Record<string, (...args: unknown[]) => unknown>;
    expect(Object.keys(bridge).sort()).toEqual([
      'call',
      'cancel',
      'onMenu',
      'openStream',
      'pathOfFile',
      'platform',
    ]);
    expect(await bridge['call']?.(1, 'app.info', {})).toEqual({ ok: true, value: 'answer' });
    bridge['cancel']?.(1);
    bridge['openStream']?.(2, 'apps', {});
    expect(record.invoked).toEqual([['flotilla:call', 1, 'app.info', {}]]);
    expect(record.sent).toEqual([
      ['flotilla:cancel', 1],
      ['flotilla:stream', 2, 'apps', {}],
    ]);
    expect(bridge['pathOfFile']?.({ path: '/home/me/project' })).toBe('/home/me/project');
    const heard: unknown[][] = [];
    bridge['onMenu']?.((...args: unknown[]) => heard.push(args));
    ipcRenderer.emit('flotilla:menu', { sender: 'secret' }, 'open-folder');
    expect(heard).toEqual([['open-folder']]);
    ipcRenderer.emit('flotilla:port', { ports: ['port'] }, { id: 2 });
    expect(posted).toEqual([[{ type: 'flotilla:port', id: 2 }, 'app://flotilla', ['port']]]);
    vi.unstubAllGlobals();
  });
});

describe('the sources', () => {
  const sources = (start: string): string[] =>
    readdirSync(join(projectRoot, start), { withFileTypes: true }).flatMap((entry) =>
      entry.isDirectory()
        ? sources(`${start}/${entry.name}`)
        : /\.tsx?$/.test(entry.name) && !/\.test\.|StandIn/.test(entry.name)
          ? [`${start}/${entry.name}`]
          : [],
    );

  it('listen to IPC in one place, and put no text into pages as markup or code', () => {
    for (const path of [...sources('electron'), ...sources('renderer')]) {
      const text = readFileSync(join(projectRoot, path), 'utf8');
      if (!path.endsWith('desktop/ipcBridge.ts'))
        expect(text, path).not.toMatch(/ipcMain\s*\.\s*(handle|on)\b/);
      if (!path.endsWith('desktop/navigation.ts')) expect(text, path).not.toMatch(/openExternal/);
      expect(text, path).not.toMatch(
        /\.innerHTML|\.outerHTML|insertAdjacentHTML|dangerouslySetInnerHTML|document\.write|\beval\(|new Function\(/,
      );
    }
  });
});
