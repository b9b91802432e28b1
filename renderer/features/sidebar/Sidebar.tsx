import { FolderOpen, Menu as MenuIcon, Monitor, Moon, Search, Sun } from 'lucide-react';
import { type KeyboardEvent, memo, useMemo, useRef, useState } from 'react';
import type { AppView } from '#shared/domain/AppView.ts';
import { setTheme } from '../../app/setTheme.ts';
import { useWindowServices } from '../../app/WindowServices.ts';
import { orderApps, useApps } from '../../stores/apps.ts';
import { usePreferences } from '../../stores/preferences.ts';
import { appHash, useRoute } from '../../stores/route.ts';
import { IconButton } from '../../ui/IconButton.tsx';
import { StatusDot } from '../../ui/StatusDot.tsx';
import { TextField } from '../../ui/TextField.tsx';
import { displayName } from '../app/displayName.ts';
import { statusLook } from '../app/statusLook.ts';
import { EngineChip } from './EngineChip.tsx';
import { ImagesLink } from './ImagesLink.tsx';
import styles from './Sidebar.module.css';

/** From this many apps on a filter is worth its place. */
const FILTER_FROM = 10;

/** The apps, the engine's state, and the way to open more. */
export function Sidebar({ open, onToggle }: { open: boolean; onToggle: () => void }) {
  const services = useWindowServices();
  const apps = useApps((store) => store.apps);
  const theme = usePreferences((store) => store.theme);
  const [filter, setFilter] = useState('');
  const list = useRef<HTMLElement>(null);
  const ordered = useMemo(() => orderApps(apps?.values() ?? []), [apps]);
  const wanted = filter.trim().toLowerCase();
  const shown = wanted === '' ? ordered : ordered.filter((app) => app.title.toLowerCase().includes(wanted));
  const nextTheme = theme === 'light' ? 'dark' : theme === 'dark' ? 'system' : 'light';
  const ThemeIcon = theme === 'light' ? Sun : theme === 'dark' ? Moon : Monitor;

  const onKeyDown = (event: KeyboardEvent): void => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step === undefined || event.target instanceof HTMLInputElement) return;
    const links = [...(list.current?.querySelectorAll<HTMLElement>('a') ?? [])];
    const at = links.indexOf(document.activeElement as HTMLElement);
    const next = links[at === -1 ? 0 : at + step];
    if (next === undefined) return;
    event.preventDefault();
    next.focus();
  };

  return (
    <div className={styles.sidebar} data-open={open || undefined}>
      <div className={styles.header}>
        <span className={styles.toggle}>
          <IconButton
            label={open ? 'Hide the apps' : 'Show the apps'}
            icon={<MenuIcon size={16} />}
            onClick={onToggle}
          />
        </span>
        <a className={styles.brand} href="#/" aria-label="Flotilla: start page">
          <img src="./favicon.svg" alt="" width={18} height={18} />
          <span className={styles.wide}>Flotilla</span>
        </a>
        <span className={styles.wide}>
          <IconButton
            label="Open folder…"
            keys="mod+o"
            icon={<FolderOpen size={16} />}
            onClick={() => services.openFolder()}
          />
        </span>
      </div>
      {ordered.length >= FILTER_FROM && (
        <div className={styles.filter}>
          <TextField
            label="Filter apps"
            hideLabel
            placeholder="Filter"
            value={filter}
            onChange={setFilter}
            icon={<Search size={13} />}
          />
        </div>
      )}
      <nav className={styles.apps} aria-label="Apps" ref={list} onKeyDown={onKeyDown}>
        {shown.map((app) => (
          <AppLink key={app.id} app={app} />
        ))}
        {apps !== undefined && ordered.length === 0 && (
          <p className={styles.none}>No apps yet. Drop a project folder on the window.</p>
        )}
        {ordered.length > 0 && shown.length === 0 && <p className={styles.none}>No app of that name.</p>}
      </nav>
      <ImagesLink />
      <div className={styles.footer}>
        <EngineChip />
        <IconButton
          label={`Theme: ${theme}. Switch to ${nextTheme}`}
          tooltipSide="top"
          icon={<ThemeIcon size={15} />}
          onClick={() => setTheme(services.client, nextTheme)}
        />
      </div>
    </div>
  );
}

const AppLink = memo(function AppLink({ app }: { app: AppView }) {
  const isCurrent = useRoute(({ route }) => route.page === 'app' && route.appId === app.id);
  const look = statusLook(app.status);
  const running = app.workers.filter((worker) => worker.phase === 'running').length;
  const title = displayName(app.title);
  const detail = running > 0 ? `${look.label} · ${running}` : look.label;
  return (
    <a
      className={styles.app}
      href={appHash(app.id)}
      aria-current={isCurrent ? 'page' : undefined}
      title={app.path ?? title}
    >
      <StatusDot tone={look.tone} pulse={look.passing} />
      <span className={styles.initials} aria-hidden>
        {title.slice(0, 2)}
      </span>
      <span className={styles.name}>{title}</span> <span className={styles.detail}>{detail}</span>
    </a>
  );
});
