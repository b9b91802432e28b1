import { posix } from 'node:path';
import type { ChangedCode } from '#shared/domain/Build.ts';
import type { AppModel, BuildModel, ServiceModel } from '#shared/domain/ServiceModel.ts';
import type { BuildService } from '../build/BuildApi.ts';
import type { ChangesOptions } from '../build/context/changedSince.ts';
import type { EngineClient } from '../engine/EngineApi.ts';
import { readImages } from './readEngineFacts.ts';
import type { AppSession } from './AppSession.ts';

type BuiltService = ServiceModel & { build: BuildModel };

/**
 * Services whose image is there and older than the files it is made from. What its containers mount from the project is no part of that: they see
 * the files themselves. Neither are compose files, what git keeps, and what others mount (it is written by runs) where no step copies it by name.
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
  const images = await readImages(client, { services: built });
  const found = await Promise.all(
    built.map(async (service): Promise<ChangedCode[]> => {
      const imageId = images.get(service.image);
      if (imageId === undefined || underWay.has(service.name) || seesItsCode(service)) return [];
      const builtAt = await madeAt(session.id, service, imageId, builds, client);
      if (builtAt === undefined) return [];
      const options = { sinceMs: builtAt, ...passedOver(app, service) };
      const changed = await builds.changedSince(session.path, service.build, options, signal);
      const [last] = changed?.newest ?? [];
      if (changed === undefined || last === undefined) return [];
      const newest = changed.newest.map(({ path }) => path);
      return [{ service: service.name, builtAt, files: changed.files, changedAt: last.changedMs, newest }];
    }),
  );
  return found.flat();
}

/** A build that took all from the cache leaves the image as old as it was: the last one that ended in this image tells. */
async function madeAt(
  appId: string,
  { name, image }: ServiceModel,
  imageId: string,
  builds: Pick<BuildService, 'history'>,
  client: EngineClient,
): Promise<number | undefined> {
  const history = await builds.history(appId, { service: name });
  const last = history.find((entry) => entry.state === 'succeeded' && entry.imageId === imageId);
  if (last !== undefined) return last.begunAt ?? last.startedAt;
  const { Created = '' } = await client.request<{ Created?: string }>({ path: `/images/${image}/json` });
  const created = Date.parse(Created);
  // Made reproducible, images say 1970.
  return created > 0 ? created : undefined;
}

/** Folders and files of the project that containers of a service see themselves, as paths inside its context or one of another service. */
function mountedIn(context: string, { mounts }: ServiceModel): string[] {
  return mounts.flatMap((mount) =>
    mount.kind === 'bind' && mount.source.startsWith('.') ? [inContext(context, mount.source)] : [],
  );
}

const inContext = (context: string, path: string): string =>
  posix.relative(posix.normalize(context), posix.normalize(path));

/** All of its context is mounted: as one works on code that no build takes in. */
const seesItsCode = (service: BuiltService): boolean =>
  mountedIn(service.build.context, service).some((path) => /^(?:[.][.](?:[/]|$))*$/.test(path));

/** Paths inside a service's context that do not count. */
function passedOver(app: AppModel, service: BuiltService): Pick<ChangesOptions, 'hidden' | 'byTheWay'> {
  const { context } = service.build;
  const isInside = (path: string): boolean => path !== '' && !/^[.][.](?:[/]|$)/.test(path);
  const mounted = app.services.flatMap((other) => mountedIn(context, other));
  const compose = app.composeFiles.map((file) => inContext(context, file));
  return {
    hidden: mountedIn(context, service).filter(isInside),
    byTheWay: ['.git', ...mounted, ...compose].filter(isInside),
  };
}
