import { posix } from 'node:path';
import type { BuildHistoryEntry, ChangedCode } from '#shared/domain/Build.ts';
import type { AppModel, BuildModel, ServiceModel } from '#shared/domain/ServiceModel.ts';
import type { BuildService } from '../build/BuildApi.ts';
import type { ChangesOptions } from '../build/context/changedSince.ts';
import type { ChangedFiles } from '../build/context/changedSteps.ts';
import type { EngineClient } from '../engine/EngineApi.ts';
import type { AppSession } from './AppSession.ts';
import { Limiter } from './Limiter.ts';
import { hasStatus } from './stopContainer.ts';

type BuiltService = ServiceModel & { build: BuildModel };

/** Each looks through a folder in a thread of its own. */
const LOOKS_AT_ONCE = 2;

/**
 * Services whose image is there and older than the files of its context that it is made from. What its containers mount from the project is no part
 * of that: they see the files themselves. Neither are compose files, what git keeps, and what others mount (it is written by runs) where no step
 * copies it by name.
 *
 * @throws FlotillaError what the engine says; the signal's reason
 */
export async function changedCode(
  session: Pick<AppSession, 'id' | 'path' | 'model'>,
  builds: Pick<BuildService, 'changedSince' | 'history' | 'list'>,
  client: EngineClient,
  signal: AbortSignal | undefined,
): Promise<ChangedCode[]> {
  const app = session.model();
  const built = app.services.filter((service): service is BuiltService => service.build !== undefined);
  if (built.length === 0) return [];
  const underWay = new Set(
    builds.list(session.id).flatMap(({ service, endedAt }) => (endedAt === undefined ? [service] : [])),
  );
  const history = await builds.history(session.id, {});
  const limiter = new Limiter(() => LOOKS_AT_ONCE);
  /** Services of one build and one image are looked at once. */
  const looks = new Map<string, Promise<ChangedFiles | undefined>>();
  const look = (build: BuildModel, options: ChangesOptions): Promise<ChangedFiles | undefined> => {
    const { context, dockerfile, dockerfileInline, target } = build;
    const key = JSON.stringify([context, dockerfile, dockerfileInline?.text, target, options]);
    const known = looks.get(key);
    if (known !== undefined) return known;
    const asked = limiter.run(() => builds.changedSince(session.path, build, options, signal), 0, signal);
    looks.set(key, asked);
    return asked;
  };
  const found = await Promise.all(
    built.map(async (service): Promise<ChangedCode[]> => {
      if (underWay.has(service.name)) return [];
      const builtAt = await limiter.run(() => madeAt(service.image, history, client, signal), 0, signal);
      if (builtAt === undefined) return [];
      const changed = await look(service.build, { sinceMs: builtAt, ...passedOver(app, service) });
      const [last] = changed?.newest ?? [];
      if (changed === undefined || last === undefined) return [];
      const newest = changed.newest.map(({ path }) => path);
      return [{ service: service.name, builtAt, files: changed.files, changedAt: last.changedMs, newest }];
    }),
  );
  return found.flat();
}

/**
 * When an image was made, by the build that ended in it last, of whichever service: one that took all from the cache leaves the image as old as it
 * was. Of one that came from a registry it is not known what it was made from, and of one that is not there nothing.
 */
async function madeAt(
  image: string,
  history: readonly BuildHistoryEntry[],
  client: EngineClient,
  signal: AbortSignal | undefined,
): Promise<number | undefined> {
  let known: { Id?: string; Created?: string; RepoDigests?: string[] | null };
  try {
    known = await client.request({
      path: `/images/${image}/json`,
      ...(signal === undefined ? {} : { signal }),
    });
  } catch (error) {
    if (hasStatus(error, 404) || hasStatus(error, 400)) return undefined;
    throw error;
  }
  const last = history.find((entry) => entry.state === 'succeeded' && entry.imageId === known.Id);
  if (last !== undefined) return last.begunAt ?? last.startedAt;
  if ((known.RepoDigests ?? []).length > 0) return undefined;
  const created = Date.parse(known.Created ?? '');
  // Made reproducible, images say 1970.
  return created > 0 ? created : undefined;
}

/** What is passed over of a service's context. */
function passedOver(app: AppModel, service: BuiltService): Omit<ChangesOptions, 'sinceMs'> {
  const { context } = service.build;
  const inside = (path: string): string => posix.relative(posix.normalize(context), posix.normalize(path));
  const mountsOf = ({ mounts }: ServiceModel): { path: string; target: string }[] =>
    mounts.flatMap((mount) =>
      mount.kind === 'bind' && mount.source.startsWith('.')
        ? [{ path: inside(mount.source), target: mount.target }]
        : [],
    );
  const isPart = (path: string): boolean => path !== '' && !/^[.][.](?:[/]|$)/.test(path);
  const own = mountsOf(service);
  return {
    hidden: own.map(({ path }) => path).filter(isPart),
    // All of the context, or a folder above it.
    covered: own
      .filter(({ path }) => !isPart(path) && /^(?:[.][.](?:[/]|$))*$/.test(path))
      .map(({ target }) => target),
    byTheWay: [
      '.git',
      ...app.services.flatMap((other) => mountsOf(other).map(({ path }) => path)),
      ...app.composeFiles.map(inside),
    ].filter(isPart),
  };
}
