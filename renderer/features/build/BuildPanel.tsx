import { Hammer } from 'lucide-react';
import { useState } from 'react';
import type { Client } from '#shared/contract/Client.ts';
import type { AppView } from '#shared/domain/AppView.ts';
import { Button } from '../../ui/Button.tsx';
import { EmptyState } from '../../ui/EmptyState.tsx';
import { displayName } from '../app/displayName.ts';
import { BuildDetails } from './BuildDetails.tsx';
import styles from './BuildPanel.module.css';
import { BuildStateSign } from './BuildStateSign.tsx';
import { buildStateLabel } from './buildStateLabel.ts';
import { latestBuilds } from './latestBuilds.ts';

interface BuildPanelProps {
  client: Client;
  app: AppView;
  canBuild: boolean;
  onBuild: () => void;
  onCancel: (buildId: string) => void;
}

/** The latest build of each service and what the chosen one does. */
export function BuildPanel({ client, app, canBuild, onBuild, onCancel }: BuildPanelProps) {
  const builds = latestBuilds(app.builds);
  const [chosen, setChosen] = useState<string | null>(null);
  if (builds.length === 0) {
    return (
      <EmptyState
        compact
        icon={<Hammer size={20} />}
        title="No builds yet"
        actions={
          <Button disabled={!canBuild} onClick={onBuild}>
            Build
          </Button>
        }
      >
        {app.services.some((service) => service.buildable)
          ? 'Steps, their output and errors at the Dockerfile line appear here.'
          : 'No service of this app is built: all use ready images.'}
      </EmptyState>
    );
  }
  // Without a choice: what goes on, else what failed, else the newest.
  const shown =
    builds.find((build) => build.service === chosen) ??
    builds.find((build) => build.state === 'building' || build.state === 'packing') ??
    builds.find((build) => build.state === 'failed') ??
    builds[0];
  if (!shown) return null;
  return (
    <section className={styles.panel} aria-label="Builds">
      {builds.length > 1 ? (
        <ul className={styles.services} aria-label="Builds by service">
          {builds.map((build) => (
            <li key={build.id}>
              <button
                type="button"
                className={styles.service}
                aria-current={build.id === shown.id}
                onClick={() => setChosen(build.service)}
              >
                <BuildStateSign state={build.state} />
                <span className={styles.name}>{displayName(build.service)}</span>
                <span className={styles.state}>{buildStateLabel(build.state)}</span>
              </button>
            </li>
          ))}
        </ul>
      ) : null}
      <BuildDetails key={shown.id} client={client} buildId={shown.id} onCancel={() => onCancel(shown.id)} />
    </section>
  );
}
