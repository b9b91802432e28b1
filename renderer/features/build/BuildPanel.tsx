import { FolderSearch, Hammer } from 'lucide-react';
import { useRef, useState } from 'react';
import type { Client } from '#shared/contract/Client.ts';
import type { AppView } from '#shared/domain/AppView.ts';
import { Button } from '../../ui/Button.tsx';
import { EmptyState } from '../../ui/EmptyState.tsx';
import { Menu } from '../../ui/Menu.tsx';
import { Spinner } from '../../ui/Spinner.tsx';
import { ContextPreviewDialog } from '../context/ContextPreviewDialog.tsx';
import { openInEditor } from '../dockerfile/editorFiles.ts';
import styles from './BuildPanel.module.css';
import { ComparisonView } from './compare/ComparisonView.tsx';
import type { BuildActions, BuildOptions } from './details/BuildActions.ts';
import { BuildDetails } from './details/BuildDetails.tsx';
import { BuildList } from './list/BuildList.tsx';
import { mergeBuilds, usualBuild } from './list/buildListRows.ts';
import { useBuildHistory } from './state/buildHistory.ts';
import { lookAtApp, lookAtLatest, useAppLook } from './state/buildViewStore.ts';
import { isGoing } from './state/isGoing.ts';

interface BuildPanelProps {
  client: Client;
  app: AppView;
  canBuild: boolean;
  onBuild: (options: BuildOptions) => void;
  onCancel: (buildId: string) => void;
}

/** The builds of an app, those under way and those of the past, and the chosen one beside them. */
export function BuildPanel({ client, app, canBuild, onBuild, onCancel }: BuildPanelProps) {
  const look = useAppLook(app.id);
  const history = useBuildHistory(client, app.id, app.builds);
  const panel = useRef<HTMLElement>(null);
  const builds = mergeBuilds(app.builds, history.entries ?? []);
  const shown = builds.find((build) => build.id === look.chosen) ?? usualBuild(builds);
  const [contextOf, setContextOf] = useState<string | null>(null);
  const buildable = app.services.filter((service) => service.buildable).map((service) => service.name);
  const context = app.origin === 'folder' && (
    <ContextPreviewDialog
      client={client}
      appId={app.id}
      service={contextOf ?? ''}
      open={contextOf !== null}
      onClose={() => setContextOf(null)}
    />
  );

  if (builds.length === 0) {
    if (history.entries === undefined && history.error === undefined)
      return (
        <div className={styles.waiting}>
          <Spinner label="Reading the builds" />
        </div>
      );
    return (
      <EmptyState
        compact
        icon={<Hammer size={20} />}
        title={history.error === undefined ? 'No builds yet' : 'The builds cannot be read'}
        actions={
          history.error === undefined ? (
            <>
              <Button disabled={!canBuild} onClick={() => onBuild({})}>
                Build
              </Button>
              {context !== false && buildable.length > 0 && (
                <ContextButton services={buildable} onOpen={setContextOf} />
              )}
              {context}
            </>
          ) : (
            <Button onClick={history.retry}>Try again</Button>
          )
        }
      >
        {history.error?.message ??
          (buildable.length > 0
            ? 'Steps, their output and errors at the Dockerfile line appear here.'
            : 'No service of this app is built: all use ready images.')}
      </EmptyState>
    );
  }

  const focus = (part: string) => panel.current?.querySelector<HTMLElement>(part)?.focus();
  const actions: BuildActions = {
    canBuild: canBuild && buildable.length > 0,
    cancel: onCancel,
    openContext: context === false ? undefined : setContextOf,
    openFile: (file, line) => openInEditor(app.id, file, line),
    build: (options) => {
      lookAtLatest(app.id);
      onBuild(options);
    },
  };
  const compare = (otherId: string) => {
    const other = builds.find((build) => build.id === otherId);
    if (!shown || !other) return;
    // The older one stands on the left.
    const [left, right] = other.startedAt <= shown.startedAt ? [other, shown] : [shown, other];
    lookAtApp(app.id, { comparison: { left: left.id, right: right.id } });
  };
  return (
    <section ref={panel} className={styles.panel} aria-label="Builds">
      <div className={styles.list}>
        <BuildList
          builds={builds}
          services={app.services.map((service) => service.name)}
          shown={shown?.id}
          loading={history.entries === undefined && history.error === undefined}
          problem={history.error?.message}
          onChoose={(buildId) => lookAtApp(app.id, { chosen: buildId, comparison: null })}
          onEnter={() =>
            focus('[data-build-details] [data-step-head], [data-node][tabindex="0"], [data-comparison]')
          }
        />
      </div>
      {look.comparison ? (
        <ComparisonView
          client={client}
          left={look.comparison.left}
          right={look.comparison.right}
          onClose={() => {
            lookAtApp(app.id, { comparison: null });
            focus('[data-build-list]');
          }}
        />
      ) : shown ? (
        <BuildDetails
          key={shown.id}
          client={client}
          buildId={shown.id}
          listed={shown}
          others={builds.filter(
            (build) => build.service === shown.service && build.id !== shown.id && !isGoing(build.state),
          )}
          actions={actions}
          onCompare={compare}
          onLeave={() => focus('[data-build-list]')}
        />
      ) : null}
      {context}
    </section>
  );
}

/** What a build would send can be looked at before the first one. */
function ContextButton({
  services,
  onOpen,
}: {
  services: readonly string[];
  onOpen: (service: string) => void;
}) {
  const [only, ...others] = services;
  if (only !== undefined && others.length === 0)
    return (
      <Button icon={<FolderSearch size={14} />} onClick={() => onOpen(only)}>
        Build context…
      </Button>
    );
  return (
    <Menu
      label="Build context of"
      trigger={<Button icon={<FolderSearch size={14} />}>Build context…</Button>}
      items={services.map((service) => ({ label: service, onSelect: () => onOpen(service) }))}
    />
  );
}
