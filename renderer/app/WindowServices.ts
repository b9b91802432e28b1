import { createContext, useContext } from 'react';
import type { WindowClient } from '../client/WindowClient.ts';

/** What every screen of the window may ask for. */
export interface WindowServices {
  client: WindowClient;
  /** Opens a project folder by the system's dialog or our picker; `name` is searched for. */
  openFolder: (name?: string) => void;
  openPath: (path: string) => Promise<void>;
  openSample: (name: string) => Promise<void>;
  showPalette: () => void;
  showShortcuts: () => void;
}

export const WindowServicesContext = createContext<WindowServices | null>(null);

export function useWindowServices(): WindowServices {
  const services = useContext(WindowServicesContext);
  if (services === null) throw new Error('This must stand inside the window.');
  return services;
}
