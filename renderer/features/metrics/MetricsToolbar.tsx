import { ChartLine, Download, Grid3x3, RotateCcw, Table2, ZoomIn, ZoomOut } from 'lucide-react';
import { useSyncExternalStore } from 'react';
import { METRIC_FACTS, METRICS, type Metric } from '#shared/domain/Metrics.ts';
import { Button } from '../../ui/Button.tsx';
import { IconButton } from '../../ui/IconButton.tsx';
import { Menu } from '../../ui/Menu.tsx';
import { SegmentedControl } from '../../ui/SegmentedControl.tsx';
import { Select } from '../../ui/Select.tsx';
import { clock } from '../app/clock.ts';
import type { CursorStore } from './CursorStore.ts';
import type { ExportFormat } from './exportMetrics.ts';
import type { Range, Span } from './MetricsFeed.ts';
import styles from './MetricsPanel.module.css';

/** The heat map shows log lines, too, to be compared with what was used. */
export type ShownMetric = Metric | 'lines';
export const LINES_TITLE = 'Log lines';

export type MetricsLook = 'charts' | 'heat' | 'table';

interface MetricsToolbarProps {
  range: Range;
  onRange: (range: Range) => void;
  zoom: Span | null;
  onZoomIn: () => void;
  onZoomOut: () => void;
  onReset: () => void;
  look: MetricsLook;
  onLook: (look: MetricsLook) => void;
  /** Of the small charts and the heat map. */
  metric: ShownMetric;
  onMetric: (metric: ShownMetric) => void;
  known: ReadonlySet<Metric>;
  hasData: boolean;
  cursor: CursorStore;
  onSave: (format: ExportFormat) => void;
}

/** Of the moment that is pointed at, whose values stand beside the names. */
function CursorTime({ cursor }: { cursor: CursorStore }) {
  const timeMs = useSyncExternalStore(cursor.subscribe, cursor.get);
  return timeMs === null ? null : <span className={styles.time}>at {clock(timeMs)}</span>;
}

export function MetricsToolbar(props: MetricsToolbarProps) {
  const { range, onRange, zoom, look, onLook, metric, onMetric, known, hasData, onSave } = props;
  return (
    <div className={styles.toolbar} role="toolbar" aria-label="Metrics">
      <SegmentedControl<MetricsLook>
        label="Shown as"
        value={look}
        onChange={onLook}
        options={[
          { value: 'charts', label: 'Charts', icon: <ChartLine size={14} />, iconOnly: true },
          { value: 'heat', label: 'Heat map', icon: <Grid3x3 size={14} />, iconOnly: true },
          { value: 'table', label: 'Table', icon: <Table2 size={14} />, iconOnly: true },
        ]}
      />
      <SegmentedControl<Range>
        label="Time shown"
        value={range}
        onChange={onRange}
        options={[
          { value: '1m', label: '1 min' },
          { value: '10m', label: '10 min' },
          { value: '1h', label: '1 h' },
          { value: 'all', label: 'All' },
        ]}
      />
      <div className={styles.group}>
        <IconButton
          label="Zoom in"
          size="small"
          icon={<ZoomIn size={14} />}
          disabled={!hasData}
          onClick={props.onZoomIn}
        />
        <IconButton
          label="Zoom out"
          size="small"
          icon={<ZoomOut size={14} />}
          disabled={!hasData}
          onClick={props.onZoomOut}
        />
        {zoom === null ? null : (
          <Button size="small" icon={<RotateCcw size={13} />} onClick={props.onReset}>
            Reset zoom
          </Button>
        )}
      </div>
      {look === 'table' ? null : (
        <Select<ShownMetric>
          label="Of each worker"
          hideLabel
          value={metric}
          onChange={onMetric}
          options={[
            ...METRICS.filter((one) => known.has(one) || one === metric).map((one) => ({
              value: one,
              label: METRIC_FACTS[one].title,
            })),
            ...(look === 'heat' ? [{ value: 'lines' as const, label: LINES_TITLE }] : []),
          ]}
        />
      )}
      <CursorTime cursor={props.cursor} />
      <div className={styles.end}>
        <Menu
          align="end"
          trigger={
            <Button size="small" icon={<Download size={13} />} disabled={!hasData}>
              Export
            </Button>
          }
          items={[
            { label: 'CSV, the time shown', onSelect: () => onSave('csv') },
            { label: 'JSON, the time shown', onSelect: () => onSave('json') },
            { label: 'Prometheus text, the values of now', onSelect: () => onSave('prometheus') },
          ]}
        />
      </div>
    </div>
  );
}
