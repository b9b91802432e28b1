import { ArrowUp, ChevronRight, Folder, FolderCheck } from 'lucide-react';
import { type KeyboardEvent, useCallback, useEffect, useRef, useState } from 'react';
import type { CallOutput, FolderEntry, RecentProject } from '#shared/contract/calls.ts';
import { type ErrorShape, toErrorShape } from '#shared/contract/errors.ts';
import { useWindowServices } from '../../app/WindowServices.ts';
import { Banner } from '../../ui/Banner.tsx';
import { Button } from '../../ui/Button.tsx';
import { Dialog } from '../../ui/Dialog.tsx';
import { IconButton } from '../../ui/IconButton.tsx';
import { Spinner } from '../../ui/Spinner.tsx';
import { Switch } from '../../ui/Switch.tsx';
import { TextField } from '../../ui/TextField.tsx';
import { displayName } from '../app/displayName.ts';
import styles from './FolderPicker.module.css';
import { baseName, pathCrumbs } from './pathCrumbs.ts';
import { TypeAhead } from './TypeAhead.ts';

interface FolderPickerProps {
  open: boolean;
  /** Name of a folder that was dropped: a browser tells no more of it. */
  search: string | undefined;
  onClose: () => void;
}

/** Chooses a folder of the machine that Flotilla's server runs on. */
export function FolderPicker({ open, search, onClose }: FolderPickerProps) {
  return (
    <Dialog
      open={open}
      onClose={onClose}
      size="large"
      title="Open a project folder"
      description={
        search === undefined
          ? 'Folders of the machine that Flotilla runs on.'
          : `A browser does not tell where “${displayName(search)}” lies. Show it here, or paste its path.`
      }
      bodyClassName={styles.body}
    >
      {open && <Picker search={search} onClose={onClose} />}
    </Dialog>
  );
}

type Listing = CallOutput<'folders.list'>;

function Picker({ search, onClose }: { search: string | undefined; onClose: () => void }) {
  const { client, openPath } = useWindowServices();
  const [listing, setListing] = useState<Listing | null>(null);
  const [typed, setTyped] = useState('');
  const [error, setError] = useState<ErrorShape | null>(null);
  const [loading, setLoading] = useState(true);
  const [opening, setOpening] = useState(false);
  const [hidden, setHidden] = useState(false);
  const [chosen, setChosen] = useState(0);
  const list = useRef<HTMLDivElement>(null);
  const form = useRef<HTMLFormElement>(null);
  const latest = useRef(0);
  /** Typed since the listing was asked for: that must not take the words out of the field. */
  const edited = useRef(false);
  const shownPath = useRef<string | undefined>(undefined);
  const [typeAhead] = useState(() => new TypeAhead());
  const known = useKnownPlaces(search);

  const go = useCallback(
    (path: string | undefined, showHidden: boolean) => {
      const mine = ++latest.current;
      edited.current = false;
      setLoading(true);
      client
        .call('folders.list', { ...(path === undefined ? {} : { path }), showHidden })
        .then(
          (next) => {
            if (mine !== latest.current) return;
            setListing(next);
            if (!edited.current) setTyped(next.path);
            setError(null);
            // Who went up finds the folder they came from; a dropped name is looked for everywhere.
            const left = shownPath.current;
            shownPath.current = next.path;
            const at = next.entries.findIndex((entry) => entry.path === left || entry.name === search);
            setChosen(Math.max(0, at));
          },
          (failure: unknown) => mine === latest.current && setError(toErrorShape(failure)),
        )
        .finally(() => mine === latest.current && setLoading(false));
    },
    [client, search],
  );
  useEffect(() => go(undefined, false), [go]);
  useEffect(() => {
    list.current?.querySelector(`[data-at="${chosen}"]`)?.scrollIntoView({ block: 'nearest' });
  }, [chosen, listing]);

  const open = (path: string): void => {
    setOpening(true);
    setError(null);
    openPath(path)
      .then(onClose, (failure: unknown) => setError(toErrorShape(failure)))
      .finally(() => setOpening(false));
  };
  const entries = listing?.entries ?? [];
  const entry = entries[chosen];
  const onListKey = (event: KeyboardEvent): void => {
    const moves: Record<string, number> = {
      ArrowDown: 1,
      ArrowUp: -1,
      PageDown: 10,
      PageUp: -10,
      Home: -entries.length,
      End: entries.length,
    };
    const step = moves[event.key];
    if (step !== undefined)
      setChosen((at) => Math.min(Math.max(0, at + step), Math.max(0, entries.length - 1)));
    else if ((event.key === 'Enter' || event.key === 'ArrowRight') && entry !== undefined)
      go(entry.path, hidden);
    else if ((event.key === 'Backspace' || event.key === 'ArrowLeft') && listing?.parent != null)
      go(listing.parent, hidden);
    else if (event.key === '/' && !event.ctrlKey && !event.metaKey && !event.altKey) {
      // No name has one: it begins a path.
      edited.current = true;
      setTyped('/');
      form.current?.querySelector('input')?.focus();
    } else if (event.key.length === 1 && !event.ctrlKey && !event.metaKey && !event.altKey) {
      const names = entries.map((each) => each.name);
      const next = typeAhead.press(event.key, names, chosen, event.timeStamp);
      if (next !== undefined) setChosen(next);
    } else return;
    event.preventDefault();
  };
  const target = typed.trim() === '' ? listing?.path : typed.trim();

  return (
    <>
      <form
        ref={form}
        className={styles.path}
        onSubmit={(event) => {
          event.preventDefault();
          if (target === undefined) return;
          // A path that ends with a slash is still on its way: what is in it is shown.
          if (target.endsWith('/')) go(target, hidden);
          else open(target);
        }}
      >
        <IconButton
          label="Parent folder"
          icon={<ArrowUp size={15} />}
          disabled={listing?.parent == null}
          onClick={() => listing?.parent != null && go(listing.parent, hidden)}
        />
        <TextField
          className={styles.field}
          label="Path"
          hideLabel
          value={typed}
          onChange={(text) => {
            edited.current = true;
            setTyped(text);
          }}
          placeholder="/home/me/project"
          hint="Enter opens the folder; after a / at the end it shows what is in it."
        />
      </form>
      {listing !== null && <Crumbs path={listing.path} onGo={(path) => go(path, hidden)} />}
      {known.length > 0 && (
        <ul className={styles.known} aria-label="Opened before">
          {known.map((place) => (
            <li key={place.path}>
              <Button size="small" loading={opening} onClick={() => open(place.path)}>
                Open {displayName(place.path)}
              </Button>
            </li>
          ))}
        </ul>
      )}
      {error !== null && (
        <Banner tone="error" title={error.message}>
          {error.hint}
        </Banner>
      )}
      <div className={styles.frame}>
        <div
          className={styles.list}
          role="listbox"
          aria-label="Folders"
          aria-busy={loading}
          tabIndex={0}
          data-autofocus
          ref={list}
          onKeyDown={onListKey}
          aria-activedescendant={entry === undefined ? undefined : `folder-${chosen}`}
        >
          {entries.map((item, at) => (
            <Row
              key={item.path}
              item={item}
              at={at}
              chosen={at === chosen}
              onChoose={() => setChosen(at)}
              onEnter={() => go(item.path, hidden)}
            />
          ))}
        </div>
        {listing !== null && entries.length === 0 && !loading && (
          <p className={styles.none}>No folders in here.</p>
        )}
        {listing?.truncated === true && (
          <p className={styles.none}>There are more. Type the path of one that is not shown.</p>
        )}
        {listing === null && loading && (
          <div className={styles.none}>
            <Spinner label="Reading the folder" />
          </div>
        )}
      </div>
      <div className={styles.footer}>
        <Switch
          label="Hidden folders"
          checked={hidden}
          onChange={(next) => {
            setHidden(next);
            go(listing?.path, next);
          }}
        />
        <span className={styles.space} />
        <Button onClick={onClose}>Cancel</Button>
        <Button
          variant={entry?.isProject === true ? 'secondary' : 'primary'}
          loading={opening}
          disabled={target === undefined}
          onClick={() => target !== undefined && open(target)}
        >
          Open this folder
        </Button>
        {entry?.isProject === true && typed === listing?.path && (
          <Button variant="primary" loading={opening} onClick={() => open(entry.path)}>
            Open “{displayName(entry.name)}”
          </Button>
        )}
      </div>
    </>
  );
}

