import type { WebContents } from 'electron';
import { shell } from 'electron';

/** Pages that a link may open in the user's own browser. */
const OUTSIDE_HOSTS: ReadonlySet<string> = new Set(['docs.docker.com', 'docs.podman.io', 'github.com']);

export function mayOpenOutside(address: string): boolean {
  try {
    const url = new URL(address);
    return (
      url.protocol === 'https:' &&
      url.username === '' &&
      url.password === '' &&
      url.port === '' &&
      OUTSIDE_HOSTS.has(url.hostname)
    );
  } catch {
    return false;
  }
}

/** A window of ours shows one page for all its life: it neither leaves it, nor opens others, nor embeds any. */
export function lockNavigation(contents: WebContents): void {
  const deny = (event: { preventDefault(): void }): void => event.preventDefault();
  contents.on('will-navigate', deny);
  contents.on('will-frame-navigate', deny);
  contents.on('will-redirect', deny);
  contents.on('will-attach-webview', deny);
  contents.setWindowOpenHandler(({ url }) => {
    if (mayOpenOutside(url)) void shell.openExternal(url);
    return { action: 'deny' };
  });
}
