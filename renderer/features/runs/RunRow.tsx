import { CircleCheck, CircleDashed, CircleHelp, CircleStop, CircleX, FlaskConical } from 'lucide-react';
import type { CSSProperties } from 'react';
import type { RunSummary } from '#shared/domain/Run.ts';
import { coreSecondsWords, peakMemoryWords } from '#shared/runs/usageWords.ts';
import { displayName } from '../app/displayName.ts';
import { formatWhen } from '../build/formatWhen.ts';
import rows from '../build/list/BuildRow.module.css';
import { classNames } from '../../ui/classNames.ts';
import styles from './RunRow.module.css';
import { outcomeWords, resultWords, timeOfRun } from './runWords.ts';

const ICONS = {
  ok: CircleCheck,
  failed: CircleX,
  stopped: CircleStop,
  lost: CircleHelp,
  going: CircleDashed,
};

interface RunRowProps {
  id: string;
  run: RunSummary;
  now: number;
  selected: boolean;
  style: CSSProperties;
  onChoose: (runId: string) => void;
}

/** A run in the list: how it ended and when; below its time, what it used, its results and its tags. */
export function RunRow({ id, run, now, selected, style, onChoose }: RunRowProps) {
  const state = run.outcome ?? 'going';
  const Icon = run.kind === 'study' ? FlaskConical : ICONS[state];
  const time = timeOfRun(run, now);
  const results = resultWords(run);
  const { usage } = run;
  return (
    <div
      id={id}
      role="option"
      aria-selected={selected}
      className={classNames(rows.row, styles.run)}
      style={style}
      data-run={run.id}
      data-outcome={state}
      onClick={() => onChoose(run.id)}
    >
      <Icon size={14} className={styles.icon} aria-hidden />
      <span className={rows.state}>
        {run.name === undefined ? outcomeWords(run) : `${displayName(run.name)} · ${outcomeWords(run)}`}
      </span>
      <time className={rows.when} dateTime={new Date(run.startedAt).toISOString()}>
        {formatWhen(run.startedAt, now)}
      </time>
      <span className={rows.facts}>
        {time === undefined ? null : <span>{time}</span>}
        {usage === undefined ? (
          <span>{madeOf(run)}</span>
        ) : (
          <>
            <span title="CPU time of all its containers">{coreSecondsWords(usage)}</span>
            <span title="The most memory that one of its containers was seen to have in use">
              {peakMemoryWords(usage)}
            </span>
          </>
        )}
        {results === undefined ? null : <span>{results}</span>}
        {(run.tags ?? []).map((tag) => (
          <span key={tag} className={styles.tag}>
            {displayName(tag)}
          </span>
        ))}
      </span>
    </div>
  );
}

/** What it consists of, while nothing is known of what it used. */
function madeOf({ made, containers }: RunSummary): string {
  if (made !== undefined) return `${made.done} of ${made.total} runs`;
  return containers === 1 ? '1 container' : `${containers} containers`;
}
