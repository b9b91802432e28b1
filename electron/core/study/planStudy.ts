import { createHash, randomInt } from 'node:crypto';
import { FlotillaError } from '#shared/contract/errors.ts';
import { MAX_REPLICAS } from '#shared/domain/limits.ts';
import type { AppModel, ServiceModel } from '#shared/domain/ServiceModel.ts';
import type { StudyHost, StudyImage, StudyPinning, StudyPlan } from '#shared/domain/Study.ts';
import { pickCpuSets } from '#shared/placement/pickCpuSets.ts';
import type { Topology } from '#shared/placement/Topology.ts';
import { settingsOf } from '#shared/reconcile/settingsOf.ts';
import { studyProject } from '#shared/study/studyApp.ts';
import type { EngineClient } from '../engine/EngineApi.ts';
import { imagesOf } from '../placement/Placer.ts';
import { topologyOf } from '../placement/topologyOf.ts';
import { hostCpus } from './hostCpus.ts';
import type { StudyOptions } from './StudyApi.ts';

const SEEDS = 2 ** 31;
const DEFAULTS = { repetitions: 7, cooldownMs: 1_000, timeoutMs: 600_000 } as const;
const MOST_REPETITIONS = 1_000;

/**
 * What a study is going to do, from what was asked for.
 * @throws FlotillaError `invalid-input`, `not-found` for a service
 */
export async function planStudy(
  { id: appId, title }: { id: string; title: string },
  app: AppModel,
  options: StudyOptions,
  client: EngineClient,
): Promise<StudyPlan> {
  const workers = [...new Set(options.workers)].sort((a, b) => a - b);
  const repetitions = options.repetitions ?? DEFAULTS.repetitions;
  const isWhole = (value: number, most: number): boolean =>
    Number.isInteger(value) && value >= 1 && value <= most;
  if (workers.length === 0 || !workers.every((count) => isWhole(count, MAX_REPLICAS)))
    throw new FlotillaError('invalid-input', `${workers.join(', ') || 'Nothing'}: no numbers of workers.`, {
      hint: `Give whole numbers from 1 to ${MAX_REPLICAS}, as in 1,2,4,8.`,
    });
  if (!isWhole(repetitions, MOST_REPETITIONS))
    throw new FlotillaError('invalid-input', `${repetitions} is no number of repetitions.`, {
      hint: `Give a whole number from 1 to ${MOST_REPETITIONS}; six and more have an interval.`,
    });
  const most = options.mostRepetitions ?? repetitions;
  if (!isWhole(most, MOST_REPETITIONS) || most < repetitions)
    throw new FlotillaError('invalid-input', `${most} is no greatest number of repetitions.`, {
      hint: `Give a whole number from ${repetitions}, which all counts are run, to ${MOST_REPETITIONS}.`,
    });
  const topology = await topologyOf(client, imagesOf(app));
  const cpus = await hostCpus(topology);
  const id = createHash('sha256')
    .update(`${appId} ${Date.now()} ${randomInt(SEEDS)}`)
    .digest('hex')
    .slice(0, 12);
  const { info } = client;
  const counted = serviceToScale(app, options.service);
  return {
    id,
    appId,
    project: studyProject(app, id),
    title,
    name: options.name,
    mode: options.mode ?? 'strong',
    service: counted,
    workers,
    repetitions,
    mostRepetitions: most > repetitions ? most : undefined,
    pinning: pinningOf(options.cpusPerWorker, topology),
    gpusPerWorker: gpusOf(app.services.find(({ name }) => name === counted)),
    seed: options.seed ?? randomInt(SEEDS),
    cooldownMs: options.cooldownMs ?? DEFAULTS.cooldownMs,
    timeoutMs: options.timeoutMs ?? DEFAULTS.timeoutMs,
    from: options.from,
    to: options.to,
    memory: (app.requirements ?? []).some(({ kind }) => kind === 'memory'),
    createdAt: Date.now(),
    images: await imagesIn(app, client),
    settings: await settingsDigest(app, client),
    host: {
      engine: `${info.product} ${info.version}`,
      operatingSystem: info.operatingSystem,
      architecture: info.architecture,
      cpus: info.cpus,
      cores: cpus.cores,
      cpuModel: cpus.model,
      memoryBytes: info.memoryBytes,
      cgroupVersion: info.cgroupVersion,
      governor: cpus.governor,
      ...(await engineFacts(client)),
    },
  };
}

