import { type BrowserWindow, dialog } from 'electron';

/** Where the page has something unsaved, a browser would ask; Electron stays silent and does not close. So the question is ours. */
export function askBeforeLeaving(window: BrowserWindow): void {
  window.webContents.on('will-prevent-unload', (event) => {
    const choice = dialog.showMessageBoxSync(window, {
      type: 'question',
      message: 'Leave without writing your changes?',
      detail: 'Files that you edited here were not written to disk.',
      buttons: ['Stay', 'Leave'],
      defaultId: 0,
      cancelId: 0,
    });
    // Preventing the prevention: the page is left.
    if (choice === 1) event.preventDefault();
  });
}
