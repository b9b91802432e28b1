import { BrowserWindow, nativeTheme, screen } from 'electron';
import { z } from 'zod';
import type { Store } from '#core/store/StoreApi.ts';
import { askBeforeLeaving } from './askBeforeLeaving.ts';
import { lockNavigation } from './navigation.ts';
import { HOME_URL } from './origin.ts';

const boundsSchema = z.object({
  x: z.number().optional(),
  y: z.number().optional(),
  width: z.number().min(400),
  height: z.number().min(300),
});
const FIRST_BOUNDS = { width: 1280, height: 820 };
const REMEMBER_AFTER_MS = 500;

/** Opens the window where it was last, and shows it once there is something to see. */
export async function openWindow(
  store: Store,
  preload: string,
  onCreated: (window: BrowserWindow) => void,
): Promise<BrowserWindow> {
  const document = store.document<z.infer<typeof boundsSchema>>('window', boundsSchema, FIRST_BOUNDS);
  const bounds = await document.read();
  const window = new BrowserWindow({
    ...(isOnScreen(bounds) ? bounds : FIRST_BOUNDS),
    minWidth: 480,
    minHeight: 360,
    show: false,
    title: 'Flotilla',
    backgroundColor: nativeTheme.shouldUseDarkColors ? '#16171a' : '#f3f4f6',
    webPreferences: {
      preload,
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
    },
  });
  lockNavigation(window.webContents);
  askBeforeLeaving(window);
  onCreated(window);
  window.once('ready-to-show', () => window.show());
  let timer: NodeJS.Timeout | undefined;
  const remember = (): void => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      if (!window.isDestroyed() && !window.isMinimized())
        void document.update(() => window.getNormalBounds()).catch(() => undefined);
    }, REMEMBER_AFTER_MS);
  };
  window.on('resize', remember);
  window.on('move', remember);
  window.on('closed', () => clearTimeout(timer));
  await window.loadURL(HOME_URL);
  return window;
}

/** A screen may have been taken away since. */
function isOnScreen(bounds: z.infer<typeof boundsSchema>): boolean {
  const { x, y } = bounds;
  if (x === undefined || y === undefined) return true;
  return screen
    .getAllDisplays()
    .some(
      ({ workArea }) =>
        x < workArea.x + workArea.width - 80 &&
        x + bounds.width > workArea.x + 80 &&
        y >= workArea.y - 20 &&
        y < workArea.y + workArea.height - 80,
    );
}
