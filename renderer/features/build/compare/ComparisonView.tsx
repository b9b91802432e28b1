import { ArrowLeft, Unplug } from 'lucide-react';
import { useEffect, useState } from 'react';
import type { Client } from '#shared/contract/Client.ts';
import { type ErrorShape, toErrorShape } from '#shared/contract/errors.ts';
import type { BuildComparison, BuildHistoryEntry } from '#shared/domain/Build.ts';
import { Button } from '../../../ui/Button.tsx';
import { EmptyState } from '../../../ui/EmptyState.tsx';
import { Spinner } from '../../../ui/Spinner.tsx';
import { onEscape } from '../../../ui/onEscape.ts';
import { displayName } from '../../app/displayName.ts';
import { buildStateLabel } from '../buildStateLabel.ts';
import { formatBytes } from '../formatBytes.ts';
import { formatSizeDelta } from '../formatSizeDelta.ts';
import { formatStepTime } from '../formatStepTime.ts';
import { formatWhen } from '../formatWhen.ts';
import styles from './ComparisonView.module.css';
import { durationOf, formatTimeDelta, sideWords, stepChange } from './comparisonWords.ts';

interface ComparisonViewProps {
  client: Client;
  left: string;
  right: string;
  onClose: () => void;
}

/** Two builds side by side: totals, steps and layers, each with what changed. */
export function ComparisonView({ client, left, right, onClose }: ComparisonViewProps) {
  const [answer, setAnswer] = useState<{ comparison?: BuildComparison; error?: ErrorShape }>({});
  useEffect(() => {
    let stale = false;
    setAnswer({});
    client.call('builds.compare', { left, right }).then(
      (comparison) => stale || setAnswer({ comparison }),
      (error: unknown) => stale || setAnswer({ error: toErrorShape(error) }),
    );
    return () => {
      stale = true;
    };
  }, [client, left, right]);
  return (
    <section className={styles.view} aria-label="Comparison of two builds" onKeyDown={onEscape(onClose)}>
      <header className={styles.head}>
        <Button size="small" icon={<ArrowLeft size={13} />} onClick={onClose}>
          Back to the build
        </Button>
        <span className={styles.title}>Comparison</span>
      </header>
      {answer.error ? (
        <EmptyState compact icon={<Unplug size={20} />} title="The builds cannot be compared">
          {answer.error.message} {answer.error.hint}
        </EmptyState>
      ) : answer.comparison ? (
        <div
          ref={takeFocus}
          className={styles.scroll}
          tabIndex={0}
          data-comparison
          role="group"
          aria-label="What changed"
        >
          <Tables comparison={answer.comparison} />
        </div>
      ) : (
        <div className={styles.waiting}>
          <Spinner label="Comparing" />
        </div>
      )}
    </section>
  );
}

/** The button that asked for the comparison is gone: Escape and arrows are to work at once. */
function takeFocus(element: HTMLElement | null): void {
  if (document.activeElement === document.body) element?.focus();
}

function Tables({ comparison }: { comparison: BuildComparison }) {
  const { left, right, steps, layers } = comparison;
  return (
    <>
      <table className={styles.table}>
        <caption className="visually-hidden">Totals</caption>
        <thead>
          <tr>
            <th scope="col">{displayName(right.service)}</th>
            <Head entry={left} />
            <Head entry={right} />
            <th scope="col">Change</th>
          </tr>
        </thead>
        <tbody>
          <Total name="Result" left={buildStateLabel(left.state)} right={buildStateLabel(right.state)} />
          <Total
            name="Duration"
            left={time(durationOf(left))}
            right={time(durationOf(right))}
            change={formatTimeDelta(durationOf(left), durationOf(right))}
          />
          <Total name="From the cache" left={ratio(left)} right={ratio(right)} />
          <Total
            name="Context"
            left={size(left.contextBytes)}
            right={size(right.contextBytes)}
            change={delta(left.contextBytes, right.contextBytes)}
          />
          <Total
            name="Image"
            left={size(left.sizeBytes)}
            right={size(right.sizeBytes)}
            change={delta(left.sizeBytes, right.sizeBytes)}
          />
        </tbody>
      </table>
      <table className={styles.table}>
        <caption className={styles.caption}>Steps</caption>
        <tbody>
          {steps.map((step, index) => (
            <tr key={index} data-change={stepChange(step)}>
              <th scope="row">
                <code title={displayName(step.instruction)}>{displayName(step.instruction)}</code>
              </th>
              <td>{sideWords(step.left)}</td>
              <td>{sideWords(step.right)}</td>
              <td>{formatTimeDelta(step.left?.durationMs, step.right?.durationMs)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {layers.length === 0 ? (
        <p className={styles.none}>Neither build has an image whose layers could be compared.</p>
      ) : (
        <table className={styles.table}>
          <caption className={styles.caption}>Layers</caption>
          <tbody>
            {layers.map((layer, index) => (
              <tr
                key={index}
                data-change={
                  layer.leftBytes === undefined
                    ? 'added'
                    : layer.rightBytes === undefined
                      ? 'removed'
                      : undefined
                }
              >
                <th scope="row">
                  <code title={displayName(layer.createdBy)}>
                    {displayName(layer.createdBy) || 'base image'}
                  </code>
                </th>
                <td>{size(layer.leftBytes)}</td>
                <td>{size(layer.rightBytes)}</td>
                <td>{delta(layer.leftBytes ?? 0, layer.rightBytes ?? 0)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </>
  );
}

function Head({ entry }: { entry: BuildHistoryEntry }) {
  return <th scope="col">{formatWhen(entry.startedAt, Date.now())}</th>;
}

function Total(props: { name: string; left: string; right: string; change?: string }) {
  return (
    <tr>
      <th scope="row">{props.name}</th>
      <td>{props.left}</td>
      <td>{props.right}</td>
      <td>{props.change}</td>
    </tr>
  );
}

function time(milliseconds: number | undefined): string {
  return milliseconds === undefined ? '–' : formatStepTime(milliseconds);
}

function size(bytes: number | undefined): string {
  return bytes === undefined ? '–' : formatBytes(bytes);
}

function delta(left: number | undefined, right: number | undefined): string {
  return left === undefined || right === undefined ? '' : formatSizeDelta(right - left);
}

function ratio({ steps, cachedSteps }: BuildHistoryEntry): string {
  return steps === 0 ? '–' : `${cachedSteps} of ${steps}`;
}
