import type { AppModel, ServiceModel } from '#shared/domain/ServiceModel.ts';
import type {
  ContainerFacts,
  EngineFacts,
  NetworkFacts,
  VolumeFacts,
} from '#shared/reconcile/EngineFacts.ts';
import { differingSettings } from '#shared/reconcile/changedSettings.ts';
import { effectiveSettings } from '#shared/reconcile/liveLimits.ts';
import { NETWORK_SETTINGS_LABEL } from '#shared/reconcile/networkDigest.ts';
import { settingsOf } from '#shared/reconcile/settingsOf.ts';
import { type ContainerInspection, limitsIn, PROJECT_LABEL, timeOf } from '../engine/containerRecord.ts';
import type { EngineClient } from '../engine/EngineApi.ts';
import { containerFacts, type NetworkedSummary } from './containerFacts.ts';
import { CREATOR, VERSION_LABEL } from './containerSpec.ts';
import { Limiter } from './Limiter.ts';
import { hasStatus } from './stopContainer.ts';
import { type SettingsInspection, visibleSettings } from './visibleSettings.ts';

/** The engine answers this many at once without growing slower; an app of many services asks for many. */
const AT_ONCE = 16;

type Labels = Readonly<Record<string, string>>;

/** A service as a replica of it is to be made, given which containers its app has. */
export type PlaceReplicas = (
  present: readonly Pick<ContainerFacts, 'service' | 'index' | 'state'>[],
) => (service: ServiceModel, index: number) => ServiceModel;

interface Wanted {
  service: ServiceModel;
  settings: Record<string, string>;
}

/**
 * Asks an engine for all that a plan needs to know, at the time of asking: the lists, and inspections of those of the app's containers
 * whose list entry does not tell enough.
 *
 * @param owns whether a container with these labels is of this app's folder
 * @param place a service as this replica of it is to be made, given what the app has
 */
export async function readEngineFacts(
  client: EngineClient,
  app: AppModel,
  owns: (labels: Labels) => boolean,
  place: PlaceReplicas = () => (service) => service,
): Promise<EngineFacts> {
  const [containers, networks, volumes, images] = await Promise.all([
    readContainers(client, app, owns, place),
    readNetworks(client, app.name),
    readVolumes(client, app.name),
    readImages(client, app),
  ]);
  return { containers, networks, volumes, images };
}

async function readContainers(
  client: EngineClient,
  app: AppModel,
  owns: (labels: Labels) => boolean,
  place: PlaceReplicas,
): Promise<ContainerFacts[]> {
  const wanted = new Map(
    app.services.map((service) => [service.name, { service, settings: settingsOf(app, service) }]),
  );
  const { updatesLimits } = client.info;
  const list = await client.request<NetworkedSummary[]>({ path: '/containers/json', query: { all: true } });
  const inspections = new Limiter(() => AT_ONCE);
  const bases = list.map((summary) => containerFacts(summary, app.name, owns));
  const placed = place(bases.filter(({ own }) => own));
  const wantedOf = ({ service: name, index }: ContainerFacts): Wanted | undefined => {
    const same = wanted.get(name);
    const service = same === undefined ? undefined : placed(same.service, index);
    return service === undefined || service === same?.service
      ? same
      : { service, settings: settingsOf(app, service) };
  };
  const facts = await Promise.all(
    bases.map(async (base): Promise<ContainerFacts | undefined> => {
      const now = base.own ? wantedOf(base) : wanted.get(base.service);
      // Without a label nothing else tells its settings; with one that differs, nothing else tells what they were.
      const needsSettings = (limits: ContainerFacts['limits']): boolean =>
        base.settings === undefined ||
        (now !== undefined &&
          differingSettings(effectiveSettings(base.settings, now.service, now.settings, limits), now.settings)
            .length > 0);
      const needsLook =
        base.own &&
        ((updatesLimits && now !== undefined) ||
          needsSettings(undefined) ||
          // How it ended, and since when it is so, is told by an inspection only.
          base.state === 'exited');
      if (!needsLook) return base;
      try {
        const inspection = await inspections.run(() =>
          client.request<ContainerInspection & SettingsInspection>({ path: `/containers/${base.id}/json` }),
        );
        const limits = updatesLimits ? limitsIn(inspection.HostConfig) : undefined;
        return {
          ...base,
          limits,
          exitCode: base.state === 'exited' ? inspection.State?.ExitCode : base.exitCode,
          startedAt: timeOf(inspection.State?.StartedAt),
          oomKilled: (inspection.State?.OOMKilled ?? false) || client.heard.isOutOfMemory(base.id),
          ...(needsSettings(limits) ? { visible: visibleSettings(inspection) } : {}),
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
    settings: Labels?.[NETWORK_SETTINGS_LABEL] ?? (Labels?.[VERSION_LABEL] === CREATOR ? '' : undefined),
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

/** Ids by reference, of those images of an app that the engine has. */
export async function readImages(
  client: EngineClient,
  app: Pick<AppModel, 'services'>,
): Promise<Map<string, string>> {
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
