import type { WebContents, WebFrameMain } from 'electron';
import { HOST, SCHEME } from './origin.ts';

/** Where an IPC message came from, as far as it is looked at. */
export interface Sender {
  sender: Pick<WebContents, 'id'>;
  senderFrame: Pick<WebFrameMain, 'url' | 'parent'> | null;
}

/** True only for our own page's top frame in a window we opened. */
export function isOurPage(event: Sender, windowIds: ReadonlySet<number>): boolean {
  const frame = event.senderFrame;
  if (frame === null || frame.parent !== null || !windowIds.has(event.sender.id)) return false;
  try {
    const url = new URL(frame.url);
    return url.protocol === `${SCHEME}:` && url.host === HOST;
  } catch {
    return false;
  }
}
