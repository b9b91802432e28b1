import {
  METRIC_FACTS,
  METRICS,
  type Metric,
  type MetricsRow,
  type MetricsWorker,
} from '../domain/Metrics.ts';

/** Names with their base units, as Prometheus wants them (prometheus.io/docs/practices/naming). */
const NAMES: Record<Metric, string> = {
  cores: 'flotilla_cpu_cores',
  throttled: 'flotilla_cpu_throttled_cores',
  throttledPeriods: 'flotilla_cpu_throttled_periods_ratio',
  memory: 'flotilla_memory_working_set_bytes',
  memoryLimit: 'flotilla_memory_limit_bytes',
  faults: 'flotilla_memory_major_faults_per_second',
  received: 'flotilla_network_receive_bytes_per_second',
  sent: 'flotilla_network_transmit_bytes_per_second',
  read: 'flotilla_disk_read_bytes_per_second',
  written: 'flotilla_disk_write_bytes_per_second',
  processes: 'flotilla_processes',
  gpu: 'flotilla_gpu_utilisation_ratio',
  gpuMemory: 'flotilla_gpu_memory_bytes',
  progress: 'flotilla_progress_ratio',
};

/**
 * The newest values in Prometheus' text format (version 0.0.4, prometheus.io/docs/instrumenting/exposition_formats): a sample for each
 * worker that has the value, with the time of its measurement.
 */
export function prometheusText(
  app: string,
  workers: readonly MetricsWorker[],
  rows: readonly MetricsRow[],
): string {
  const services = new Map(workers.map(({ worker, service }) => [worker, service]));
  const labels = (worker: string): string =>
    `{app="${escaped(app)}",service="${escaped(services.get(worker) ?? '')}",worker="${escaped(worker)}"}`;
  const parts = METRICS.flatMap((metric, index) => {
    const name = NAMES[metric];
    const lines = rows.flatMap(({ worker, atMs, values }) => {
      const value = values[index];
      return value === null || value === undefined
        ? []
        : [`${name}${labels(worker)} ${value} ${Math.round(atMs)}`];
    });
    return lines.length === 0 ? [] : [...head(name, METRIC_FACTS[metric].help, 'gauge'), ...lines];
  });
  const kills = 'flotilla_memory_oom_kills_total';
  const killed = workers.map(({ worker, oomKills }) => `${kills}${labels(worker)} ${oomKills}`);
  if (killed.length > 0)
    parts.push(
      ...head(kills, 'Ends by the kernel for want of memory, since first seen.', 'counter'),
      ...killed,
    );
  return parts.length === 0 ? '' : `${parts.join('\n')}\n`;
}

function head(name: string, help: string, type: string): string[] {
  return [
    `# HELP ${name} ${help.replaceAll('\\', '\\\\').replaceAll('\n', '\\n')}`,
    `# TYPE ${name} ${type}`,
  ];
}

function escaped(label: string): string {
  return label.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
}
