import { FlotillaError } from '#shared/contract/errors.ts';
import type { AutoscaleNews } from '#shared/domain/Autoscale.ts';
import type { ServiceModel } from '#shared/domain/ServiceModel.ts';
import { AUTOSCALE_DEFAULTS, type AutoscalePolicy } from '#shared/scaling/AutoscalePolicy.ts';
import { Autoscaler } from '../autoscale/Autoscaler.ts';
import type { EngineService } from '../engine/EngineApi.ts';
import type { AppSession } from './AppSession.ts';
import { scaleService } from './scaleService.ts';
import { scaleBlockedBy } from './viewOfApp.ts';

export interface AutoscaleOptions {
  /** Default: all services whose file says how. */
  services?: readonly string[] | undefined;
  /** Over what the file says; with `max` and `cpuTarget` also for a service of which it says nothing. */
  change?: Partial<Pick<AutoscalePolicy, 'min' | 'max' | 'cpuTarget' | 'intervalMs'>> | undefined;
  /** Each look, each change and each problem. */
  onNews: (news: AutoscaleNews) => void;
  /** Ends it. */
  signal: AbortSignal;
}

/**
 * Scales services of a running app by their policies until the signal aborts; resolves then, once what was under way is done.
 * @throws FlotillaError `not-found`, `invalid-input` (nothing says how to scale), `conflict` (it does not run, or cannot have several replicas)
 */
export async function autoscaleApp(
  session: AppSession,
  engine: EngineService,
  { services, change = {}, onNews, signal }: AutoscaleOptions,
): Promise<void> {
  const chosen =
    services === undefined
      ? session.model().services.filter(({ autoscale }) => autoscale !== undefined)
      : services.map((name) => session.service(name));
  if (chosen.length === 0)
    throw new FlotillaError('invalid-input', `Nothing in ${session.title} says how to scale by itself.`, {
      hint: 'Write x-flotilla: { autoscale: { min: 1, max: 8, cpu: 70% } } below a service, or name one with --max and --cpu.',
    });
  for (const service of chosen) assertPossible(session, service, policyOf(service, change));
  const scalers = chosen.map(
    ({ name }) =>
      new Autoscaler(
        name,
        {
          client: () => engine.client(),
          service: () => session.service(name),
          policy: () => policyOf(session.service(name), change),
          containers: () => session.containers(),
          requested: () => session.requested(session.service(name)),
          scale: (replicas) => scaleService(session, name, replicas, engine, signal),
          now: () => new Date(),
        },
        onNews,
      ),
  );
  await new Promise<void>((resolve) => {
    signal.addEventListener('abort', () => resolve(), { once: true });
    if (signal.aborted) resolve();
  });
  await Promise.all(scalers.map((scaler) => scaler.dispose()));
}

/** @throws FlotillaError `invalid-input` when nothing says how */
function policyOf(service: ServiceModel, change: NonNullable<AutoscaleOptions['change']>): AutoscalePolicy {
  const said = service.autoscale;
  const max = change.max ?? said?.max;
  const cpuTarget = change.cpuTarget ?? said?.cpuTarget;
  if (
    max === undefined ||
    (cpuTarget === undefined && said?.queue === undefined && said?.schedule === undefined)
  )
    throw new FlotillaError('invalid-input', `Nothing says how ${service.name} is to scale by itself.`, {
      hint: 'Give --max and --cpu, or write x-flotilla: { autoscale: { min: 1, max: 8, cpu: 70% } } below it.',
    });
  const policy = { ...AUTOSCALE_DEFAULTS, min: 1, ...said, ...change, max, cpuTarget };
  if (policy.min <= policy.max) return policy;
  throw new FlotillaError(
    'invalid-input',
    `${service.name}: at least ${policy.min} and at most ${policy.max} replicas cannot both be.`,
    { hint: 'Give the smaller number as --min.' },
  );
}

function assertPossible(session: AppSession, service: ServiceModel, { max }: AutoscalePolicy): void {
  const blocked = scaleBlockedBy(service);
  if (blocked !== null && max > 1)
    throw new FlotillaError('conflict', `${service.name} cannot have ${max} replicas: ${blocked}`, {
      hint: 'Apply the fix under Problems first.',
      detail: { file: service.file, line: service.range?.line },
    });
  if (session.containers().some(({ state }) => state === 'running')) return;
  throw new FlotillaError('conflict', `${session.title} does not run.`, {
    hint: 'Start it with `flotilla up`, then scale it.',
  });
}
