import { contextBridge, ipcRenderer, webUtils } from 'electron';
import type { Bridge, BridgeAnswer } from '#shared/contract/Bridge.ts';

const bridge: Bridge = {
  platform: process.platform,
  call: (id, name, input) => ipcRenderer.invoke('flotilla:call', id, name, input) as Promise<BridgeAnswer>,
  cancel: (id) => ipcRenderer.send('flotilla:cancel', id),
  openStream: (id, name, input) => ipcRenderer.send('flotilla:stream', id, name, input),
  pathOfFile: (file) => webUtils.getPathForFile(file as File),
  onMenu: (listener) => {
    // The event object stays on this side.
    ipcRenderer.on('flotilla:menu', (_event, command: unknown) => listener(String(command)));
  },
};

ipcRenderer.on('flotilla:port', (event, message: { id: number }) => {
  window.postMessage({ type: 'flotilla:port', id: message.id }, window.location.origin, event.ports);
});

contextBridge.exposeInMainWorld('flotilla', bridge);
