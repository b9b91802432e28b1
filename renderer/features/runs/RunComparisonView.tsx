import { ArrowLeft, Unplug } from 'lucide-react';
import { useEffect, useState } from 'react';
import type { Client } from '#shared/contract/Client.ts';
import { type ErrorShape, toErrorShape } from '#shared/contract/errors.ts';
import type { RunComparison, RunDifference, RunSummary } from '#shared/domain/Run.ts';
import { Button } from '../../ui/Button.tsx';
import { EmptyState } from '../../ui/EmptyState.tsx';
import { Spinner } from '../../ui/Spinner.tsx';
import { onEscape } from '../../ui/onEscape.ts';
import { displayName } from '../app/displayName.ts';
import { formatWhen } from '../build/formatWhen.ts';
import details from './RunDetails.module.css';
import styles from './RunTable.module.css';

interface RunComparisonViewProps {
  client: Client;
  left: string;
  right: string;
  onClose: () => void;
}

/** Two runs side by side: what they came to, and what was different about them. */
export function RunComparisonView({ client, left, right, onClose }: RunComparisonViewProps) {
  const [answer, setAnswer] = useState<{ comparison?: RunComparison; error?: ErrorShape }>({});
  useEffect(() => {
    let stale = false;
    client.call('runs.compare', { left, right }).then(
      (comparison) => stale || setAnswer({ comparison }),
      (error: unknown) => stale || setAnswer({ error: toErrorShape(error) }),
    );
    return () => {
      stale = true;
    };
  }, [client, left, right]);
  const { comparison, error } = answer;
  return (
    <section className={details.details} aria-label="Comparison of two runs" onKeyDown={onEscape(onClose)}>
      <header className={details.head}>
        <Button size="small" icon={<ArrowLeft size={13} />} onClick={onClose} data-autofocus>
          Back to the run
        </Button>
        <h2 className={details.title}>Comparison</h2>
      </header>
      <div
        className={details.scroll}
        tabIndex={0}
        role="group"
        aria-label="What was different"
        ref={takeFocus}
      >
        {error !== undefined ? (
          <EmptyState compact icon={<Unplug size={20} />} title="The runs cannot be compared">
            {error.message} {error.hint}
          </EmptyState>
        ) : comparison === undefined ? (
          <Spinner label="Comparing" />
        ) : (
          <>
            <Differences title="Outcome" rows={comparison.facts} of={comparison} />
            <Differences
              title="Settings"
              rows={comparison.settings}
              of={comparison}
              none="Nothing was different."
            />
            <Differences
              title="Containers"
              rows={comparison.workers}
              of={comparison}
              none="They ended alike."
            />
          </>
        )}
      </div>
    </section>
  );
}

/** The menu that asked for the comparison is gone: Escape and arrows are to work at once. */
function takeFocus(element: HTMLElement | null): void {
  if (document.activeElement === document.body) element?.focus();
}

interface DifferencesProps {
  title: string;
  rows: readonly RunDifference[];
  of: RunComparison;
  none?: string;
}

function Differences({ title, rows, of, none }: DifferencesProps) {
  return (
    <div className={styles.box}>
      <table className={styles.table}>
        <caption className={styles.caption}>{title}</caption>
        {rows.length === 0 ? null : (
          <thead>
            <tr>
              <th scope="col">What</th>
              <th scope="col">{nameOf(of.left)}</th>
              <th scope="col">{nameOf(of.right)}</th>
            </tr>
          </thead>
        )}
        <tbody>
          {rows.map(({ what, left, right }) => (
            <tr key={what}>
              <th scope="row">{displayName(what)}</th>
              <td>{left === undefined ? '–' : displayName(left)}</td>
              <td>{right === undefined ? '–' : displayName(right)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {rows.length === 0 && none !== undefined ? <p className={styles.more}>{none}</p> : null}
    </div>
  );
}

function nameOf({ name, startedAt }: RunSummary): string {
  const when = formatWhen(startedAt, Date.now());
  return name === undefined ? when : `${displayName(name)}, ${when}`;
}
