import type { AppModel } from '#shared/domain/ServiceModel.ts';
import type {
  ContainerFacts,
  EngineFacts,
  NetworkFacts,
  VolumeFacts,
} from '#shared/reconcile/EngineFacts.ts';
import { SETTINGS_LABEL } from '#shared/reconcile/settingsOf.ts';
import {
  type ContainerInspection,
  type ContainerSummary,
  exitCodeOf,
  NUMBER_LABEL,
  ONE_OFF_LABEL,
  PROJECT_LABEL,
  SERVICE_LABEL,
  stateOf,
} from '../engine/containerRecord.ts';
import type { EngineClient } from '../engine/EngineApi.ts';
import { CONFIG_HASH_LABEL, CREATOR, VERSION_LABEL } from './containerSpec.ts';
import { Limiter } from './Limiter.ts';
import { hasStatus } from './stopContainer.ts';
import { type SettingsInspection, visibleSettings } from './visibleSettings.ts';

/** The engine answers this many at once without growing slower; an app of many services asks for many. */
const AT_ONCE = 16;

type Labels = Readonly<Record<string, string>>;
type Summary = ContainerSummary & {
  NetworkSettings?: { Networks?: Record<string, { NetworkID?: string } | null> | null } | null;
};

/**
 * Asks an engine for all that a plan needs to know, at the time of asking: the lists, and inspections of those of the app's containers
 * whose list entry does not tell enough.
 *
 * @param owns whether a container with these labels is of this app's folder
 */
export async function readEngineFacts(
  client: EngineClient,
  app: AppModel,
  owns: (labels: Labels) => boolean,
): Promise<EngineFacts> {
  const [containers, networks, volumes, images] = await Promise.all([
    readContainers(client, app.name, owns),
    readNetworks(client, app.name),
    readVolumes(client, app.name),
    readImages(client, app),
  ]);
  return { containers, networks, volumes, images };
}

async function readContainers(
  client: EngineClient,
  project: string,
  owns: (labels: Labels) => boolean,
): Promise<ContainerFacts[]> {
  const list = await client.request<Summary[]>({ path: '/containers/json', query: { all: true } });
  const inspections = new Limiter(() => AT_ONCE);
  const facts = await Promise.all(
    list.map(async (summary): Promise<ContainerFacts | undefined> => {
      const base = factsOf(summary, project, owns);
      const needsLook =
        base.own && (base.settings === undefined || (base.state === 'exited' && base.exitCode !== 0));
      if (!needsLook) return base;
      try {
        const inspection = await inspections.run(() =>
          client.request<ContainerInspection & SettingsInspection>({ path: `/containers/${base.id}/json` }),
        );
        return {
          ...base,
          exitCode: base.state === 'exited' ? inspection.State?.ExitCode : base.exitCode,
          oomKilled: inspection.State?.OOMKilled ?? false,
          ...(base.settings === undefined ? { visible: visibleSettings(inspection) } : {}),
        };
      } catch (error) {
        // Removed since the list was made.
        if (hasStatus(error, 404)) return undefined;
        throw error;
      }
    }),
  );
  return facts.filter((each) => each !== undefined);
}

function factsOf(summary: Summary, project: string, owns: (labels: Labels) => boolean): ContainerFacts {
  const labels = summary.Labels ?? {};
  const networks = summary.NetworkSettings?.Networks;
  const settings = parseSettings(labels[SETTINGS_LABEL]);
  return {
    id: summary.Id,
    name: (summary.Names?.[0] ?? summary.Id.slice(0, 12)).replace(/^\//, ''),
    own:
      labels[PROJECT_LABEL] === project &&
      labels[NUMBER_LABEL] !== undefined &&
      labels[ONE_OFF_LABEL] !== 'True' &&
      owns(labels),
    service: labels[SERVICE_LABEL] ?? '',
    index: Number(labels[NUMBER_LABEL] ?? '1') || 1,
    state: stateOf(summary.State),
    exitCode: exitCodeOf(summary),
    createdAt: typeof summary.Created === 'number' ? summary.Created * 1000 : 0,
    imageId: summary.ImageID ?? '',
    byFlotilla: labels[VERSION_LABEL] === CREATOR,
    configHash: labels[CONFIG_HASH_LABEL],
    ...(settings === undefined ? {} : { settings }),
    ...(networks === undefined || networks === null
      ? {}
      : {
          networks: Object.entries(networks).map(([name, place]) => ({ name, id: place?.NetworkID ?? '' })),
        }),
  };
}

/** Undefined for none, and for what somebody wrote there who is not us. */
function parseSettings(text: string | undefined): Record<string, string> | undefined {
  if (text === undefined) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
    return Object.fromEntries(Object.entries(value).map(([name, digest]) => [name, String(digest)]));
  } catch {
    return undefined;
  }
}

async function readNetworks(client: EngineClient, project: string): Promise<NetworkFacts[]> {
  const list = await client.request<
    { Id: string; Name: string; Driver?: string; Internal?: boolean; Labels?: Labels | null }[]
  >({ path: '/networks' });
  return list.map(({ Id: id, Name: name, Driver: driver = '', Internal: internal = false, Labels }) => ({
    id,
    name,
    own: Labels?.[PROJECT_LABEL] === project,
    driver,
    internal,
    labels: Object.fromEntries(
      Object.entries(Labels ?? {}).filter(([key]) => !/^(com\.docker\.compose|io\.flotilla)\./.test(key)),
    ),
  }));
}

async function readVolumes(client: EngineClient, project: string): Promise<VolumeFacts[]> {
  const answer = await client.request<{
    Volumes?: { Name: string; Driver?: string; Options?: Labels | null; Labels?: Labels | null }[] | null;
  }>({ path: '/volumes' });
  return (answer.Volumes ?? []).map(({ Name: name, Driver: driver = 'local', Options, Labels }) => ({
    name,
    own: Labels?.[PROJECT_LABEL] === project,
    driver,
    options: Options ?? {},
  }));
}

async function readImages(client: EngineClient, app: AppModel): Promise<Map<string, string>> {
  const lookups = new Limiter(() => AT_ONCE);
  const references = [...new Set(app.services.map(({ image }) => image))];
  const found = await Promise.all(
    references.map((reference) =>
      lookups.run(async (): Promise<[string, string][]> => {
        try {
          const { Id } = await client.request<{ Id: string }>({ path: `/images/${reference}/json` });
          return [[reference, Id]];
        } catch (error) {
          if (hasStatus(error, 404) || hasStatus(error, 400)) return [];
          throw error;
        }
      }),
    ),
  );
  return new Map(found.flat());
}
