import { type KeyboardEvent, useRef } from 'react';
import type { BuildStep, BuildView } from '#shared/domain/Build.ts';
import type { BuildFeed } from '../BuildFeed.ts';
import { formatStepTime } from '../formatStepTime.ts';
import { isGoing } from '../state/isGoing.ts';
import { lookAtSteps, useStepLook } from '../state/buildViewStore.ts';
import { useNow } from '../state/useNow.ts';
import styles from './StepList.module.css';
import { StepOutput } from './StepOutput.tsx';
import { StepRow } from './StepRow.tsx';
import { StepTimeline } from './StepTimeline.tsx';
import { buildSpan, timeBeforeSteps } from './stepTime.ts';

interface StepListProps {
  build: BuildView;
  feed: BuildFeed;
}

/** The steps in order, each with its time within the build; their logs open below them. */
export function StepList({ build, feed }: StepListProps) {
  const going = isGoing(build.state);
  const now = useNow(going && build.state !== 'queued', 250);
  const { toggled } = useStepLook(build.id);
  const list = useRef<HTMLOListElement>(null);
  const span = buildSpan(build, now);
  const failed = build.steps.find((step) => step.state === 'failed')?.number;
  const isOpen = (step: BuildStep) =>
    toggled.get(step.number) ?? (step.state === 'running' || step.number === failed);
  const before = timeBeforeSteps(build);
  const beside = feed.output(0);

  const onKeyDown = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    const heads = [...(list.current?.querySelectorAll<HTMLElement>('[data-step-head]') ?? [])];
    const at = heads.findIndex((head) => head === document.activeElement);
    if (at === -1) return;
    event.preventDefault();
    heads[at + step]?.focus();
  };
  return (
    <>
      {before === undefined ? null : (
        <div className={styles.before}>
          <span>Context</span>
          <StepTimeline span={span} startedAt={before.startedAt} endedAt={before.endedAt} state="waiting" />
          <span className={styles.beforeTime}>{formatStepTime(before.endedAt - before.startedAt)}</span>
        </div>
      )}
      <ol ref={list} className={styles.steps} aria-label="Build steps" onKeyDown={onKeyDown}>
        {build.steps.map((step) => (
          <StepRow
            key={step.number}
            step={step}
            lines={feed.output(step.number)}
            open={isOpen(step)}
            span={span}
            now={now}
            going={going}
            onToggle={() =>
              lookAtSteps(build.id, { toggled: new Map(toggled).set(step.number, !isOpen(step)) })
            }
          />
        ))}
      </ol>
      {beside.length === 0 ? null : (
        <StepOutput className={styles.beside} lines={beside} label="Output beside the steps" live={false} />
      )}
    </>
  );
}
