import { type ComponentProps, lazy, Suspense, useContext, useSyncExternalStore } from 'react';
import { PackageX } from 'lucide-react';
import { EmptyState } from '../../ui/EmptyState.tsx';
import { Spinner } from '../../ui/Spinner.tsx';
import { AppPageContext, type AppPageServices } from './AppPageServices.ts';
import { PlanDialog } from '../plan/PlanDialog.tsx';
import { AppScreen } from './AppScreen.tsx';
import { useRereadOnFocus } from './useRereadOnFocus.ts';

const AppEditor = lazy(() => import('../editor/AppEditor.tsx'));

/** The page of one app: its services, workers, logs, builds and problems; or its files, to be edited. */
export function AppPage({ appId, edit = false }: { appId: string; edit?: boolean }) {
  const services = useContext(AppPageContext);
  if (!services) throw new Error('AppPage must stand inside an AppPageContext.');
  return <Page key={appId} appId={appId} edit={edit} services={services} />;
}

function Page({ appId, edit, services }: { appId: string; edit: boolean; services: AppPageServices }) {
  const { client, subscribe, openFolder } = services;
  const app = useSyncExternalStore(subscribe, () => services.app(appId));
  const engineReady = useSyncExternalStore(subscribe, services.engineReady);
  if (!app) {
    return (
      <EmptyState icon={<PackageX size={24} />} title="This app is no longer on the list">
        It was removed or taken off. Choose another one in the sidebar.
      </EmptyState>
    );
  }
  const page = { app, client, engineReady, onOpenFolder: openFolder };
  return <ShownApp {...page} edit={edit && app.origin === 'folder'} />;
}

function ShownApp({ edit, ...props }: ComponentProps<typeof AppScreen> & { edit: boolean }) {
  const { app, client, engineReady } = props;
  useRereadOnFocus(client, app);
  return (
    <>
      {edit ? (
        <Suspense fallback={<Spinner label="Opening the editor" />}>
          <AppEditor app={app} client={client} />
        </Suspense>
      ) : (
        <AppScreen {...props} />
      )}
      {app.origin === 'folder' ? <PlanDialog app={app} client={client} engineReady={engineReady} /> : null}
    </>
  );
}
