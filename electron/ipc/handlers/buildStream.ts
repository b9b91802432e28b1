import type { Core } from '#core/Core.ts';
import type { StreamItem } from '#shared/contract/streams.ts';
import type { StreamHandlers } from '../Router.ts';

const GAP_MS = 50;
/** Output lines of one message. */
const LINES = 2_000;
/** Lines that wait for a reader at most. */
const WAITING_LINES = 10_000;

/** What the stream of a build does. */
export function buildStreamHandlers(core: Core) {
  return {
    build: ({ buildId }, signal) => followBuild(core, buildId, signal),
  } satisfies Partial<StreamHandlers>;
}

/** A build's view and output from the beginning to its end; of one that has ended long ago what is kept. */
async function* followBuild(
  { builds }: Core,
  buildId: string,
  signal: AbortSignal,
): AsyncGenerator<StreamItem<'build'>[]> {
  const first = builds.get(buildId);
  if (first === undefined) {
    yield [{ kind: 'view', build: await builds.find(buildId) }];
    const { lines, dropped } = await builds.keptOutput(buildId);
    for (let at = 0; at < lines.length && !signal.aborted; at += LINES)
      yield [{ kind: 'output', lines: lines.slice(at, at + LINES), dropped: at === 0 ? dropped : 0 }];
    return;
  }
  const state: {
    view: typeof first;
    lines: { step: number; text: string }[];
    dropped: number;
    changed: boolean;
  } = { view: first, lines: [], dropped: 0, changed: true };
  let wake: (() => void) | undefined;
  const kept = builds.output(buildId);
  state.lines = [...kept.lines];
  state.dropped = kept.dropped;
  const heard = builds.onBuild((build, lines) => {
    if (build.id !== buildId) return;
    state.view = build;
    state.changed = true;
    state.lines.push(...lines);
    // A reader that does not keep up misses the oldest lines, and is told how many.
    const over = state.lines.length - WAITING_LINES;
    if (over > 0) {
      state.lines.splice(0, over);
      state.dropped += over;
    }
    wake?.();
  });
  const onAbort = (): void => wake?.();
  signal.addEventListener('abort', onAbort, { once: true });
  const isOver = (): boolean => ['succeeded', 'failed', 'cancelled'].includes(state.view.state);
  try {
    while (!signal.aborted) {
      const items: StreamItem<'build'>[] = [];
      if (state.changed) items.push({ kind: 'view', build: state.view });
      state.changed = false;
      if (state.lines.length > 0 || state.dropped > 0)
        items.push({ kind: 'output', lines: state.lines.splice(0, LINES), dropped: state.dropped });
      state.dropped = 0;
      if (items.length > 0) {
        yield items;
        await new Promise((resolve) => setTimeout(resolve, isOver() ? 0 : GAP_MS));
      } else if (isOver()) return;
      else {
        await new Promise<void>((resolve) => (wake = resolve));
        wake = undefined;
      }
    }
  } finally {
    signal.removeEventListener('abort', onAbort);
    void heard.dispose();
  }
}