/** Folders of that name that were opened before: most likely the one that was dropped. */
function useKnownPlaces(name: string | undefined): RecentProject[] {
  const { client } = useWindowServices();
  const [places, setPlaces] = useState<RecentProject[]>([]);
  useEffect(() => {
    setPlaces([]);
    if (name === undefined) return undefined;
    let current = true;
    client.call('apps.recents', {}).then(
      (recents) =>
        current &&
        setPlaces(recents.filter((recent) => recent.exists && baseName(recent.path) === name).slice(0, 3)),
      () => undefined,
    );
    return () => {
      current = false;
    };
  }, [client, name]);
  return places;
}

function Crumbs({ path, onGo }: { path: string; onGo: (path: string) => void }) {
  const crumbs = pathCrumbs(path);
  return (
    <nav className={styles.crumbs} aria-label="Folders above">
      {crumbs.map((crumb, at) => (
        <span key={crumb.path} className={styles.crumb}>
          {at > 0 && <ChevronRight size={12} aria-hidden className={styles.icon} />}
          <button
            type="button"
            aria-current={at === crumbs.length - 1 ? 'location' : undefined}
            onClick={() => onGo(crumb.path)}
          >
            {displayName(crumb.label)}
          </button>
        </span>
      ))}
    </nav>
  );
}

function Row({
  item,
  at,
  chosen,
  onChoose,
  onEnter,
}: {
  item: FolderEntry;
  at: number;
  chosen: boolean;
  onChoose: () => void;
  onEnter: () => void;
}) {
  const Icon = item.isProject ? FolderCheck : Folder;
  return (
    <div
      id={`folder-${at}`}
      data-at={at}
      role="option"
      aria-selected={chosen}
      className={styles.row}
      onClick={onChoose}
      onDoubleClick={onEnter}
    >
      <Icon size={15} aria-hidden className={item.isProject ? styles.project : styles.icon} />
      <span className={styles.name}>{displayName(item.name)}</span>
      {item.isProject && <span className={styles.mark}>project</span>}
    </div>
  );
}
