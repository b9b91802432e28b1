import { useVirtualizer } from '@tanstack/react-virtual';
import { type KeyboardEvent, useEffect, useId, useRef } from 'react';
import { Banner } from '../../../ui/Banner.tsx';
import { listTarget } from '../../../ui/listTarget.ts';
import { Spinner } from '../../../ui/Spinner.tsx';
import { displayName } from '../../app/displayName.ts';
import { isGoing } from '../state/isGoing.ts';
import { useNow } from '../state/useNow.ts';
import styles from './BuildList.module.css';
import { type BuildListRow, buildListRows, type ListedBuild } from './buildListRows.ts';
import { BuildRow } from './BuildRow.tsx';

const HEAD_PX = 28;
const BUILD_PX = 46;
const OVERSCAN = 6;

interface BuildListProps {
  builds: readonly ListedBuild[];
  /** Names in the app's order. */
  services: readonly string[];
  shown: string | undefined;
  loading: boolean;
  /** Why the history cannot be read. */
  problem: string | undefined;
  onChoose: (buildId: string) => void;
  /** Enter: on to the build itself. */
  onEnter: () => void;
}

/** All builds of an app, the newest of each service above the earlier ones; arrows choose, Enter goes into the chosen one. */
export function BuildList(props: BuildListProps) {
  const { builds, services, shown, loading, problem, onChoose, onEnter } = props;
  const rows = buildListRows(builds, services);
  const scroller = useRef<HTMLDivElement>(null);
  const ids = useId();
  const now = useNow(builds.some((build) => isGoing(build.state)));
  // oxlint-disable-next-line react/incompatible-library -- nothing here is memoised, by hand or by a compiler
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: (index) => (rows[index]?.kind === 'head' ? HEAD_PX : BUILD_PX),
    getItemKey: (index) => keyOf(rows[index]) ?? index,
    overscan: OVERSCAN,
  });
  const at = rows.findIndex((row) => row.kind === 'build' && row.build.id === shown);

  // Heights depend on the kind of row: which kinds stand where changes with the builds.
  const shape = rows.map((row) => row.kind[0]).join('');
  useEffect(() => virtual.measure(), [virtual, shape]);
  useEffect(() => {
    if (at !== -1) virtual.scrollToIndex(at === 1 ? 0 : at);
  }, [virtual, at]);

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const choices = rows.flatMap((row) => (row.kind === 'build' ? [row.build.id] : []));
    const current = choices.indexOf(shown ?? '');
    if (event.key === 'Enter' || event.key === 'ArrowRight') {
      event.preventDefault();
      onEnter();
      return;
    }
    const visible = (scroller.current?.clientHeight ?? 0) / BUILD_PX;
    const next = listTarget(event.key, current, choices.length, visible);
    const id = next === undefined ? undefined : choices[next];
    if (id === undefined) return;
    event.preventDefault();
    onChoose(id);
  };

  return (
    <div className={styles.pane}>
      {problem === undefined ? null : (
        <Banner flush tone="warn" title="Earlier builds cannot be read">
          {problem}
        </Banner>
      )}
      <div
        ref={scroller}
        className={styles.scroller}
        role="listbox"
        aria-label="Builds"
        tabIndex={0}
        data-build-list
        aria-activedescendant={at === -1 ? undefined : `${ids}-${shown ?? ''}`}
        onKeyDown={onKeyDown}
      >
        <div role="presentation" className={styles.extent} style={{ height: virtual.getTotalSize() }}>
          {virtual.getVirtualItems().map((item) => {
            const row = rows[item.index];
            if (!row) return null;
            const style = { height: item.size, transform: `translateY(${item.start}px)` };
            return row.kind === 'head' ? (
              <div key={item.key} role="presentation" className={styles.service} style={style}>
                <span className={styles.name}>{displayName(row.text)}</span>
                <span className={styles.count}>{row.count}</span>
              </div>
            ) : (
              <BuildRow
                key={item.key}
                id={`${ids}-${row.build.id}`}
                build={row.build}
                isNamed={row.isNamed}
                now={now}
                selected={row.build.id === shown}
                style={style}
                onChoose={onChoose}
              />
            );
          })}
        </div>
      </div>
      {loading ? (
        <div className={styles.loading}>
          <Spinner size={12} label="Reading earlier builds" />
        </div>
      ) : null}
    </div>
  );
}

function keyOf(row: BuildListRow | undefined): string | undefined {
  if (row === undefined) return undefined;
  return row.kind === 'head' ? row.id : row.build.id;
}
