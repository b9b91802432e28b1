import type { CSSProperties } from 'react';
import { ProgressBar } from '../../../ui/ProgressBar.tsx';
import { displayName } from '../../app/displayName.ts';
import { BuildStateSign } from '../BuildStateSign.tsx';
import { buildStateLabel } from '../buildStateLabel.ts';
import { formatBytes } from '../formatBytes.ts';
import { formatSizeDelta } from '../formatSizeDelta.ts';
import { formatStepTime } from '../formatStepTime.ts';
import { formatWhen } from '../formatWhen.ts';
import styles from './BuildRow.module.css';
import type { ListedBuild } from './buildListRows.ts';

interface BuildRowProps {
  id: string;
  build: ListedBuild;
  /** Its service is told, too. */
  isNamed: boolean;
  /** The present moment, epoch milliseconds. */
  now: number;
  selected: boolean;
  style: CSSProperties;
  onChoose: (buildId: string) => void;
}

/** A build in the list: its state and when; below how long it took, what came from the cache, and its image's size. */
export function BuildRow({ id, build, isNamed, now, selected, style, onChoose }: BuildRowProps) {
  const { progress } = build;
  return (
    <div
      id={id}
      role="option"
      aria-selected={selected}
      className={styles.row}
      style={style}
      data-build={build.id}
      data-state={build.state}
      onClick={() => onChoose(build.id)}
    >
      <BuildStateSign state={build.state} />
      <span className={styles.state}>
        {isNamed && (
          <>
            <span className={styles.service}>{displayName(build.service)}</span>
            {' · '}
          </>
        )}
        {build.state === 'queued' ? queueWords(build) : buildStateLabel(build.state)}
      </span>
      <time className={styles.when} dateTime={new Date(build.startedAt).toISOString()}>
        {formatWhen(build.startedAt, now)}
      </time>
      <span className={styles.facts}>
        {build.state === 'building' && progress ? (
          <>
            <ProgressBar
              className={styles.progress}
              label="Steps done"
              value={progress.done}
              max={progress.total}
            />
            <span>
              {progress.done}/{progress.total}
            </span>
          </>
        ) : null}
        {facts(build, now).map((fact) => (
          <span key={fact}>{fact}</span>
        ))}
      </span>
    </div>
  );
}

function queueWords({ queuedBehind }: ListedBuild): string {
  return queuedBehind === undefined || queuedBehind === 0
    ? 'Queued, next'
    : `Queued, ${queuedBehind} before it`;
}

function facts(build: ListedBuild, now: number): string[] {
  const { entry, begunAt } = build;
  const words: string[] = [];
  if (begunAt !== undefined) words.push(formatStepTime((build.endedAt ?? now) - begunAt));
  if (entry === undefined) return words;
  if (entry.steps > 0 && entry.state === 'succeeded')
    words.push(`${entry.cachedSteps}/${entry.steps} cached`);
  if (entry.sizeBytes !== undefined) {
    const delta = entry.sizeDeltaBytes;
    words.push(
      `${formatBytes(entry.sizeBytes)}${delta === undefined || delta === 0 ? '' : ` (${formatSizeDelta(delta)})`}`,
    );
  }
  return words;
}
