import { randomBytes } from 'node:crypto';
import { FlotillaError } from '#shared/contract/errors.ts';
import { MAX_CONCURRENT_JOBS, MAX_JOB_RETRIES } from '#shared/domain/limits.ts';
import type { AppModel } from '#shared/domain/ServiceModel.ts';
import type { SweepPlan } from '#shared/domain/Sweep.ts';
import { expandGrid } from '#shared/sweep/expandGrid.ts';
import { assertColumns } from '#shared/sweep/readColumns.ts';
import { sweepApp } from '#shared/sweep/sweepApp.ts';
import type { EngineClient } from '../engine/EngineApi.ts';
import { settingsDigest } from '../study/planStudy.ts';
import type { SweepOptions } from './SweepApi.ts';

/** Longest part of an app's name that a sweep's project has. */
const LONGEST_NAME = 40;

/**
 * What a sweep is going to do, from what was asked for.
 * @throws FlotillaError `invalid-input`, `not-found` for a service
 */
export async function planSweep(
  { id: appId, title }: { id: string; title: string },
  app: AppModel,
  options: SweepOptions,
  client: EngineClient,
): Promise<SweepPlan> {
  const service = serviceToSweep(app, options.service);
  const concurrency = options.concurrency ?? Math.min(MAX_CONCURRENT_JOBS, Math.max(1, client.info.cpus));
  const retries = options.retries ?? 0;
  assertWhole(concurrency, 1, MAX_CONCURRENT_JOBS, 'number of jobs at once');
  assertWhole(retries, 0, MAX_JOB_RETRIES, 'number of retries');
  // Checks it all, as whoever asks may be anybody.
  const { parameters, rows } = expandGrid([], {
    parameters: [...options.parameters],
    rows: options.rows.map((row) => [...row]),
  });
  if (rows.length === 0)
    throw new FlotillaError('invalid-input', 'There is no job.', { hint: 'Give a row of values for each.' });
  const uneven = rows.findIndex((row) => row.length !== parameters.length);
  if (uneven !== -1)
    throw new FlotillaError('invalid-input', `Job ${uneven + 1} has not a value for each parameter.`, {
      hint: `Give one for each of ${parameters.join(', ')}.`,
    });
  const columns = [...(options.columns ?? [])];
  assertColumns(columns, parameters);
  const id = randomBytes(6).toString('hex');
  const project = `${app.name.slice(0, LONGEST_NAME)}-sweep-${id}`;
  return {
    id,
    appId,
    project,
    title,
    name: options.name,
    service,
    command: options.command === undefined ? undefined : [...options.command],
    parameters,
    rows,
    concurrency,
    retries,
    timeoutMs: options.timeoutMs,
    columns,
    createdAt: Date.now(),
    settings: await settingsDigest(sweepApp(app, project, service), client),
  };
}

function assertWhole(value: number, least: number, most: number, what: string): void {
  if (!Number.isInteger(value) || value < least || value > most)
    throw new FlotillaError('invalid-input', `${value} is no ${what}.`, {
      hint: `Give a whole number from ${least} to ${most}.`,
    });
}

function serviceToSweep({ services }: AppModel, wanted: string | undefined): string {
  const names = services.map(({ name }) => name);
  if (wanted !== undefined) {
    if (names.includes(wanted)) return wanted;
    throw new FlotillaError('not-found', `“${wanted}” is no service of this app.`, {
      hint: `There are: ${names.join(', ')}.`,
    });
  }
  const workers = services.filter(({ role }) => role === 'worker').map(({ name }) => name);
  const [only, ...others] = workers.length > 0 ? workers : names;
  if (only !== undefined && others.length === 0) return only;
  throw new FlotillaError('invalid-input', `Which service’s containers are the jobs?`, {
    hint: `Name one of ${names.join(', ')} (--service).`,
  });
}
