import type { ContainerLimits } from '../domain/ContainerLimits.ts';
import type { AppModel, ServiceModel } from '../domain/ServiceModel.ts';
import type { ChangePlan, PlanStep } from './ChangePlan.ts';
import type { ContainerFacts, EngineFacts, NetworkFacts, VolumeFacts } from './EngineFacts.ts';
import { networkDigest } from './networkDigest.ts';
import { settingsOf } from './settingsOf.ts';

type Mutable<Facts> = { -readonly [Key in keyof Facts]: Facts[Key] };
type Container = Mutable<ContainerFacts> & {
  networks: { name: string; id: string }[];
  limits: ContainerLimits;
};

const LIVE = new Set(['running', 'paused', 'restarting']);

/**
 * A model of an engine for tests: as strict as a real one. What a real engine refuses throws here: names that are taken, images and networks
 * that are not there, networks in use, starts of containers whose network is gone, limits lifted while a container runs.
 */
export class TestEngine {
  readonly containers = new Map<string, Container>();
  readonly networks = new Map<string, NetworkFacts>();
  readonly volumes = new Map<string, VolumeFacts>();
  /** Ids by reference. */
  readonly images = new Map<string, string>();
  /** What a registry or a build gives next for a reference; its own name by default. */
  readonly sources = new Map<string, string>();
  /** Whether limits can be changed while a container runs; Podman cannot, and nothing else tells of them then. */
  updatesLimits = true;
  #count = 0;
  #starts = 0;

  facts(): EngineFacts {
    return {
      containers: [...this.containers.values()].map((container) => {
        const { limits, ...others } = structuredClone(container);
        return this.updatesLimits ? { ...others, limits } : others;
      }),
      networks: [...this.networks.values()],
      volumes: [...this.volumes.values()],
      images: new Map(this.images),
    };
  }

  live(): Container[] {
    return [...this.containers.values()].filter(({ state }) => LIVE.has(state));
  }

  /** A container that is none of the app's, on networks by name. */
  addForeign(name: string, networks: readonly string[] = [], running = true): void {
    if (this.#holder(name) !== undefined) return;
    const id = this.#newId('foreign');
    this.containers.set(id, {
      id,
      name,
      own: false,
      service: 'worker',
      index: 1,
      state: running ? 'running' : 'exited',
      createdAt: this.#count,
      imageId: 'foreign',
      byFlotilla: false,
      limits: { memoryBytes: 0, cpus: 0, pidsLimit: 0 },
      networks: networks
        .flatMap((network) => this.#network(network)?.[1] ?? [])
        .map(({ name: on, id: of }) => ({ name: on, id: of })),
    });
  }

  /** Carries out steps in an order that their needs allow, chosen by `pick`; at most `limit` of them. */
  apply(app: AppModel, plan: ChangePlan, limit = Infinity, pick: (count: number) => number = () => 0): void {
    const done = new Set<string>();
    const left = [...plan.steps];
    while (left.length > 0 && done.size < limit) {
      const ready = left.filter(({ needs }) => needs.every((id) => done.has(id)));
      const step = ready[pick(ready.length)];
      if (step === undefined) throw new Error('No step can begin: they wait for each other.');
      this.#perform(app, step);
      done.add(step.id);
      left.splice(left.indexOf(step), 1);
    }
  }

  /** What somebody does who knows nothing of Flotilla; refused in silence where an engine refuses. */
  removeNetwork(name: string): boolean {
    const [id, network] = this.#network(name) ?? [];
    if (id === undefined || network === undefined) return false;
    if (this.live().some(({ networks }) => networks.some((place) => place.id === id))) return false;
    this.networks.delete(id);
    return true;
  }

  /** As another program does that makes what it misses. */
  remakeNetwork(name: string): void {
    const before = this.#network(name)?.[1];
    if (before === undefined || !this.removeNetwork(name)) return;
    const id = this.#newId('network');
    this.networks.set(id, { ...before, id });
  }

  #perform(app: AppModel, step: PlanStep): void {
    switch (step.kind) {
      case 'remove-orphan':
      case 'remove-container':
        this.#remove(step.containerId);
        break;
      case 'remove-network':
        if (!this.removeNetwork(step.subject)) throw new Error(`${step.subject} is in use or not there.`);
        break;
      case 'recreate-network':
        if (!this.removeNetwork(step.subject)) throw new Error(`${step.subject} is in use or not there.`);
        this.#createNetwork(app, step.subject);
        break;
      case 'create-network':
        this.#createNetwork(app, step.subject);
        break;
      case 'create-volume':
        if (this.volumes.has(step.subject)) throw new Error(`${step.subject} is there already.`);
        this.volumes.set(step.subject, { name: step.subject, own: true, driver: 'local', options: {} });
        break;
      case 'build-image':
      case 'pull-image':
        this.images.set(step.subject, this.sources.get(step.subject) ?? step.subject);
        break;
      case 'recreate-container':
        this.#remove(step.containerId);
        this.#create(app, step);
        break;
      case 'create-container':
        this.#create(app, step);
        break;
      case 'update-container':
        this.#update(app, step);
        break;
      case 'start-container':
        this.#start(step.containerId);
    }
  }

  #update(app: AppModel, { service, containerId }: PlanStep): void {
    const container = this.#need(containerId);
    const limits = limitsOf(serviceOf(app, service));
    if (!this.updatesLimits) throw new Error('page not found');
    if (!LIVE.has(container.state)) throw new Error(`${container.name} does not run: it is to be made anew.`);
    for (const name of ['memoryBytes', 'cpus'] as const)
      if (limits[name] === 0 && container.limits[name] > 0)
        throw new Error(`The ${name} of ${container.name} would stay as they are.`);
    container.limits = limits;
  }

