import { type KeyboardEvent, type RefObject, useLayoutEffect, useMemo, useRef, useState } from 'react';
import { layoutSteps, type StepGraph as Layout } from '#shared/build/layoutSteps.ts';
import type { BuildView } from '#shared/domain/Build.ts';
import { displayName } from '../../app/displayName.ts';
import type { BuildFeed } from '../BuildFeed.ts';
import { buildStateLabel } from '../buildStateLabel.ts';
import { BuildStateSign } from '../BuildStateSign.tsx';
import { lookAtSteps, useStepLook } from '../state/buildViewStore.ts';
import { isGoing } from '../state/isGoing.ts';
import { useNow } from '../state/useNow.ts';
import { GRAPH, graphGeometry, nodeWidth } from './graphGeometry.ts';
import { neighbourStep } from './neighbourStep.ts';
import styles from './StepGraph.module.css';
import { outputHeight, StepOutput } from './StepOutput.tsx';
import { StepTimeline } from './StepTimeline.tsx';
import { buildSpan, stepWords } from './stepTime.ts';

interface StepGraphProps {
  build: BuildView;
  feed: BuildFeed;
}

/** The steps as a graph: a column a stage, downwards what stands on what; a step's log opens below its row. */
export function StepGraph({ build, feed }: StepGraphProps) {
  const going = isGoing(build.state);
  const now = useNow(going && build.state !== 'queued', 250);
  const look = useStepLook(build.id);
  const box = useRef<HTMLDivElement>(null);
  const { steps } = build;
  // The shape changes only with the steps and what they stand on, not with their states.
  const shape = steps
    .map((step) => `${step.number} ${step.stage ?? ''} ${step.inputs?.join() ?? '-'} ${step.instruction}`)
    .join('\n');
  // oxlint-disable-next-line react-hooks/exhaustive-deps -- `shape` stands for the steps
  const layout: Layout = useMemo(() => layoutSteps(steps), [shape]);
  const span = buildSpan(build, now);
  const openStep = steps.find((step) => step.number === look.opened);
  const lines = openStep === undefined ? [] : feed.output(openStep.number);
  const opened =
    openStep === undefined
      ? undefined
      : { step: openStep.number, height: lines.length === 0 ? 36 : outputHeight(lines.length) };
  const available = useWidth(box);
  const width = nodeWidth(available, layout.columns.length);
  const geometry = graphGeometry(layout, width, opened);
  const first = look.opened ?? steps.find((step) => step.state === 'failed')?.number ?? steps[0]?.number;

  const toggle = (number: number) =>
    lookAtSteps(build.id, { opened: look.opened === number ? null : number });
  const onKeyDown = (event: KeyboardEvent) => {
    const target = event.target instanceof Element ? event.target.closest<HTMLElement>('[data-node]') : null;
    if (event.key === 'Escape' && look.opened !== null) {
      event.preventDefault();
      event.stopPropagation();
      box.current?.querySelector<HTMLElement>(`[data-node="${look.opened}"]`)?.focus();
      lookAtSteps(build.id, { opened: null });
      return;
    }
    if (!target || event.ctrlKey || event.metaKey || event.altKey) return;
    const next = neighbourStep(layout, Number(target.dataset['node']), event.key);
    if (next === undefined) return;
    event.preventDefault();
    box.current?.querySelector<HTMLElement>(`[data-node="${next}"]`)?.focus();
  };
  return (
    <div
      ref={box}
      className={styles.graph}
      role="group"
      aria-label="Graph of the steps"
      onKeyDown={onKeyDown}
    >
      <div className={styles.canvas} style={{ width: geometry.width, height: geometry.height }}>
        {layout.columns.length > 1
          ? layout.columns.map((stage, column) => (
              <div
                key={stage}
                className={styles.stage}
                style={{
                  left: GRAPH.margin + column * (width + GRAPH.gapX),
                  width,
                }}
              >
                {stage === '' ? 'preparation' : displayName(stage)}
              </div>
            ))
          : null}
        <svg className={styles.edges} width={geometry.width} height={geometry.height} aria-hidden>
          {geometry.paths.map(({ from, to, d }) => (
            <path
              data-edge
              key={`${from} ${to}`}
              d={d}
              data-lit={from === look.opened || to === look.opened || undefined}
            />
          ))}
        </svg>
        {layout.nodes.map(({ step: { number } }) => {
          const step = steps.find((candidate) => candidate.number === number);
          const place = geometry.boxes.get(number);
          if (step === undefined || place === undefined) return null;
          const words = stepWords(step, now, going);
          return (
            <button
              key={number}
              type="button"
              className={styles.node}
              style={{ left: place.x, top: place.y, width, height: GRAPH.nodeHeight }}
              data-node={number}
              data-state={step.state}
              data-cached={step.cached || undefined}
              data-tooltip={displayName(step.instruction).slice(0, 400)}
              aria-expanded={look.opened === number}
              aria-label={`Step ${number}, ${buildStateLabel(step.state)}${words === '' ? '' : `, ${words}`}: ${displayName(step.instruction)}`}
              tabIndex={number === first ? 0 : -1}
              onClick={() => toggle(number)}
            >
              <BuildStateSign state={step.state} />
              <code className={styles.instruction}>{displayName(step.instruction) || `step ${number}`}</code>
              <span className={styles.bar}>
                <StepTimeline
                  span={span}
                  startedAt={step.cached ? undefined : step.startedAt}
                  endedAt={step.endedAt}
                  state={step.state}
                />
              </span>
              <span className={styles.words}>{words}</span>
            </button>
          );
        })}
        {openStep === undefined || geometry.openTop === undefined ? null : (
          <div className={styles.opened} style={{ top: geometry.openTop }}>
            {lines.length === 0 ? (
              <p className={styles.silent}>
                {openStep.cached
                  ? 'Taken from the cache: it wrote nothing.'
                  : 'This step has written nothing.'}
              </p>
            ) : (
              <StepOutput
                key={openStep.number}
                className={styles.output}
                lines={lines}
                label={`Output of step ${openStep.number}`}
                live={openStep.state === 'running'}
              />
            )}
          </div>
        )}
      </div>
    </div>
  );
}

/** Width of an element that is in sight, kept current; pixels. */
function useWidth(box: RefObject<HTMLElement | null>): number {
  const [width, setWidth] = useState(0);
  useLayoutEffect(() => {
    const element = box.current;
    if (!element) return undefined;
    const measure = () => setWidth(element.clientWidth);
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => observer.disconnect();
  }, [box]);
  return width;
}
