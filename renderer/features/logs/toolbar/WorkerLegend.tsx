import { Eye, EyeOff, Users } from 'lucide-react';
import { useState, useSyncExternalStore } from 'react';
import type { LogWorkerState } from '#shared/domain/LogView.ts';
import { IconButton } from '../../../ui/IconButton.tsx';
import { Popover } from '../../../ui/Popover.tsx';
import { TextField } from '../../../ui/TextField.tsx';
import { displayName } from '../../app/displayName.ts';
import { hueOf } from '../list/LogRowLine.tsx';
import type { LogViewClient } from '../view/LogViewClient.ts';
import styles from './WorkerLegend.module.css';

const SEARCH_FROM = 12;
/** More are found by the search field above. */
const MOST_LISTED = 200;
/** Degrees offered for a worker's colour. */
const HUES = [20, 60, 110, 150, 190, 230, 270, 310, 345];

const STATE_WORDS: Record<LogWorkerState['state'], string> = {
  waiting: 'no output yet',
  following: 'following',
  ended: 'ended',
  lost: 'connection lost',
  kept: 'removed, lines kept',
  unavailable: 'not available',
};

interface WorkerLegendProps {
  view: LogViewClient;
  hidden: readonly string[];
  onHidden: (workers: readonly string[]) => void;
  onOnly: (worker: string) => void;
  hues: Readonly<Record<string, number>>;
  onHue: (worker: string, hue: number | null) => void;
}

/** Every worker the log knows: its colour, how its log stands, how much it wrote, and whether it is shown. */
export function WorkerLegend({ view, hidden, onHidden, onOnly, hues, onHue }: WorkerLegendProps) {
  const [open, setOpen] = useState(false);
  return (
    <Popover
      label="Workers in the log"
      open={open}
      onOpenChange={setOpen}
      className={styles.popover}
      trigger={<IconButton label="Workers and colours" icon={<Users size={15} />} />}
    >
      {open ? (
        <Legend
          view={view}
          hidden={hidden}
          onHidden={onHidden}
          hues={hues}
          onHue={onHue}
          onOnly={(worker) => {
            setOpen(false);
            onOnly(worker);
          }}
        />
      ) : null}
    </Popover>
  );
}

function Legend({ view, hidden, onHidden, onOnly, hues, onHue }: WorkerLegendProps) {
  useSyncExternalStore(view.subscribe, view.version);
  const workers = view.state?.workers ?? [];
  const [sought, setSought] = useState('');
  const [colouring, setColouring] = useState<string | null>(null);
  const found = workers
    .filter((entry) => entry.worker.toLowerCase().includes(sought.trim().toLowerCase()))
    .sort((left, right) => left.worker.localeCompare(right.worker, 'en', { numeric: true }));
  const isHidden = new Set(hidden);
  const toggle = (worker: string) =>
    onHidden(isHidden.has(worker) ? hidden.filter((other) => other !== worker) : [...hidden, worker]);

  if (workers.length === 0) return <p className={styles.none}>No worker has written anything yet.</p>;
  return (
    <>
      <div className={styles.head}>
        {workers.length > SEARCH_FROM ? (
          <TextField
            label="Find a worker"
            hideLabel
            className={styles.find}
            placeholder="Find a worker"
            value={sought}
            onChange={setSought}
          />
        ) : (
          <span className={styles.title}>{workers.length} workers</span>
        )}
        <IconButton
          size="small"
          label={hidden.length > 0 ? 'Show all' : 'Hide all'}
          icon={hidden.length > 0 ? <Eye size={14} /> : <EyeOff size={14} />}
          onClick={() => onHidden(hidden.length > 0 ? [] : workers.map((entry) => entry.worker))}
        />
      </div>
      <ul className={styles.list} aria-label="Workers in the log" tabIndex={-1}>
        {found.slice(0, MOST_LISTED).map((entry) => {
          const name = displayName(entry.worker);
          return (
            <li key={entry.worker} className={styles.entry}>
              <div className={styles.row}>
                <input
                  type="checkbox"
                  className={styles.box}
                  aria-label={`Show ${name}`}
                  checked={!isHidden.has(entry.worker)}
                  onChange={() => toggle(entry.worker)}
                />
                <button
                  type="button"
                  className={styles.colour}
                  style={hueOf(entry.worker, hues)}
                  aria-label={`Colour of ${name}`}
                  aria-expanded={colouring === entry.worker}
                  onClick={() => setColouring(colouring === entry.worker ? null : entry.worker)}
                />
                <span className={styles.about}>
                  <span className={styles.name}>{name}</span>
                  <span className={styles.state} data-state={entry.state}>
                    {STATE_WORDS[entry.state]}
                    {entry.message === undefined ? '' : `: ${displayName(entry.message)}`}
                  </span>
                </span>
                <span className={styles.lines}>{entry.lines.toLocaleString('en')}</span>
                <button
                  type="button"
                  className={styles.only}
                  aria-label={`Only ${name}`}
                  onClick={() => onOnly(entry.worker)}
                >
                  Only
                </button>
              </div>
              {colouring === entry.worker ? (
                <div className={styles.hues} role="group" aria-label={`Colours for ${name}`}>
                  {HUES.map((hue) => (
                    <button
                      key={hue}
                      type="button"
                      className={styles.colour}
                      style={hueOf(entry.worker, { [entry.worker]: hue })}
                      aria-label={`Hue ${hue}°`}
                      aria-pressed={hues[entry.worker] === hue}
                      onClick={() => onHue(entry.worker, hue)}
                    />
                  ))}
                  <button type="button" className={styles.only} onClick={() => onHue(entry.worker, null)}>
                    Usual
                  </button>
                </div>
              ) : null}
            </li>
          );
        })}
      </ul>
      {found.length > MOST_LISTED ? (
        <p className={styles.none}>
          {(found.length - MOST_LISTED).toLocaleString('en')} more: search for a name.
        </p>
      ) : null}
    </>
  );
}
