import { FlotillaError } from '#shared/contract/errors.ts';
import type { AppView } from '#shared/domain/AppView.ts';
import type { MetricsRow, MetricsState } from '#shared/domain/Metrics.ts';
import { METRICS } from '#shared/domain/Metrics.ts';
import { findStragglers } from '#shared/metrics/findStragglers.ts';
import { joinValues } from '#shared/metrics/joinValues.ts';
import { metricsCsvHead, metricsCsvRows } from '#shared/metrics/metricsCsv.ts';
import { prometheusText } from '#shared/metrics/prometheusText.ts';
import { stragglerInputs } from '#shared/metrics/stragglerInputs.ts';
import { assertServices } from './assertServices.ts';
import { metricsTable } from './metricsTable.ts';
import { opened } from './opened.ts';
import { usage } from './parseArguments.ts';
import type { CommandContext } from './runCommand.ts';

/** Two readings a second apart, and the engine's own second before the first. */
const PATIENCE_MS = 8_000;
/** What is compared to find slow workers. */
const COMPARED_MS = 60_000;

interface Seen {
  state: MetricsState;
  rows: MetricsRow[];
}

/**
 * `flotilla metrics`: what each worker uses, and each service together: once, or with `--watch` about once a second until it is interrupted.
 * As a table, JSON (with `--watch` one object a line), CSV or Prometheus' text format.
 */
export async function metricsCommand(context: CommandContext): Promise<number> {
  const { core, command, output, signal } = context;
  const { csv = false, prometheus = false, watch = false } = command.options;
  if ([csv, prometheus, output.isJson].filter(Boolean).length > 1)
    throw usage('give one of --json, --csv and --prometheus');
  if (prometheus && watch) throw usage('--prometheus gives the present values: leave --watch out');
  const app = await opened(context);
  const services = [...new Set(command.words)];
  assertServices(app, services);
  const wanted = ({ service }: { service: string }): boolean =>
    services.length === 0 || services.includes(service);
  if (!app.workers.some((worker) => wanted(worker) && worker.phase === 'running'))
    throw new FlotillaError('not-found', `No container of ${app.title} runs: there is nothing to measure.`, {
      hint: '`flotilla up DIR` starts the app.',
    });

  const enough = new AbortController();
  const timer = setTimeout(() => enough.abort(), PATIENCE_MS);
  const newest = new Map<string, MetricsRow>();
  let state: MetricsState | undefined;
  if (csv) output.raw(metricsCsvHead());
  for await (const items of core.metrics.watch(
    { appId: app.id, pace: 'live' },
    watch ? signal : AbortSignal.any([signal, enough.signal]),
  )) {
    const fresh: MetricsRow[] = [];
    for (const item of items) {
      if (item.kind === 'state') state = item.state;
      if (item.kind === 'rows') fresh.push(...item.rows);
    }
    for (const row of fresh) newest.set(row.worker, row);
    if (state === undefined) continue;
    assertMeasuring(state);
    const seen = seenOf(state, newest.values(), wanted);
    if (!watch) {
      if (isWhole(seen)) break;
    } else if (fresh.length > 0) {
      if (csv) output.raw(metricsCsvRows(seen.state.workers, seenOf(state, fresh, wanted).rows));
      else output.line(document(app, seen), await tableOf(context, app, seen, true));
    }
  }
  clearTimeout(timer);
  if (signal.aborted) return 130;
  const seen = seenOf(state ?? { phase: 'measuring', workers: [], gpus: [] }, newest.values(), wanted);
  if (seen.rows.length === 0)
    throw new FlotillaError(
      'timeout',
      `The engine has told nothing of ${app.title} in ${PATIENCE_MS / 1000} s.`,
      {
        hint: '`docker stats` asks it the same.',
      },
    );
  if (csv) output.raw(metricsCsvRows(seen.state.workers, seen.rows));
  else if (prometheus) output.raw(prometheusText(app.title, seen.state.workers, seen.rows));
  else output.result(document(app, seen), await tableOf(context, app, seen, false));
  return 0;
}

function assertMeasuring({ phase }: MetricsState): void {
  if (phase === 'study')
    throw new FlotillaError('conflict', 'A study takes times now: nothing is measured beside it.', {
      hint: 'Try again when it has ended.',
    });
  if (phase === 'away') throw new FlotillaError('engine-unavailable', 'The engine is gone.');
}

function seenOf(
  state: MetricsState,
  rows: Iterable<MetricsRow>,
  wanted: (worker: { service: string }) => boolean,
): Seen {
  const workers = state.workers.filter(wanted);
  const running = new Set(workers.flatMap((one) => (one.state === 'stopped' ? [] : [one.worker])));
  const order = new Map(workers.map(({ worker }, index) => [worker, index]));
  return {
    state: { ...state, workers },
    rows: [...rows]
      .filter(({ worker }) => running.has(worker))
      .sort((a, b) => (order.get(a.worker) ?? 0) - (order.get(b.worker) ?? 0)),
  };
}

const isWhole = ({ state, rows }: Seen): boolean =>
  state.workers.length > 0 && rows.length === state.workers.filter((one) => one.state !== 'stopped').length;

function document(app: AppView, { state, rows }: Seen): object {
  const named = (values: readonly (number | null)[]): object =>
    Object.fromEntries(METRICS.map((metric, index) => [metric, values[index] ?? null]));
  const byWorker = new Map(rows.map((row) => [row.worker, row]));
  const services = [...new Set(state.workers.map(({ service }) => service))];
  return {
    app: app.title,
    workers: state.workers.map((worker) => {
      const row = byWorker.get(worker.worker);
      return row === undefined
        ? worker
        : { ...worker, time: new Date(row.atMs).toISOString(), ...named(row.values) };
    }),
    services: services.map((service) => {
      const own = state.workers
        .filter((one) => one.service === service)
        .map(({ worker }) => byWorker.get(worker));
      return {
        service,
        ...named(
          METRICS.map((metric, index) =>
            joinValues(
              metric,
              own.map((row) => row?.values[index]),
            ),
          ),
        ),
      };
    }),
    total: named(
      METRICS.map((metric, index) =>
        joinValues(
          metric,
          rows.map(({ values }) => values[index]),
        ),
      ),
    ),
    gpus: state.gpus,
  };
}

async function tableOf(
  { core }: CommandContext,
  app: AppView,
  seen: Seen,
  isWatched: boolean,
): Promise<string> {
  const lines = metricsTable(seen.state, seen.rows);
  if (isWatched) {
    const history = await core.metrics.history({ appId: app.id, lastMs: COMPARED_MS, points: 30 });
    const stragglers = findStragglers(
      stragglerInputs(history, seen.state.workers, core.apps.get(app.id).workers),
    );
    lines.push(...stragglers.map(({ text }) => `! ${text}`), '');
  }
  return lines.join('\n');
}
