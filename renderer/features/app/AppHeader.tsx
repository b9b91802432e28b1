import {
  Copy,
  Ellipsis,
  FilePlus2,
  FolderSync,
  GitCompareArrows,
  Hammer,
  Play,
  RotateCcw,
  Square,
  SquarePen,
  Trash2,
  X,
} from 'lucide-react';
import { useState } from 'react';
import { toast } from 'sonner';
import type { AppView, WorkerView } from '#shared/domain/AppView.ts';
import { listWords } from '#shared/reconcile/listWords.ts';
import { Button } from '../../ui/Button.tsx';
import { ConfirmDialog } from '../../ui/ConfirmDialog.tsx';
import { IconButton } from '../../ui/IconButton.tsx';
import { Menu } from '../../ui/Menu.tsx';
import { StatusDot } from '../../ui/StatusDot.tsx';
import { Tooltip } from '../../ui/Tooltip.tsx';
import { openGenerate } from '../generate/generateStore.ts';
import { openPlan } from '../plan/planStore.ts';
import type { AppAbilities } from './appAbilities.ts';
import type { AppCommands } from './AppCommands.ts';
import styles from './AppHeader.module.css';
import { displayName } from './displayName.ts';
import { statusLook } from './statusLook.ts';

interface AppHeaderProps {
  app: AppView;
  workers: readonly WorkerView[];
  can: AppAbilities;
  commands: AppCommands;
  onRun: () => void;
  onBuildAndRun: () => void;
  onBuild: () => void;
  onEdit: () => void;
}

/** Which app this is, how it does, and what can be done with it. */
export function AppHeader({
  app,
  workers,
  can,
  commands,
  onRun,
  onBuildAndRun,
  onBuild,
  onEdit,
}: AppHeaderProps) {
  const [confirming, setConfirming] = useState(false);
  const status = statusLook(app.status);
  const { path } = app;
  return (
    <header className={styles.header}>
      <div className={styles.words}>
        <div className={styles.line}>
          <h1 className={styles.title}>{displayName(app.title)}</h1>
          <span className={styles.status} data-status={app.status} role="status">
            <StatusDot tone={status.tone} pulse={status.passing} />
            {status.label}
          </span>
          <span className={styles.runs}>{whatRuns(app, workers)}</span>
        </div>
        <div className={styles.place}>
          {path === undefined ? (
            <span>Compose project “{displayName(app.name)}”, folder not known</span>
          ) : (
            <>
              <span className={styles.path} title={displayName(path)}>
                <bdi>{displayName(path)}</bdi>
              </span>
              <IconButton
                size="small"
                label="Copy path"
                icon={<Copy size={12} />}
                onClick={() => void navigator.clipboard.writeText(path).then(() => toast('Path copied'))}
              />
            </>
          )}
        </div>
      </div>
      <div className={styles.actions} role="toolbar" aria-label="App">
        {app.origin === 'folder' ? (
          <Tooltip content={can.runHint} keys="r">
            <Button
              variant={can.stop ? 'secondary' : 'primary'}
              icon={<Play size={13} />}
              disabled={!can.run}
              loading={can.running}
              onClick={onRun}
            >
              Run
            </Button>
          </Tooltip>
        ) : null}
        {can.review ? (
          <Tooltip content={driftWords(app.drift)} keys="p">
            <Button icon={<GitCompareArrows size={13} />} onClick={() => openPlan(app.id)}>
              Changes…
            </Button>
          </Tooltip>
        ) : null}
        <Tooltip content="Stop all containers and keep them" keys="s">
          <Button icon={<Square size={12} />} disabled={!can.stop} onClick={() => commands.stop()}>
            Stop
          </Button>
        </Tooltip>
        {app.origin === 'folder' ? (
          <Tooltip content="Build all images" keys="b">
            <Button icon={<Hammer size={13} />} disabled={!can.build} onClick={onBuild}>
              Build
            </Button>
          </Tooltip>
        ) : null}
        {app.origin === 'folder' ? (
          <Tooltip content="Edit the compose file, as a form or as text" keys="e">
            <Button icon={<SquarePen size={13} />} disabled={app.folderError !== undefined} onClick={onEdit}>
              Edit
            </Button>
          </Tooltip>
        ) : null}
        <Tooltip content="Stop and remove containers and networks; volumes stay">
          <Button icon={<Trash2 size={13} />} disabled={!can.remove} onClick={() => void commands.remove()}>
            Remove
          </Button>
        </Tooltip>
        <Menu
          align="end"
          label="More actions"
          trigger={<IconButton label="More actions" icon={<Ellipsis size={15} />} />}
          items={[
            {
              label: 'Build and run',
              icon: <Play size={14} />,
              disabled: !can.buildAndRun,
              onSelect: onBuildAndRun,
            },
            {
              label: 'Rebuild without cache',
              icon: <RotateCcw size={14} />,
              disabled: !can.build,
              onSelect: () => commands.build({ noCache: true }),
            },
            {
              label: 'What will change…',
              icon: <GitCompareArrows size={14} />,
              disabled: !can.run,
              onSelect: () => openPlan(app.id),
            },
            {
              label: 'Generate Dockerfile…',
              icon: <FilePlus2 size={14} />,
              disabled: app.origin === 'engine' || app.folderError !== undefined,
              onSelect: () => openGenerate(app.id),
            },
            {
              label: 'Read the folder again',
              icon: <FolderSync size={14} />,
              disabled: app.origin === 'engine',
              onSelect: () => commands.reload(),
            },
            { kind: 'separator' },
            {
              label: 'Remove with volumes…',
              icon: <Trash2 size={14} />,
              danger: true,
              disabled: !can.engine,
              onSelect: () => setConfirming(true),
            },
            {
              label: 'Take off the list',
              icon: <X size={14} />,
              disabled: workers.length > 0,
              onSelect: () => commands.close(),
            },
          ]}
        />
      </div>
      <ConfirmDialog
        open={confirming}
        onClose={() => setConfirming(false)}
        title={`Remove ${displayName(app.title)} with its volumes?`}
        confirmLabel="Remove with volumes"
        danger
        onConfirm={() => commands.remove({ volumes: true })}
      >
        Containers, networks and volumes of this app are deleted from the engine. What is stored in the
        volumes is lost. The project folder is not touched.
      </ConfirmDialog>
    </header>
  );
}

/** `The settings of main changed since its containers were made. Orphans: old-1.` */
function driftWords(
  { services, orphans }: NonNullable<AppView['drift']> = { services: [], orphans: [] },
): string {
  const changed =
    services.length === 0
      ? []
      : [`The settings of ${listWords(services.map(displayName))} changed since the containers were made.`];
  const left =
    orphans.length === 0
      ? []
      : [`The files have no word of ${listWords(orphans.map(displayName))} any more.`];
  return [...changed, ...left].join(' ');
}

/** `main 1 · worker 6`: running workers by service. */
function whatRuns(app: AppView, workers: readonly WorkerView[]): string {
  const running = new Map<string, number>();
  for (const worker of workers) {
    if (worker.phase === 'running') running.set(worker.service, (running.get(worker.service) ?? 0) + 1);
  }
  const order = app.services.map((service) => service.name);
  return [...running]
    .sort(([left], [right]) => order.indexOf(left) - order.indexOf(right))
    .map(([service, count]) => `${displayName(service)} ${count}`)
    .join(' · ');
}
