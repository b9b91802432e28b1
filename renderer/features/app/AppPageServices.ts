import { createContext } from 'react';
import type { Client } from '#shared/contract/Client.ts';
import type { AppView } from '#shared/domain/AppView.ts';

/** What the app page needs of the window around it. */
export interface AppPageServices {
  client: Client;
  /** Tells of every change of what the next two answer; returns the way to stop. */
  subscribe: (listener: () => void) => () => void;
  /** The app's present view, the same object while it has not changed; undefined when it is gone. */
  app: (appId: string) => AppView | undefined;
  /** An engine answers now. */
  engineReady: () => boolean;
  /** Opens a project folder by dialog or picker. */
  openFolder: () => void;
}

export const AppPageContext = createContext<AppPageServices | null>(null);
