import { useEffect } from 'react';
import type { Client } from '#shared/contract/Client.ts';
import type { AppView } from '#shared/domain/AppView.ts';

/** Whoever comes back to the window may have edited the files meanwhile: they are read again. */
export function useRereadOnFocus(client: Client, { id, origin }: Pick<AppView, 'id' | 'origin'>): void {
  useEffect(() => {
    if (origin !== 'folder') return undefined;
    // What is wrong with the folder is part of the view that comes of it.
    const read = (): void => void client.call('apps.reload', { appId: id }).catch(() => undefined);
    window.addEventListener('focus', read);
    return () => window.removeEventListener('focus', read);
  }, [client, id, origin]);
}