  #create(app: AppModel, { service: name, index = 0 }: PlanStep): void {
    const service = serviceOf(app, name);
    const imageId = this.images.get(service.image);
    if (imageId === undefined) throw new Error(`There is no image ${service.image}.`);
    const containerName = service.containerName ?? `${app.name}-${service.name}-${index}`;
    if (this.#holder(containerName) !== undefined) throw new Error(`The name ${containerName} is taken.`);
    this.#assertVolumes(app, service);
    const id = this.#newId('container');
    this.containers.set(id, {
      id,
      name: containerName,
      own: true,
      service: service.name,
      index,
      state: 'created',
      createdAt: this.#count,
      imageId,
      byFlotilla: true,
      settings: settingsOf(app, service),
      limits: limitsOf(service),
      networks: service.networks.map(({ name: key }) => {
        const network = app.networks.find((candidate) => candidate.key === key);
        const present = this.#network(network?.name ?? key)?.[1];
        if (present === undefined) throw new Error(`There is no network ${key}.`);
        return { name: present.name, id: present.id };
      }),
    });
    this.#start(id);
  }

  #assertVolumes(app: AppModel, service: ServiceModel): void {
    for (const mount of service.mounts) {
      if (mount.kind !== 'volume' || mount.source === undefined) continue;
      const volume = app.volumes.find(({ key }) => key === mount.source);
      if (!this.volumes.has(volume?.name ?? '')) throw new Error(`There is no volume ${mount.source}.`);
    }
  }

  #start(id: string | undefined): void {
    const container = this.#need(id);
    for (const { id: network } of container.networks)
      if (!this.networks.has(network)) throw new Error(`network ${network} not found`);
    container.state = 'running';
    container.startedAt = this.#starts += 1;
    delete container.exitCode;
    delete container.oomKilled;
  }

  #remove(id: string | undefined): void {
    const container = this.#need(id);
    if (!container.own) throw new Error(`${container.name} is not ours to remove.`);
    this.containers.delete(container.id);
  }

  #createNetwork(app: AppModel, name: string): void {
    if (this.#network(name) !== undefined) throw new Error(`${name} is there already.`);
    const declared = app.networks.find((network) => network.name === name);
    if (declared === undefined || declared.external) throw new Error(`${name} is not ours to make.`);
    const id = this.#newId('network');
    const { driver = 'bridge', internal, labels } = declared;
    this.networks.set(id, {
      id,
      name,
      own: true,
      driver,
      internal,
      settings: networkDigest(declared),
      labels,
    });
  }

  #need(id: string | undefined): Container {
    const container = this.containers.get(id ?? '');
    if (container === undefined) throw new Error(`There is no container ${id ?? ''}.`);
    return container;
  }

  #network(name: string): [string, NetworkFacts] | undefined {
    return [...this.networks].find(([, network]) => network.name === name);
  }

  #holder(name: string): Container | undefined {
    return [...this.containers.values()].find((container) => container.name === name);
  }

  #newId(kind: string): string {
    this.#count += 1;
    return `${kind}${this.#count}`;
  }
}

function serviceOf(app: AppModel, name: string | undefined): ServiceModel {
  const service = app.services.find((candidate) => candidate.name === name);
  if (service === undefined) throw new Error(`There is no service ${name ?? ''}.`);
  return service;
}

const limitsOf = ({ memoryBytes = 0, cpus = 0, pidsLimit = 0, cpuset }: ServiceModel): ContainerLimits => ({
  ...(cpuset === undefined ? {} : { cpuset }),
  memoryBytes,
  cpus,
  pidsLimit: Math.max(0, pidsLimit),
});
