import type { BuilderChoice, BuilderKind } from '#shared/domain/Build.ts';
import type { BuildModel } from '#shared/domain/ServiceModel.ts';
import type { EngineClient } from '#core/engine/EngineApi.ts';
import type { BuildRequest } from './BuildApi.ts';
import { BuildProblem } from './BuildProblem.ts';
import type { SessionRefused } from './buildkit/openSession.ts';

export const INSTALL_BUILDX =
  'Install it: it comes with Docker Desktop and with the package docker-buildx-plugin (Docker’s own) or docker-buildx (Debian, Ubuntu, Fedora).';

/** What an engine, and this machine beside it, can build with. */
interface Offer {
  /** Undefined: there is BuildKit. Else why not. */
  noBuildKit: string | undefined;
  /** Version of the buildx command; undefined: there is none. */
  buildx: string | undefined;
}

export interface ChooseBuilder {
  /** @throws BuildProblem when the one asked for, or one that can do what is asked for, is not there. */
  (client: EngineClient, request: Pick<BuildRequest, 'build' | 'builder'>): Promise<BuilderChoice>;
  /** All there are, the one that would be used first. */
  all(client: EngineClient): Promise<BuilderChoice[]>;
  /** The engine refused a session: BuildKit counts as not offered by it from now on. */
  refused(client: EngineClient, refusal: SessionRefused): void;
}

/** Decides what builds, with a reason for people. What an engine offers is asked once a connection. */
export function createChooseBuilder(findBuildx: () => Promise<string | undefined>): ChooseBuilder {
  const known = new WeakMap<EngineClient, Promise<string | undefined>>();
  const noBuildKit = (client: EngineClient): Promise<string | undefined> => {
    let found = known.get(client);
    if (found === undefined) {
      found = whyNoBuildKit(client);
      known.set(client, found);
      found.catch(() => known.delete(client));
    }
    return found;
  };

  const choose = async (
    client: EngineClient,
    { build, builder }: Pick<BuildRequest, 'build' | 'builder'>,
  ): Promise<BuilderChoice> => {
    const need = needsBuildx(build);
    if (builder === 'classic')
      return decide({ noBuildKit: undefined, buildx: undefined }, client, build, builder, need);
    const reason = await noBuildKit(client);
    // The command is started only where its answer matters.
    const buildx =
      need !== undefined || builder === 'buildx' || reason !== undefined ? await findBuildx() : undefined;
    return decide({ noBuildKit: reason, buildx }, client, build, builder, need);
  };

  return Object.assign(choose, {
    async all(client: EngineClient): Promise<BuilderChoice[]> {
      const [reason, buildx] = await Promise.all([noBuildKit(client), findBuildx()]);
      const kinds: BuilderChoice[] = [];
      if (reason === undefined) kinds.push({ kind: 'buildkit', reason: offersBuildKit(client) });
      if (buildx !== undefined && !isPodman(client))
        kinds.push({
          kind: 'buildx',
          reason: `The command \`docker buildx\` (${buildx}), for what a session does not serve: SSH keys, cache export, several platforms.`,
        });
      kinds.push({
        kind: 'classic',
        reason: reason ?? 'The engine’s old builder: one step after another, without mounts and secrets.',
      });
      return kinds;
    },
    refused(client: EngineClient, refusal: SessionRefused): void {
      known.set(
        client,
        Promise.resolve(
          `The engine gives no build sessions (HTTP ${refusal.statusCode}${refusal.message === '' ? '' : `: ${refusal.message}`}).`,
        ),
      );
    },
  });
}

