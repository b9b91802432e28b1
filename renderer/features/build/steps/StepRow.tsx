import { ChevronRight } from 'lucide-react';
import type { BuildStep } from '#shared/domain/Build.ts';
import { ProgressBar } from '../../../ui/ProgressBar.tsx';
import { displayName } from '../../app/displayName.ts';
import { BuildStateSign } from '../BuildStateSign.tsx';
import { formatBytes } from '../formatBytes.ts';
import styles from './StepRow.module.css';
import { StepOutput } from './StepOutput.tsx';
import { StepTimeline, type TimeSpan } from './StepTimeline.tsx';
import { stepWords } from './stepTime.ts';

interface StepRowProps {
  step: BuildStep;
  lines: readonly string[];
  open: boolean;
  span: TimeSpan;
  /** Epoch milliseconds. */
  now: number;
  /** The build has not ended. */
  going: boolean;
  onToggle: () => void;
}

/** A step of the list: what it does, when and how long, and its log when it is open. */
export function StepRow({ step, lines, open, span, now, going, onToggle }: StepRowProps) {
  const silent = lines.length === 0;
  const shown = open && !silent;
  return (
    <li className={styles.step} data-state={step.state} data-step={step.number}>
      <button
        type="button"
        className={styles.head}
        data-step-head
        aria-expanded={silent ? undefined : shown}
        aria-disabled={silent || undefined}
        onClick={silent ? undefined : onToggle}
      >
        <ChevronRight
          size={13}
          className={styles.chevron}
          data-open={shown || undefined}
          data-hidden={silent || undefined}
          aria-hidden
        />
        <BuildStateSign state={step.state} />
        <span className={styles.number}>{step.number}</span>
        <code className={styles.instruction}>
          {step.stage === undefined ? null : <span className={styles.stage}>{displayName(step.stage)}</span>}
          {displayName(step.instruction) || 'Not told by the builder yet'}
        </code>
        <StepTimeline
          span={span}
          startedAt={step.cached ? undefined : step.startedAt}
          endedAt={step.endedAt}
          state={step.state}
        />
        <span className={styles.words} data-cached={step.cached || undefined}>
          {stepWords(step, now, going)}
        </span>
      </button>
      {step.state === 'running' && step.transfer ? <Transfer transfer={step.transfer} /> : null}
      {shown ? (
        <StepOutput
          className={styles.output}
          lines={lines}
          label={`Output of step ${step.number}`}
          live={step.state === 'running'}
        />
      ) : null}
    </li>
  );
}

function Transfer({ transfer }: { transfer: NonNullable<BuildStep['transfer']> }) {
  const { doneBytes, totalBytes } = transfer;
  return (
    <div className={styles.transfer}>
      <ProgressBar label="Transferred" {...(totalBytes > 0 ? { value: doneBytes, max: totalBytes } : {})} />
      <span>
        {formatBytes(doneBytes)}
        {totalBytes > 0 ? ` of ${formatBytes(totalBytes)}` : ''}
      </span>
    </div>
  );
}
