import { BrowserWindow, dialog } from 'electron';

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
