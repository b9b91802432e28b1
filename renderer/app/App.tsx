import { lazy, Suspense, useCallback, useEffect, useMemo, useState } from 'react';
import { Toaster } from 'sonner';
import type { AppView } from '#shared/domain/AppView.ts';
import { desktopBridge } from '../client/createClient.ts';
import type { WindowClient } from '../client/WindowClient.ts';
import { AppPageContext, type AppPageServices } from '../features/app/AppPageServices.ts';
import { EnginePage } from '../features/engine/EnginePage.tsx';
import { DropTarget } from '../features/open-project/DropTarget.tsx';
import { FolderPicker } from '../features/open-project/FolderPicker.tsx';
import { Sidebar } from '../features/sidebar/Sidebar.tsx';
import { WelcomePage } from '../features/welcome/WelcomePage.tsx';
import { useApps } from '../stores/apps.ts';
import { useConnection } from '../stores/connection.ts';
import { useEngine } from '../stores/engine.ts';
import { usePreferences } from '../stores/preferences.ts';
import { appHash, goTo, useRoute } from '../stores/route.ts';
import { Spinner } from '../ui/Spinner.tsx';
import { TooltipHost } from '../ui/TooltipHost.tsx';
import styles from './App.module.css';
import { Banners } from './Banners.tsx';
import { CommandPalette } from './CommandPalette.tsx';
import { ShortcutsSheet } from './ShortcutsSheet.tsx';
import { showError } from './showError.ts';
import { useWindowKeys } from './useWindowKeys.ts';
import { type WindowServices, WindowServicesContext } from './WindowServices.ts';

// The first paint needs none of the app page's panels.
const AppPage = lazy(() =>
  import('../features/app/AppPage.tsx').then((module) => ({ default: module.AppPage })),
);

const ImagesPage = lazy(() =>
  import('../features/images/ImagesPage.tsx').then((module) => ({ default: module.ImagesPage })),
);

/** The window. */
export function App({ client }: { client: WindowClient }) {
  const route = useRoute((store) => store.route);
  const theme = usePreferences((store) => store.theme);
  const [picker, setPicker] = useState<{ name: string | undefined } | null>(null);
  const [paletteOpen, setPaletteOpen] = useState(false);
  const [shortcutsOpen, setShortcutsOpen] = useState(false);
  const [railOpen, setRailOpen] = useState(false);
  useReadyMark();

  const show = useCallback((app: AppView) => {
    useApps.setState(({ apps }) => ({ apps: new Map(apps).set(app.id, app) }));
    setPicker(null);
    goTo(appHash(app.id));
  }, []);

  const services = useMemo<WindowServices>(
    () => ({
      client,
      openFolder: (name) => {
        if (desktopBridge() === undefined) return setPicker({ name });
        client.call('apps.chooseFolder', {}).then((app) => app !== null && show(app), showError);
      },
      openPath: (path) => client.call('apps.open', { path }).then(show),
      openSample: (name) => client.call('apps.openSample', { name }).then(show, showError),
      showPalette: () => setPaletteOpen(true),
      showShortcuts: () => setShortcutsOpen(true),
    }),
    [client, show],
  );
  useWindowKeys(services);
  useEffect(() => {
    desktopBridge()?.onMenu((command) => {
      if (command === 'open-folder') services.openFolder();
      else if (command === 'palette') services.showPalette();
      else if (command === 'shortcuts') services.showShortcuts();
      else if (command.startsWith('open:')) services.openPath(command.slice('open:'.length)).catch(showError);
    });
  }, [services]);
  useEffect(() => setRailOpen(false), [route]);

  const page = useMemo<AppPageServices>(
    () => ({
      client,
      subscribe: (listener) => {
        const stops = [useApps.subscribe(listener), useEngine.subscribe(listener)];
        return () => stops.forEach((stop) => stop());
      },
      app: (appId) => useApps.getState().apps?.get(appId),
      engineReady: () => useEngine.getState().state?.phase === 'ready',
      openFolder: () => services.openFolder(),
    }),
    [client, services],
  );

  return (
    <WindowServicesContext value={services}>
      <AppPageContext value={page}>
        <DropTarget>
          <div className={styles.window} data-rail={railOpen || undefined}>
            <Sidebar open={railOpen} onToggle={() => setRailOpen((open) => !open)} />
            <main className={styles.content}>
              <Banners />
              <div className={styles.page}>
                {route.page === 'app' ? (
                  <OpenedApp appId={route.appId} edit={route.edit} />
                ) : route.page === 'images' ? (
                  <Suspense fallback={null}>
                    <ImagesPage />
                  </Suspense>
                ) : route.page === 'engines' ? (
                  <EnginePage />
                ) : (
                  <WelcomePage />
                )}
              </div>
            </main>
          </div>
        </DropTarget>
        <FolderPicker open={picker !== null} search={picker?.name} onClose={() => setPicker(null)} />
        <CommandPalette open={paletteOpen} onClose={() => setPaletteOpen(false)} />
        <ShortcutsSheet open={shortcutsOpen} onClose={() => setShortcutsOpen(false)} />
        <TooltipHost />
        <Toaster
          theme={theme}
          position="bottom-right"
          closeButton
          richColors
          toastOptions={{ duration: 8000 }}
        />
      </AppPageContext>
    </WindowServicesContext>
  );
}

function OpenedApp({ appId, edit }: { appId: string; edit: boolean }) {
  const isKnown = useApps((store) => store.apps !== undefined);
  const waiting = (
    <div className={styles.waiting}>
      <Spinner size={20} label="Loading the app" />
    </div>
  );
  if (!isKnown) return waiting;
  return (
    <Suspense fallback={waiting}>
      <AppPage appId={appId} edit={edit} />
    </Suspense>
  );
}

/** Marks the page once the first apps and the engine's state are on screen: for tests and measurements. */
function useReadyMark(): void {
  const isReady = useApps((store) => store.apps !== undefined);
  const isEngineKnown = useEngine((store) => store.state !== undefined);
  const connection = useConnection((store) => store.connection.phase);
  useEffect(() => {
    if (!isReady || !isEngineKnown || connection !== 'open') return;
    const root = document.documentElement;
    if (root.dataset['ready'] !== undefined) return;
    root.dataset['ready'] = '';
    performance.mark('interactive');
  }, [isReady, isEngineKnown, connection]);
}
