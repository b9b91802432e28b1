import { CircleStop } from 'lucide-react';
import { IconButton } from '../../../ui/IconButton.tsx';
import type { LogSearch } from '../search/LogSearch.ts';
import { useThrottled } from '../view/useThrottled.ts';
import styles from './SearchField.module.css';

const UPDATE_MS = 250;

/** The match stood on, how many there are, and while the log is still looked through how far that is. */
export function SearchCount({ search }: { search: LogSearch }) {
  useThrottled(search, UPDATE_MS);
  const { count, number, scanned, stopped, problem } = search;
  const isScanning = scanned < 1 && problem === null;
  const of = count.toLocaleString('en');
  return (
    <>
      <output
        className={styles.count}
        aria-label="Matches"
        // Wide enough for the last match's number: stepping moves nothing.
        style={{ minWidth: `${Math.max(8, 2 * of.length + 3)}ch` }}
        title={stopped ? 'Stopped: of what was looked through' : undefined}
      >
        {problem !== null
          ? ''
          : count > 0
            ? `${number === 0 ? '–' : number.toLocaleString('en')} / ${of}`
            : isScanning
              ? ''
              : 'No match'}
        {isScanning ? (
          <span className={styles.share}>
            {count > 0 ? ' · ' : ''}
            {Math.floor(scanned * 100)} %
          </span>
        ) : null}
        {stopped ? <span className={styles.stopped}> · stopped</span> : null}
      </output>
      {isScanning ? (
        <IconButton
          label="Stop searching, keep what was found"
          icon={<CircleStop size={15} />}
          onClick={() => void search.stop()}
        />
      ) : null}
    </>
  );
}