function decide(
  offer: Offer,
  client: EngineClient,
  build: BuildModel,
  wanted: BuilderKind | undefined,
  need: string | undefined,
): BuilderChoice {
  if (wanted === 'classic') return { kind: 'classic', reason: 'The classic builder was asked for.' };
  if (wanted === 'buildkit') {
    if (offer.noBuildKit !== undefined)
      throw new BuildProblem({
        message: `BuildKit was asked for, but is not to be had: ${offer.noBuildKit}`,
        hint: 'Leave the choice of the builder to Flotilla, or connect to Docker 20.10 or newer.',
      });
    if (need !== undefined)
      throw new BuildProblem({
        message: `${need} cannot be served through the engine’s build session.`,
        hint: 'Build with buildx, or leave the choice of the builder to Flotilla.',
      });
    return { kind: 'buildkit', reason: 'BuildKit was asked for.' };
  }
  if (wanted === 'buildx' || need !== undefined) {
    if (isPodman(client))
      throw new BuildProblem({
        message: `${need ?? 'The command `docker buildx`'} does not work with Podman.`,
        hint: 'Connect to a Docker engine for this build.',
      });
    if (offer.buildx === undefined)
      throw new BuildProblem({
        message:
          need === undefined
            ? '`docker buildx` was asked for, but is not installed on this machine.'
            : `${need} needs the command \`docker buildx\`, which is not installed on this machine.`,
        hint: INSTALL_BUILDX,
      });
    return {
      kind: 'buildx',
      reason: need === undefined ? '`docker buildx` was asked for.' : `${need} needs \`docker buildx\`.`,
    };
  }
  if (offer.noBuildKit === undefined) return { kind: 'buildkit', reason: offersBuildKit(client) };
  if (offer.buildx !== undefined && !isPodman(client))
    return { kind: 'buildx', reason: `${offer.noBuildKit} \`docker buildx\` (${offer.buildx}) is used.` };
  return { kind: 'classic', reason: `${offer.noBuildKit} The classic builder is used.` };
}

/** What of a build our session cannot serve, as the beginning of a sentence. */
function needsBuildx(build: BuildModel): string | undefined {
  if ((build.ssh?.length ?? 0) > 0) return 'An SSH key in a build (`ssh`)';
  if ((build.cacheTo ?? []).some((target) => !/^type=inline\b/.test(target)))
    return 'Cache export (`cache_to`)';
  if ((build.cacheFrom ?? []).some((source) => /^type=(?!registry\b)/.test(source)))
    return 'A cache that is no image (`cache_from`)';
  if (build.additionalContexts !== undefined) return 'A further context (`additional_contexts`)';
  if (build.noCacheFilter !== undefined) return 'Leaving out the cache of some stages (`no_cache_filter`)';
  if (build.ulimits !== undefined) return 'A limit of its steps (`ulimits`)';
  if (build.entitlements !== undefined) return 'A right of its steps (`privileged`, `entitlements`)';
  if ((build.provenance ?? 'false') !== 'false') return 'A statement of how it was built (`provenance`)';
  if ((build.sbom ?? 'false') !== 'false') return 'A list of what the image holds (`sbom`)';
  if ((build.platforms?.length ?? 0) > 1) return 'An image for several platforms';
  return undefined;
}

const isPodman = (client: EngineClient): boolean => client.info.product === 'Podman';

function offersBuildKit({ info }: EngineClient): string {
  return `The engine (${info.product} ${info.version}) offers BuildKit.`;
}

/**
 * By product and by the head of `GET /_ping`: Docker has had BuildKit since 18.09, and tells with `Builder-Version`
 * (always since 23.0) which one its settings prefer; on 20.10 its absence means nothing.
 */
async function whyNoBuildKit(client: EngineClient): Promise<string | undefined> {
  if (isPodman(client)) return `Podman ${client.info.version} has no BuildKit.`;
  const ping = await client.openStream({ path: '/_ping', purpose: 'ping for its builder' });
  const { headers } = ping;
  ping.close();
  if (headers['ostype'] === 'windows') return 'Windows containers are not built with BuildKit.';
  if (headers['builder-version'] === '1') return 'The engine’s settings turn BuildKit off.';
  return undefined;
}