/** Undefined for none, and where a container is given all there are. */
function gpusOf(service: ServiceModel | undefined): number | undefined {
  const { placement } = service ?? {};
  // Those that a placement gives; a file says no others beside it.
  if (placement !== undefined && placement.gpusPerWorker > 0) return placement.gpusPerWorker;
  const requests = (service?.deviceRequests ?? []).filter(({ capabilities }) => capabilities.includes('gpu'));
  const counts = requests.map(({ count, deviceIds }) => count ?? deviceIds?.length ?? -1);
  return counts.length === 0 || counts.includes(-1)
    ? undefined
    : counts.reduce((sum, count) => sum + count, 0);
}

/** Workers are given whole cores first and the further threads of cores last, node after node: see pickCpuSets. */
function pinningOf(perWorker: number | undefined, { cpus }: Topology): StudyPinning | undefined {
  if (perWorker === undefined) return undefined;
  if (Number.isInteger(perWorker) && perWorker >= 1 && perWorker <= cpus.length)
    return {
      perWorker,
      cpus: pickCpuSets(cpus, {
        size: perWorker,
        most: cpus.length,
        policy: 'packed',
        smt: 'use',
      }).flat(),
    };
  throw new FlotillaError('invalid-input', `No worker can have ${perWorker} CPUs of its own.`, {
    hint: `The engine has ${cpus.length}: give a whole number from 1 to ${cpus.length}.`,
  });
}

/** A digest of all that the containers of an app are made with, and of the very images. */
export async function settingsDigest(app: AppModel, client: EngineClient): Promise<string> {
  const hash = createHash('sha256');
  const images = await imagesIn(app, client);
  app.services.forEach((service, index) =>
    hash.update(
      JSON.stringify([
        service.name,
        service.replicas,
        images[index]?.id,
        settingsOf(app, service),
        // Nothing where there is none, so that studies of an earlier Flotilla can go on.
        ...(service.placement === undefined ? [] : [service.placement]),
      ]),
    ),
  );
  return hash.digest('hex').slice(0, 32);
}

/** In the order of the services. */
function imagesIn(app: AppModel, client: EngineClient): Promise<StudyImage[]> {
  return Promise.all(
    app.services.map(async ({ name, image }) => {
      const { Id } = await client.request<{ Id: string }>({ path: `/images/${image}/json` });
      return { service: name, reference: image, id: Id };
    }),
  );
}

interface VersionAnswer {
  KernelVersion?: string;
  Components?: { Name: string; Version: string }[] | null;
}

/** What `GET /version` tells of where containers run. */
async function engineFacts(client: EngineClient): Promise<Pick<StudyHost, 'kernel' | 'runtime'>> {
  const { KernelVersion, Components } = await client.request<VersionAnswer>({ path: '/version' });
  const runtime = (Components ?? []).find(({ Name }) => Name === 'runc' || Name === 'crun');
  return {
    kernel: KernelVersion,
    runtime: runtime === undefined ? undefined : `${runtime.Name} ${runtime.Version}`,
  };
}

function serviceToScale({ services }: AppModel, wanted: string | undefined): string {
  const workers = services.filter(({ role }) => role === 'worker').map(({ name }) => name);
  if (wanted !== undefined) {
    if (services.some(({ name, role }) => name === wanted && role !== 'main')) return wanted;
    throw new FlotillaError('not-found', `“${wanted}” is no service whose replicas can be counted.`, {
      hint: `There are: ${services
        .filter(({ role }) => role !== 'main')
        .map(({ name }) => name)
        .join(', ')}.`,
    });
  }
  const [only, ...others] = workers;
  if (only !== undefined && others.length === 0) return only;
  throw new FlotillaError(
    'invalid-input',
    only === undefined
      ? 'The app has no worker service to count.'
      : `The app has several worker services: ${workers.join(', ')}.`,
    {
      hint:
        only === undefined
          ? 'Write x-flotilla: { role: worker } below the service that is to be scaled.'
          : 'Name the one that is to be counted (--service).',
    },
  );
}
