import { FlotillaError } from '#shared/contract/errors.ts';
import type { AppModel, ServiceModel } from '#shared/domain/ServiceModel.ts';
import { type AppPlacement, hasPlacement, placeApp, replicaIndices } from '#shared/placement/placeApp.ts';
import type { PlacementPlan } from '#shared/placement/Placement.ts';
import type { Topology } from '#shared/placement/Topology.ts';
import type { EngineClient } from '../engine/EngineApi.ts';
import { topologyOf } from './topologyOf.ts';

type Present = readonly { service: string; index: number }[];

export interface KnownPlacement {
  /** A service as this replica of it is to be made; undefined: that is not known. */
  placed: (service: ServiceModel, index: number) => ServiceModel | undefined;
  /** CPUs or GPUs are short: a replica can have no place, or several share one. Undefined: they are not, or nobody knows. */
  shortage: () => 'error' | 'warning' | undefined;
}

interface PlacerHost {
  model(): AppModel | null;
  requested(service: ServiceModel): number;
  /** The app's own, as the engine tells of them. */
  containers(): Present;
  client(): EngineClient;
}

/** Says where the replicas of one app run: what its file asks for, on the machine of the engine that is connected. */
export class Placer {
  readonly #host: PlacerHost;
  #found: { client: EngineClient; topology: Topology } | undefined;
  /** Equal replicas are the same object, so that what is worked out of them is worked out once. */
  #replicas = new WeakMap<ServiceModel, Map<string, ServiceModel>>();

  constructor(host: PlacerHost) {
    this.#host = host;
  }

  /**
   * Gets to know the engine's machine, where an app asks for places.
   * @param probe default true: also by a short container, where nothing else tells
   */
  async prepare(
    client: EngineClient,
    app: AppModel,
    { probe = true }: { probe?: boolean } = {},
  ): Promise<void> {
    if (!hasPlacement(app)) return;
    const topology = await topologyOf(client, imagesOf(app), { probe });
    // What a look would tell better is not known yet.
    if (probe || topology.source.kind !== 'count') this.#found = { client, topology };
  }

  /** {@link prepare}, unless that was done since the engine is connected. */
  async ensure(client: EngineClient, app: AppModel): Promise<void> {
    if (this.topology === undefined) await this.prepare(client, app);
  }

  /** Of the engine that is connected now; undefined before {@link prepare}. */
  get topology(): Topology | undefined {
    try {
      return this.#found?.client === this.#host.client() ? this.#found.topology : undefined;
    } catch {
      // No engine is connected.
      return undefined;
    }
  }

  /** Places the replicas that are there and those that are wanted besides. Before {@link prepare} none is placed. */
  placeApp(
    app: AppModel,
    present: Present,
    wanted: (service: ServiceModel) => number = (service) => this.#host.requested(service),
  ): AppPlacement {
    const { topology } = this;
    if (topology === undefined) return NOWHERE;
    return placeApp(app, topology, (service) =>
      replicaIndices(
        present.flatMap(({ service: name, index }) => (name === service.name ? [index] : [])),
        wanted(service),
      ),
    );
  }

  /**
   * Where replicas are to be as far as is known without asking anybody, worked out once and when it is needed.
   * @param present the app's containers
   */
  known(present: Present): KnownPlacement {
    let found: AppPlacement | undefined;
    const placement = (): AppPlacement | undefined => {
      const model = this.#host.model();
      if (model === null || !hasPlacement(model) || this.topology === undefined) return undefined;
      return (found ??= this.placeApp(model, present));
    };
    return {
      placed: (service, index) => {
        if (service.placement === undefined) return service;
        const replica = placement()?.placed(service, index);
        return replica === undefined ? undefined : this.#shared(service, replica);
      },
      shortage: () => {
        const kinds = new Set((placement()?.plan.findings ?? []).map(({ kind }) => kind));
        if (kinds.has('impossible')) return 'error';
        return kinds.has('shared-cpus') || kinds.has('shared-gpus') ? 'warning' : undefined;
      },
    };
  }

  /** A service as this replica of it is to be made. @throws FlotillaError `invalid-input` where no replica of it can have a place */
  async placed(client: EngineClient, service: ServiceModel, index: number): Promise<ServiceModel> {
    const model = this.#host.model();
    if (service.placement === undefined || model === null) return service;
    await this.ensure(client, model);
    const { placed, plan } = this.placeApp(model, [
      ...this.#host.containers(),
      { service: service.name, index },
    ]);
    assertRoom(plan, service.name);
    return placed(service, index);
  }

  #shared(service: ServiceModel, replica: ServiceModel): ServiceModel {
    if (replica === service) return service;
    const known = this.#replicas.get(service) ?? new Map<string, ServiceModel>();
    this.#replicas.set(service, known);
    const key = JSON.stringify([replica.cpuset, replica.cpusetMems, replica.deviceRequests]);
    const same = known.get(key) ?? replica;
    known.set(key, same);
    return same;
  }
}

const NOWHERE: AppPlacement = {
  plan: { places: [], findings: [], reserved: [] },
  placed: (service) => service,
};

export const imagesOf = ({ services }: Pick<AppModel, 'services'>): string[] => [
  ...new Set(services.map(({ image }) => image)),
];

/** @throws FlotillaError `invalid-input` naming the first service of which no replica can have a place */
export function assertRoom({ findings }: PlacementPlan, service?: string): void {
  const impossible = findings.find(
    (finding) => finding.kind === 'impossible' && (service === undefined || finding.service === service),
  );
  if (impossible === undefined) return;
  throw new FlotillaError('invalid-input', impossible.text, {
    ...(impossible.hint === undefined ? {} : { hint: impossible.hint }),
  });
}
