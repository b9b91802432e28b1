import { ChevronRight, File, Folder } from 'lucide-react';
import { type KeyboardEvent, useEffect, useId, useRef, useState } from 'react';
import type { Client } from '#shared/contract/Client.ts';
import { toErrorShape } from '#shared/contract/errors.ts';
import type { ResultEntry, ResultListing } from '#shared/domain/Run.ts';
import { Button } from '../../../ui/Button.tsx';
import { Spinner } from '../../../ui/Spinner.tsx';
import { displayName } from '../../app/displayName.ts';
import { formatBytes } from '../../build/formatBytes.ts';
import styles from './ResultBrowser.module.css';
import { ResultPreviewPane } from './ResultPreviewPane.tsx';

interface ResultFolderProps {
  client: Client;
  runId: string;
  /** Name of the worker's folder among the results. */
  worker: string;
}

/** The files of a worker: arrows choose, Enter goes into a folder, Backspace out of it. */
export function ResultFolder({ client, runId, worker }: ResultFolderProps) {
  const [path, setPath] = useState<string[]>([]);
  const [listing, setListing] = useState<ResultListing>();
  const [problem, setProblem] = useState<string>();
  const [chosen, setChosen] = useState<string>();
  const list = useRef<HTMLDivElement>(null);
  const ids = useId();
  const place = path.join('/');
  useEffect(() => {
    let stale = false;
    setListing(undefined);
    setProblem(undefined);
    client.call('runs.results', { id: runId, worker, path: place }).then(
      async (found) => {
        if (stale) return;
        const [only] = found.entries;
        // A folder that holds one folder is no choice.
        if (only?.kind === 'folder' && found.total === 1) setPath((before) => [...before, only.name]);
        else setListing(found);
      },
      (error: unknown) => stale || setProblem(toErrorShape(error).message),
    );
    return () => {
      stale = true;
    };
  }, [client, runId, worker, place]);

  const entries = listing?.entries ?? [];
  const at = entries.findIndex(({ name }) => name === chosen);
  const go = (next: string[]): void => {
    setChosen(undefined);
    setPath(next);
    list.current?.focus();
  };
  const open = (entry: ResultEntry | undefined): void => {
    if (entry?.kind === 'folder') go([...path, entry.name]);
    else setChosen(entry?.name);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const wanted: Record<string, number> = {
      ArrowDown: at + 1,
      ArrowUp: at - 1,
      Home: 0,
      End: entries.length - 1,
    };
    const next = wanted[event.key];
    if (next !== undefined) setChosen(entries[Math.min(entries.length - 1, Math.max(0, next))]?.name);
    else if (event.key === 'Enter' || event.key === 'ArrowRight') open(entries[at]);
    else if ((event.key === 'Backspace' || event.key === 'ArrowLeft') && path.length > 0)
      go(path.slice(0, -1));
    else return;
    event.preventDefault();
  };
  useEffect(() => {
    if (at !== -1) document.getElementById(`${ids}-${at}`)?.scrollIntoView({ block: 'nearest' });
  }, [ids, at]);
  const file = entries[at]?.kind === 'file' ? entries[at] : undefined;
  return (
    <div className={styles.folder}>
      <div className={styles.files}>
        <nav className={styles.path} aria-label="Folder">
          <Button size="small" variant="ghost" onClick={() => go([])}>
            {displayName(worker)}
          </Button>
          {path.map((part, index) => (
            <span key={path.slice(0, index + 1).join('/')} className={styles.path}>
              <ChevronRight size={12} aria-hidden />
              <Button size="small" variant="ghost" onClick={() => go(path.slice(0, index + 1))}>
                {displayName(part)}
              </Button>
            </span>
          ))}
        </nav>
        <div
          ref={list}
          className={styles.list}
          role="listbox"
          aria-label="Files"
          tabIndex={0}
          aria-activedescendant={at === -1 ? undefined : `${ids}-${at}`}
          onKeyDown={onKeyDown}
        >
          {entries.map((entry, index) => (
            <div
              key={entry.name}
              id={`${ids}-${index}`}
              role="option"
              aria-selected={index === at}
              className={styles.entry}
              onClick={() => open(entry)}
            >
              {entry.kind === 'folder' ? <Folder size={13} aria-hidden /> : <File size={13} aria-hidden />}
              <span className={styles.name} title={displayName(entry.name)}>
                {displayName(entry.name)}
              </span>
              <span className={styles.size}>
                {entry.size === undefined ? 'folder' : formatBytes(entry.size)}
              </span>
            </div>
          ))}
        </div>
        {listing === undefined ? (
          problem === undefined ? (
            <Spinner label="Reading the folder" />
          ) : (
            <p className={styles.hint}>{problem}</p>
          )
        ) : listing.total > entries.length ? (
          <p className={styles.hint}>
            The first {entries.length} of {listing.total}. Open the folder for the others.
          </p>
        ) : null}
      </div>
      {file === undefined ? (
        <div className={styles.preview}>
          <p className={styles.hint}>Choose a file to see its beginning.</p>
        </div>
      ) : (
        <ResultPreviewPane
          client={client}
          runId={runId}
          worker={worker}
          path={[...path, file.name].join('/')}
        />
      )}
    </div>
  );
}
