/** What a compose file says of one service of the apps that random sequences go through. */
export interface DeclaredService {
  image: string;
  /** How long it sleeps: the only word of its command that changes. */
  seconds: number;
  seed: number;
  replicas: number;
  /** Keys. */
  networks: readonly string[];
  /** Has the named volume `data`, and an anonymous one. */
  hasVolume: boolean;
  /** Publishes port 80 on any of the host's. */
  hasPort: boolean;
  after: readonly string[];
}

/** A compose file in other words: what it declares is held against the engine without asking the product. */
export interface DeclaredApp {
  project: string;
  services: Readonly<Record<string, DeclaredService>>;
  /** By key, whether it is internal. Those that no service uses are not to be there. */
  networks: Readonly<Record<string, boolean>>;
}

export const declaredService = (fields: Partial<DeclaredService> = {}): DeclaredService => ({
  image: 'busybox:latest',
  seconds: 1000,
  seed: 0,
  replicas: 1,
  networks: ['default'],
  hasVolume: false,
  hasPort: false,
  after: [],
  ...fields,
});

/** The compose file, as JSON, which is YAML too. Containers end at once: nobody is to wait for a grace. */
export function composeText({ services, networks }: DeclaredApp): string {
  const entries = Object.entries(services).map(([name, service]) => [
    name,
    {
      image: service.image,
      command: ['sleep', String(service.seconds)],
      environment: { SEED: String(service.seed) },
      stop_grace_period: '0s',
      scale: service.replicas,
      networks: service.networks,
      depends_on: service.after.filter((other) => other in services),
      ...(service.hasVolume ? { volumes: ['data:/data', '/scratch'] } : {}),
      ...(service.hasPort ? { ports: ['80'] } : {}),
    },
  ]);
  return JSON.stringify(
    {
      services: Object.fromEntries(entries),
      networks: Object.fromEntries(Object.entries(networks).map(([key, internal]) => [key, { internal }])),
      volumes: { data: {} },
    },
    null,
    2,
  );
}
