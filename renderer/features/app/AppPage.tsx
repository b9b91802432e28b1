import { type ComponentProps, useContext, useSyncExternalStore } from 'react';
import { PackageX } from 'lucide-react';
import { EmptyState } from '../../ui/EmptyState.tsx';
import { AppPageContext, type AppPageServices } from './AppPageServices.ts';
import { PlanDialog } from '../plan/PlanDialog.tsx';
import { AppScreen } from './AppScreen.tsx';
import { useRereadOnFocus } from './useRereadOnFocus.ts';

/** The page of one app: its services, workers, logs, builds and problems. */
export function AppPage({ appId }: { appId: string }) {
  const services = useContext(AppPageContext);
  if (!services) throw new Error('AppPage must stand inside an AppPageContext.');
  return <Page key={appId} appId={appId} services={services} />;
}

function Page({ appId, services }: { appId: string; services: AppPageServices }) {
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
  return <ShownApp app={app} client={client} engineReady={engineReady} onOpenFolder={openFolder} />;
}

function ShownApp(props: ComponentProps<typeof AppScreen>) {
  const { app, client, engineReady } = props;
  useRereadOnFocus(client, app);
  return (
    <>
      <AppScreen {...props} />
      {app.origin === 'folder' ? <PlanDialog app={app} client={client} engineReady={engineReady} /> : null}
    </>
  );
}
