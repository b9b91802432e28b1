import { _electron, expect, test } from '@playwright/test';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { projectRoot } from '../lab/WebShell.ts';

/** The binary that electron's own installer leaves beside its package; absent where it cannot be fetched. */
function electronBinary(): string | undefined {
  const folder = dirname(createRequire(join(projectRoot, 'package.json')).resolve('electron/package.json'));
  const candidates = ['dist/electron', 'dist/electron.exe', 'dist/Electron.app/Contents/MacOS/Electron'];
  return candidates.map((candidate) => join(folder, candidate)).find((path) => existsSync(path));
}

const executablePath = electronBinary();

test.describe('desktop window', () => {
  if (executablePath === undefined) {
    console.log('not run: no Electron binary');
    test.skip(true, 'not run: no Electron binary');
  }

  const launch = () =>
    _electron.launch({
      ...(executablePath === undefined ? {} : { executablePath }),
      args: [
        join(projectRoot, 'dist/desktop/main.mjs'),
        ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
      ],
      env: { ...(process.env as Record<string, string>), FLOTILLA_DATA: test.info().outputPath('data') },
    });

  test('opens on app:// with the first state and no privileges in the page', async () => {
    const app = await launch();
    try {
      const page = await app.firstWindow();
      await page.waitForSelector('html[data-ready]', { state: 'attached' });
      expect(page.url()).toMatch(/^app:\/\/flotilla\//);
      const leaks = await page.evaluate(() => {
        const scope = globalThis as unknown as Record<string, unknown>;
        return ['require', 'process', 'Buffer', 'ipcRenderer'].filter((name) => scope[name] !== undefined);
      });
      expect(leaks).toEqual([]);
    } finally {
      await app.close();
    }
  });

  test('refuses navigation, new windows, file reads and inline script', async () => {
    const app = await launch();
    try {
      const page = await app.firstWindow();
      await page.waitForSelector('html[data-ready]', { state: 'attached' });
      const home = page.url();
      const outcome = await page.evaluate(async () => {
        const popup = window.open('https://example.org');
        const file = await fetch('file:///etc/hostname').then(
          () => 'read',
          () => 'refused',
        );
        const script = document.createElement('script');
        script.textContent = 'globalThis.injected = true';
        document.body.append(script);
        return { popup: popup === null, file, injected: 'injected' in globalThis };
      });
      expect(outcome).toEqual({ popup: true, file: 'refused', injected: false });
      await page.evaluate(() => {
        location.href = 'https://example.org/';
      });
      await page.waitForTimeout(500);
      expect(page.url()).toBe(home);
    } finally {
      await app.close();
    }
  });
});
