import { EventEmitter } from 'node:events';
import { MessageChannel, type MessagePort } from 'node:worker_threads';

/**
 * For tests where Electron's binary cannot run: as much of the `electron` module as main and preload use, with real emitters, real
 * message ports and a record of what was asked. It decides nothing: every guard under test is in the real files.
 */

type Listener = (...args: never[]) => unknown;

class PortMain extends EventEmitter {
  readonly #port: MessagePort;
  constructor(port: MessagePort) {
    super();
    this.#port = port;
    port.on('close', () => this.emit('close'));
  }
  start(): void {
    this.#port.on('message', (data: unknown) => this.emit('message', { data }));
  }
  postMessage(message: unknown): void {
    this.#port.postMessage(message);
  }
  close(): void {
    this.#port.close();
  }
}

export class WebContentsStandIn extends EventEmitter {
  static #next = 1;
  readonly id = WebContentsStandIn.#next++;
  readonly sent: { channel: string; args: unknown[] }[] = [];
  readonly posted: { channel: string; message: { id: number }; port: MessagePort }[] = [];
  openHandler: ((details: { url: string }) => { action: string }) | undefined;
  send(channel: string, ...args: unknown[]): void {
    this.sent.push({ channel, args });
  }
  postMessage(channel: string, message: { id: number }, [port]: MessagePort[]): void {
    if (port !== undefined) this.posted.push({ channel, message, port });
  }
  setWindowOpenHandler(handler: (details: { url: string }) => { action: string }): void {
    this.openHandler = handler;
  }
}

export const record = {
  schemes: [] as unknown[],
  protocols: new Map<string, (request: Request) => Promise<Response>>(),
  handlers: new Map<string, Listener>(),
  menu: undefined as
    | { label?: string; submenu?: { label?: string; role?: string; click?: () => void }[]; role?: string }[]
    | undefined,
  openedOutside: [] as string[],
  exposed: new Map<string, unknown>(),
  invoked: [] as unknown[][],
  sent: [] as unknown[][],
  permissions: {
    request: undefined as
      | ((contents: unknown, permission: string, decide: (granted: boolean) => void) => void)
      | undefined,
    check: undefined as ((contents: unknown, permission: string) => boolean) | undefined,
    device: undefined as (() => boolean) | undefined,
  },
  sandboxed: false,
  exitCode: undefined as number | undefined,
  chosenFolders: [] as string[],
  /** Which button of the next message box is pressed. */
  pressedButton: 0,
  windows: [] as BrowserWindow[],
};

class App extends EventEmitter {
  isPackaged = false;
  enableSandbox(): void {
    record.sandboxed = true;
  }
  requestSingleInstanceLock(): boolean {
    return true;
  }
  whenReady(): Promise<void> {
    return Promise.resolve();
  }
  quit(): void {
    this.emit('will-quit', { preventDefault: () => undefined });
  }
  exit(code: number): void {
    record.exitCode = code;
  }
}
export const app = new App();

export class BrowserWindow extends EventEmitter {
  readonly webContents = new WebContentsStandIn();
  readonly options: { webPreferences?: Record<string, unknown>; show?: boolean };
  url = '';
  shown = false;
  constructor(options: { webPreferences?: Record<string, unknown>; show?: boolean }) {
    super();
    this.options = options;
    record.windows.push(this);
  }
  loadURL(url: string): Promise<void> {
    this.url = url;
    this.emit('ready-to-show');
    return Promise.resolve();
  }
  show(): void {
    this.shown = true;
  }
  focus(): void {
    this.emit('focused');
  }
  isMinimized(): boolean {
    return false;
  }
  isDestroyed(): boolean {
    return false;
  }
  restore(): void {}
  getNormalBounds(): { x: number; y: number; width: number; height: number } {
    return { x: 10, y: 10, width: 900, height: 700 };
  }
  static getAllWindows(): BrowserWindow[] {
    return record.windows;
  }
  static getFocusedWindow(): BrowserWindow | null {
    return null;
  }
}

export const ipcMain = Object.assign(new EventEmitter(), {
  handle: (channel: string, handler: Listener) => void record.handlers.set(channel, handler),
  removeHandler: (channel: string) => void record.handlers.delete(channel),
});

export class MessageChannelMain {
  readonly port1: PortMain;
  readonly port2: MessagePort;
  constructor() {
    const { port1, port2 } = new MessageChannel();
    this.port1 = new PortMain(port1);
    this.port2 = port2;
  }
}

export const protocol = {
  registerSchemesAsPrivileged: (schemes: unknown[]) => void record.schemes.push(...schemes),
  handle: (scheme: string, handler: (request: Request) => Promise<Response>) =>
    void record.protocols.set(scheme, handler),
};

export const session = {
  defaultSession: {
    setPermissionRequestHandler: (handler: typeof record.permissions.request) =>
      (record.permissions.request = handler),
    setPermissionCheckHandler: (handler: typeof record.permissions.check) =>
      (record.permissions.check = handler),
    setDevicePermissionHandler: (handler: typeof record.permissions.device) =>
      (record.permissions.device = handler),
  },
};

export const Menu = {
  buildFromTemplate: (template: typeof record.menu) => template,
  setApplicationMenu: (menu: typeof record.menu) => (record.menu = menu),
};

export const dialog = {
  showOpenDialog: () =>
    Promise.resolve({ canceled: record.chosenFolders.length === 0, filePaths: record.chosenFolders }),
  showMessageBoxSync: () => record.pressedButton,
};

export const shell = { openExternal: (url: string) => Promise.resolve(void record.openedOutside.push(url)) };
export const nativeTheme = { shouldUseDarkColors: true };
export const screen = { getAllDisplays: () => [{ workArea: { x: 0, y: 0, width: 1920, height: 1080 } }] };

export const contextBridge = {
  exposeInMainWorld: (name: string, value: unknown) => void record.exposed.set(name, value),
};
export const ipcRenderer = Object.assign(new EventEmitter(), {
  invoke: (...args: unknown[]) => {
    record.invoked.push(args);
    return Promise.resolve({ ok: true, value: 'answer' });
  },
  send: (...args: unknown[]) => void record.sent.push(args),
});
export const webUtils = { getPathForFile: (file: { path?: string }) => file.path ?? '' };
