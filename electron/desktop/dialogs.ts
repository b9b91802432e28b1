import { BrowserWindow, dialog, shell } from 'electron';
import { FlotillaError } from '#shared/contract/errors.ts';

/** The operating system's folder dialog; null when it was dismissed. */
export async function chooseFolder(): Promise<string | null> {
  const options = { title: 'Open a project folder', properties: ['openDirectory' as const] };
  const window = BrowserWindow.getFocusedWindow() ?? BrowserWindow.getAllWindows()[0];
  const answer =
    window === undefined
      ? await dialog.showOpenDialog(options)
      : await dialog.showOpenDialog(window, options);
  return answer.canceled ? null : (answer.filePaths[0] ?? null);
}

/** Shows a folder in the system's file manager. @throws FlotillaError `unsupported` where there is none */
export async function openFolder(path: string): Promise<void> {
  const problem = await shell.openPath(path);
  if (problem !== '')
    throw new FlotillaError('unsupported', `The folder cannot be opened: ${problem}.`, {
      hint: `It is ${path}.`,
    });
}
