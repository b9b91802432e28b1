import { FolderOpen, Folder, Sparkles } from 'lucide-react';
import { useEffect, useState } from 'react';
import type { RecentProject } from '#shared/contract/calls.ts';
import { showError } from '../../app/showError.ts';
import { useWindowServices } from '../../app/WindowServices.ts';
import { useApps } from '../../stores/apps.ts';
import { useConnection } from '../../stores/connection.ts';
import { useEngine } from '../../stores/engine.ts';
import { Button } from '../../ui/Button.tsx';
import { displayName } from '../app/displayName.ts';
import { EmbeddedPanel } from '../engine/EmbeddedPanel.tsx';
import { formatAgo } from './formatAgo.ts';
import { sampleDescription, sampleTitle } from './sampleTitle.ts';
import styles from './WelcomePage.module.css';

const SHOWN_RECENTS = 8;

/** The first screen: drop a folder, open one, or try the sample. */
export function WelcomePage() {
  const services = useWindowServices();
  const samples = useConnection((store) => store.info?.sampleNames);
  const engine = useEngine((store) => store.state);
  const [opening, setOpening] = useState<string | null>(null);
  const recents = useRecents();

  const openSample = (name: string): void => {
    setOpening(name);
    void services.openSample(name).finally(() => setOpening(null));
  };
  const openRecent = (path: string): void => {
    setOpening(path);
    void services
      .openPath(path)
      .catch(showError)
      .finally(() => setOpening(null));
  };

  return (
    <div className={styles.scroller}>
      <div className={styles.page}>
        <section className={styles.drop}>
          <FolderOpen size={30} strokeWidth={1.5} aria-hidden className={styles.icon} />
          <h1 className={styles.title}>Drop a project folder here</h1>
          <p className={styles.text}>
            Flotilla reads its compose file or Dockerfiles, builds the images, runs main and workers, and
            scales them.
          </p>
          <Button
            variant="primary"
            size="large"
            icon={<FolderOpen size={15} />}
            onClick={() => services.openFolder()}
          >
            Open folder…
          </Button>
        </section>

        {engine?.phase === 'none' && (
          <section className={styles.section}>
            <h2 className={styles.heading}>No container engine answers</h2>
            <EmbeddedPanel status={engine.embedded} />
          </section>
        )}

        {(samples ?? []).length > 0 && (
          <section className={styles.section}>
            <h2 className={styles.heading}>Try the sample</h2>
            <div className={styles.cards}>
              {(samples ?? []).map((name) => (
                <button
                  key={name}
                  type="button"
                  className={styles.card}
                  disabled={opening === name}
                  onClick={() => openSample(name)}
                >
                  <Sparkles size={16} aria-hidden className={styles.cardIcon} />
                  <span className={styles.cardText}>
                    <span className={styles.cardTitle}>{sampleTitle(name)}</span>
                    <span className={styles.cardDetail}>{sampleDescription(name)}</span>
                  </span>
                </button>
              ))}
            </div>
          </section>
        )}

        {recents.length > 0 && (
          <section className={styles.section}>
            <h2 className={styles.heading}>Recent</h2>
            <ul>
              {recents.slice(0, SHOWN_RECENTS).map((recent) => (
                <li key={recent.id}>
                  <button
                    type="button"
                    className={styles.recent}
                    disabled={!recent.exists || opening === recent.path}
                    onClick={() => openRecent(recent.path)}
                  >
                    <Folder size={15} aria-hidden className={styles.cardIcon} />
                    <span className={styles.recentName}>{displayName(recent.title)}</span>
                    <span className={styles.recentPath}>
                      {recent.exists ? displayName(recent.path) : 'The folder does not exist any more'}
                    </span>
                    <span className={styles.recentTime}>{formatAgo(recent.openedAt, Date.now())}</span>
                  </button>
                </li>
              ))}
            </ul>
          </section>
        )}
      </div>
    </div>
  );
}

/** Asked again when the list of apps changes its length. */
function useRecents(): RecentProject[] {
  const { client } = useWindowServices();
  const count = useApps((store) => store.apps?.size);
  const isConnected = useConnection((store) => store.connection.phase === 'open');
  const [recents, setRecents] = useState<RecentProject[]>([]);
  useEffect(() => {
    if (!isConnected) return undefined;
    let current = true;
    client.call('apps.recents', {}).then(
      (answer) => current && setRecents(answer),
      () => undefined,
    );
    return () => {
      current = false;
    };
  }, [client, count, isConnected]);
  return recents;
}
