import { Command } from 'cmdk';
import {
  FolderOpen,
  Keyboard,
  Layers,
  Moon,
  Play,
  Server,
  Sparkles,
  Square,
  SquarePen,
  Hammer,
  Box,
  FilePlus2,
  GitCompareArrows,
} from 'lucide-react';
import type { ReactNode } from 'react';
import type { Preferences } from '#shared/contract/calls.ts';
import { appAbilities } from '../features/app/appAbilities.ts';
import { openGenerate } from '../features/generate/generateStore.ts';
import { openPlan } from '../features/plan/planStore.ts';
import { buildAndRun, runOrAsk } from '../features/plan/runOrAsk.ts';
import { sampleTitle } from '../features/welcome/sampleTitle.ts';
import { orderApps, useApps } from '../stores/apps.ts';
import { useConnection } from '../stores/connection.ts';
import { useEngine } from '../stores/engine.ts';
import { appHash, editHash, goTo, useRoute } from '../stores/route.ts';
import { Dialog } from '../ui/Dialog.tsx';
import { Kbd } from '../ui/Kbd.tsx';
import styles from './CommandPalette.module.css';
import { setTheme } from './setTheme.ts';
import { showError } from './showError.ts';
import { useWindowServices } from './WindowServices.ts';

interface Entry {
  id: string;
  title: string;
  icon: ReactNode;
  keys?: string;
  run: () => void;
}

/** Everything by name. */
export function CommandPalette({ open, onClose }: { open: boolean; onClose: () => void }) {
  return (
    <Dialog
      open={open}
      onClose={onClose}
      title="Command palette"
      hideHeader
      size="medium"
      bodyClassName={styles.body}
    >
      {open && <Palette onClose={onClose} />}
    </Dialog>
  );
}

function Palette({ onClose }: { onClose: () => void }) {
  const groups = useGroups();
  return (
    <Command label="Command palette" className={styles.command} loop>
      <Command.Input
        className={styles.input}
        placeholder="Type a command or the name of an app"
        data-autofocus
      />
      <Command.List className={styles.list}>
        <Command.Empty className={styles.empty}>Nothing of that name.</Command.Empty>
        {groups.map((group) => (
          <Command.Group key={group.title} heading={group.title} className={styles.group}>
            {group.entries.map((entry) => (
              <Command.Item
                key={entry.id}
                value={`${entry.title} ${entry.id}`}
                className={styles.item}
                onSelect={() => {
                  onClose();
                  entry.run();
                }}
              >
                {entry.icon}
                <span className={styles.title}>{entry.title}</span>
                {entry.keys !== undefined && <Kbd keys={entry.keys} />}
              </Command.Item>
            ))}
          </Command.Group>
        ))}
      </Command.List>
    </Command>
  );
}

const SHOWN_APPS = 200;

function useGroups(): { title: string; entries: Entry[] }[] {
  const services = useWindowServices();
  const { client } = services;
  const apps = useApps((store) => store.apps);
  const samples = useConnection((store) => store.info?.sampleNames) ?? [];
  const route = useRoute((store) => store.route);
  const engineReady = useEngine((store) => store.state?.phase === 'ready');
  const current = route.page === 'app' ? apps?.get(route.appId) : undefined;
  const groups: { title: string; entries: Entry[] }[] = [];
  if (current !== undefined) {
    const can = appAbilities(current, engineReady);
    const appId = current.id;
    const act = (name: 'apps.build' | 'apps.stop') => () =>
      void client.call(name, { appId }).catch(showError);
    const run = (): void => void runOrAsk(client, current).catch(showError);
    const entries: Entry[] = [];
    if (can.run) entries.push({ id: 'run', title: 'Run', icon: <Play size={14} />, keys: 'r', run });
    const runBuilt = (): void => void buildAndRun(client, appId, runBuilt).catch(showError);
    if (can.buildAndRun)
      entries.push({ id: 'build-run', title: 'Build and run', icon: <Hammer size={14} />, run: runBuilt });
    if (can.run)
      entries.push({
        id: 'plan',
        title: 'What will change…',
        icon: <GitCompareArrows size={14} />,
        keys: 'p',
        run: () => openPlan(appId),
      });
    if (can.build)
      entries.push({
        id: 'build',
        title: 'Build',
        icon: <Hammer size={14} />,
        keys: 'b',
        run: act('apps.build'),
      });
    if (can.stop)
      entries.push({
        id: 'stop',
        title: 'Stop',
        icon: <Square size={14} />,
        keys: 's',
        run: act('apps.stop'),
      });
    if (current.origin === 'folder' && current.folderError === undefined)
      entries.push({
        id: 'edit',
        title: 'Edit the compose file',
        icon: <SquarePen size={14} />,
        keys: 'e',
        run: () => goTo(editHash(appId)),
      });
    if (current.origin === 'folder' && current.folderError === undefined)
      entries.push({
        id: 'generate',
        title: 'Generate Dockerfile…',
        icon: <FilePlus2 size={14} />,
        run: () => openGenerate(appId),
      });
    if (entries.length > 0) groups.push({ title: current.title, entries });
  }
  const themes: [Preferences['theme'], string][] = [
    ['light', 'Light theme'],
    ['dark', 'Dark theme'],
    ['system', 'The system’s theme'],
  ];
  groups.push({
    title: 'Commands',
    entries: [
      {
        id: 'open',
        title: 'Open folder…',
        icon: <FolderOpen size={14} />,
        keys: 'mod+o',
        run: () => services.openFolder(),
      },
      ...samples.map((name) => ({
        id: `sample-${name}`,
        title: `Open the sample ${sampleTitle(name)}`,
        icon: <Sparkles size={14} />,
        run: () => void services.openSample(name),
      })),
      {
        id: 'images',
        title: 'Images and registries',
        icon: <Layers size={14} />,
        run: () => goTo('#/images'),
      },
      { id: 'engines', title: 'Engines', icon: <Server size={14} />, run: () => goTo('#/engines') },
      {
        id: 'keys',
        title: 'Keyboard shortcuts',
        icon: <Keyboard size={14} />,
        keys: '?',
        run: services.showShortcuts,
      },
      ...themes.map(([theme, title]) => ({
        id: `theme-${theme}`,
        title,
        icon: <Moon size={14} />,
        run: () => setTheme(client, theme),
      })),
    ],
  });
  const others = orderApps(apps?.values() ?? []).slice(0, SHOWN_APPS);
  if (others.length > 0) {
    groups.push({
      title: 'Apps',
      entries: others.map((app) => ({
        id: app.id,
        title: app.title,
        icon: <Box size={14} />,
        run: () => goTo(appHash(app.id)),
      })),
    });
  }
  return groups;
}
