import { useEffect, useState } from 'react';
import { Download, Eraser } from 'lucide-react';
import { useWindowServices } from '../../app/WindowServices.ts';
import { useConnection } from '../../stores/connection.ts';
import { useEngine } from '../../stores/engine.ts';
import { Button } from '../../ui/Button.tsx';
import { Tabs } from '../../ui/Tabs.tsx';
import { ImagesPanel } from './ImagesPanel.tsx';
import styles from './ImagesPage.module.css';
import { followImages, useImages } from './imagesStore.ts';
import { PruneDialog } from './PruneDialog.tsx';
import { PullDialog } from './PullDialog.tsx';
import { RegistriesPanel } from './RegistriesPanel.tsx';

/** The engine's images, and the registries they come from and go to. */
export function ImagesPage() {
  const { client } = useWindowServices();
  const [tab, setTab] = useState<'images' | 'registries'>('images');
  const [dialog, setDialog] = useState<'pull' | 'prune' | null>(null);
  const isConnected = useConnection((store) => store.connection.phase === 'open');
  const isReady = useEngine((store) => store.state?.phase === 'ready') && isConnected;
  const count = useImages((store) => store.images?.size);
  useEffect(() => (isConnected ? followImages(client) : undefined), [client, isConnected]);
  return (
    <div className={styles.page}>
      <header className={styles.header}>
        <h1 className={styles.title}>Images</h1>
        <div className={styles.actions}>
          <Button icon={<Eraser size={14} />} disabled={!isReady} onClick={() => setDialog('prune')}>
            Prune…
          </Button>
          <Button
            variant="primary"
            icon={<Download size={14} />}
            disabled={!isReady}
            onClick={() => setDialog('pull')}
          >
            Pull…
          </Button>
        </div>
      </header>
      <Tabs
        label="Images and registries"
        className={styles.tabs}
        panelClassName={styles.panel}
        value={tab}
        onChange={setTab}
        tabs={[
          { id: 'images', label: count === undefined ? 'Images' : `Images (${count})` },
          { id: 'registries', label: 'Registries' },
        ]}
      >
        {tab === 'images' ? (
          <ImagesPanel canAct={isReady} onPull={() => setDialog('pull')} />
        ) : (
          <RegistriesPanel />
        )}
      </Tabs>
      <PullDialog open={dialog === 'pull'} onClose={() => setDialog(null)} />
      <PruneDialog open={dialog === 'prune'} onClose={() => setDialog(null)} />
    </div>
  );
}
