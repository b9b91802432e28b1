import { ChevronRight } from 'lucide-react';
import { useState, useSyncExternalStore } from 'react';
import type { Client } from '#shared/contract/Client.ts';
import type { BuildFailure, BuildStep, BuildView } from '#shared/domain/AppView.ts';
import { Button } from '../../ui/Button.tsx';
import { EmptyState } from '../../ui/EmptyState.tsx';
import { Spinner } from '../../ui/Spinner.tsx';
import { displayName } from '../app/displayName.ts';
import { formatDuration } from '../app/formatDuration.ts';
import { useUptime } from '../app/useUptime.ts';
import { SourceExcerpt } from '../problems/SourceExcerpt.tsx';
import styles from './BuildDetails.module.css';
import { type BuildFeed, buildFeed } from './BuildFeed.ts';
import { BuildStateSign } from './BuildStateSign.tsx';
import { buildStateLabel } from './buildStateLabel.ts';
import { formatBytes } from './formatBytes.ts';
import { StepOutput } from './StepOutput.tsx';

interface BuildDetailsProps {
  client: Client;
  buildId: string;
  onCancel: () => void;
}

/** One build: its context, steps with their output in place, and where it failed. */
export function BuildDetails({ client, buildId, onCancel }: BuildDetailsProps) {
  const feed = buildFeed(client, buildId);
  useSyncExternalStore(feed.subscribe, feed.version);
  /** Steps opened or closed by hand. */
  const [toggled, setToggled] = useState<ReadonlyMap<number, boolean>>(new Map());
  const build = feed.view;
  if (!build) {
    return feed.error ? (
      <EmptyState compact title="The build cannot be read">
        {feed.error.message}
      </EmptyState>
    ) : (
      <div className={styles.waiting}>
        <Spinner label="Reading the build" />
      </div>
    );
  }
  const going = build.state === 'queued' || build.state === 'packing' || build.state === 'building';
  const failedStep = build.steps.find((step) => step.state === 'failed')?.number;
  const isOpen = (step: BuildStep) =>
    toggled.get(step.number) ?? (step.state === 'running' || step.number === failedStep);
  return (
    <div className={styles.details}>
      <header className={styles.head}>
        <BuildStateSign state={build.state} />
        <span className={styles.title}>{displayName(build.tag)}</span>
        <span className={styles.facts}>
          <span data-testid="build-state">{buildStateLabel(build.state)}</span>
          <BuildTime build={build} />
          <ContextFacts build={build} />
        </span>
        {going ? (
          <Button size="small" onClick={onCancel}>
            Cancel build
          </Button>
        ) : null}
      </header>
      <div className={styles.scroll}>
        {build.error ? <Failure failure={build.error} /> : null}
        <Skipped build={build} />
        <Preamble feed={feed} />
        <ol className={styles.steps} aria-label="Build steps">
          {build.steps.map((step) => (
            <Step
              key={step.number}
              step={step}
              feed={feed}
              open={isOpen(step)}
              onToggle={() => setToggled(new Map(toggled).set(step.number, !isOpen(step)))}
            />
          ))}
        </ol>
      </div>
    </div>
  );
}

function BuildTime({ build }: { build: BuildView }) {
  const running = useUptime(build.endedAt === undefined ? build.startedAt : undefined);
  const text = build.endedAt === undefined ? running : formatDuration(build.endedAt - build.startedAt);
  return text === null ? null : <span>{text}</span>;
}

function ContextFacts({ build }: { build: BuildView }) {
  const { context } = build;
  if (!context) return null;
  return (
    <span>
      context {context.files.toLocaleString('en')} {context.files === 1 ? 'file' : 'files'},{' '}
      {build.state === 'packing' || context.sentBytes < context.bytes
        ? `${formatBytes(context.sentBytes)} of ${formatBytes(context.bytes)}`
        : formatBytes(context.bytes)}
    </span>
  );
}

function Failure({ failure }: { failure: BuildFailure }) {
  return (
    <div className={styles.failure} role="alert">
      <div className={styles.failureHead}>
        <span className={styles.failureMessage}>{displayName(failure.message)}</span>
        {failure.file ? (
          <span className={styles.place}>
            {displayName(failure.file)}
            {failure.line === undefined ? '' : `:${failure.line}`}
          </span>
        ) : null}
      </div>
      {failure.hint ? <p className={styles.hint}>{displayName(failure.hint)}</p> : null}
      {failure.excerpt && failure.excerpt.length > 0 ? (
        <SourceExcerpt
          label={`Excerpt of ${displayName(failure.file ?? 'Dockerfile')}`}
          lines={failure.excerpt.map(({ line, text }) => ({
            line,
            text,
            ...(line === failure.line ? { mark: { from: 0, to: text.length } } : {}),
          }))}
        />
      ) : null}
    </div>
  );
}

function Skipped({ build }: { build: BuildView }) {
  const skipped = build.context?.skipped ?? [];
  if (skipped.length === 0) return null;
  return (
    <details className={styles.skipped}>
      <summary>
        {skipped.length} {skipped.length === 1 ? 'file was' : 'files were'} left out of the context
      </summary>
      <ul>
        {skipped.slice(0, 100).map(({ path, reason }) => (
          <li key={path}>
            <span className={styles.place}>{displayName(path)}</span> {displayName(reason)}
          </li>
        ))}
      </ul>
      {skipped.length > 100 ? <p>and {skipped.length - 100} more</p> : null}
    </details>
  );
}

/** What the builder wrote before its first step. */
function Preamble({ feed }: { feed: BuildFeed }) {
  const lines = feed.output(0);
  return lines.length === 0 ? null : (
    <StepOutput lines={lines} label="Output before the first step" live={false} />
  );
}

function Step(props: { step: BuildStep; feed: BuildFeed; open: boolean; onToggle: () => void }) {
  const { step, feed, open, onToggle } = props;
  const running = useUptime(step.state === 'running' ? step.startedAt : undefined);
  const time =
    running ??
    (step.startedAt !== undefined && step.endedAt !== undefined
      ? formatStepTime(step.endedAt - step.startedAt)
      : null);
  const lines = feed.output(step.number);
  return (
    <li className={styles.step} data-state={step.state}>
      <button
        type="button"
        className={styles.stepHead}
        aria-expanded={lines.length > 0 ? open : undefined}
        disabled={lines.length === 0}
        onClick={onToggle}
      >
        <ChevronRight size={13} className={styles.chevron} data-open={open || undefined} aria-hidden />
        <BuildStateSign state={step.state} />
        <span className={styles.number}>
          {step.number}/{step.total}
        </span>
        <code className={styles.instruction}>{displayName(step.instruction)}</code>
        <span className={styles.stepState}>
          {step.cached ? 'cached' : (time ?? (step.state === 'done' ? '' : buildStateLabel(step.state)))}
        </span>
      </button>
      {open && lines.length > 0 ? (
        <StepOutput lines={lines} label={`Output of step ${step.number}`} live={step.state === 'running'} />
      ) : null}
    </li>
  );
}

function formatStepTime(milliseconds: number): string {
  return milliseconds < 10_000 ? `${(milliseconds / 1000).toFixed(1)} s` : formatDuration(milliseconds);
}
