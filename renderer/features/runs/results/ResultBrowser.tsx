import { useState } from 'react';
import type { Client } from '#shared/contract/Client.ts';
import type { RunRecord, RunResult } from '#shared/domain/Run.ts';
import { ProgressBar } from '../../../ui/ProgressBar.tsx';
import { Select } from '../../../ui/Select.tsx';
import { displayName } from '../../app/displayName.ts';
import { formatBytes } from '../../build/formatBytes.ts';
import { stateOfResult } from '../runWords.ts';
import styles from './ResultBrowser.module.css';
import { ResultFolder } from './ResultFolder.tsx';

/** The results of a run, by worker: its files, each with a look at its beginning, and what could not be copied. */
export function ResultBrowser({ client, record }: { client: Client; record: RunRecord }) {
  const { summary, results, collecting, services } = record;
  const [chosen, setChosen] = useState('');
  const shown = results.find(({ containerId }) => containerId === chosen) ?? results[0];
  if (
    results.length === 0 &&
    collecting.length === 0 &&
    services.every((service) => service.results === undefined)
  )
    return null;
  return (
    <section className={styles.browser} aria-label="Results">
      <div className={styles.head}>
        <h3 className={styles.title}>Results</h3>
        {results.length > 1 ? (
          <Select
            className={styles.choice}
            label="Worker"
            value={shown?.containerId ?? ''}
            onChange={setChosen}
            options={results.map((result) => ({ value: result.containerId, label: labelOf(result) }))}
          />
        ) : shown === undefined ? null : (
          <span className={styles.only}>{labelOf(shown)}</span>
        )}
      </div>
      {collecting.map(({ worker, files, bytes }) => (
        <div key={worker} className={styles.collecting} role="status">
          <ProgressBar label={`Copying the results of ${worker}`} />
          <span>
            Copying from {displayName(worker)}: {files} files, {formatBytes(bytes)}
          </span>
        </div>
      ))}
      {shown === undefined ? (
        collecting.length === 0 ? (
          <p className={styles.none}>They are copied when a worker has ended.</p>
        ) : null
      ) : (
        <>
          {shown.problems.length === 0 ? null : <Problems result={shown} />}
          {shown.folder === undefined || shown.files === 0 ? null : (
            <ResultFolder key={shown.containerId} client={client} runId={summary.id} worker={shown.folder} />
          )}
          {shown.state === 'ok' && shown.files === 0 ? (
            <p className={styles.none}>There was no file.</p>
          ) : null}
        </>
      )}
    </section>
  );
}

function Problems({ result: { problems, failed, skipped } }: { result: RunResult }) {
  const more = failed + skipped - problems.length;
  return (
    <ul className={styles.problems} aria-label="What was not copied">
      {problems.map(({ path, reason, skipped: isSkipped }, index) => (
        <li key={index} data-failed={!isSkipped || undefined}>
          {path === '' ? null : <code>{displayName(path)}</code>} {displayName(reason)}
        </li>
      ))}
      {more > 0 ? <li>… and {more} more, in the list beside the results</li> : null}
    </ul>
  );
}

function labelOf(result: RunResult): string {
  const state = stateOfResult(result);
  return `${displayName(result.worker)}: ${result.files} ${result.files === 1 ? 'file' : 'files'}, ${formatBytes(result.bytes)}${state === '' ? '' : ` (${state})`}`;
}
