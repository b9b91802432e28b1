import type { AppModel, NetworkModel, ServiceModel } from '../domain/ServiceModel.ts';

/** A service for tests: an image and a name, all else as a file that is silent has it. */
export function testService(name: string, fields: Partial<ServiceModel> = {}): ServiceModel {
  return {
    name,
    role: name === 'worker' ? 'worker' : 'service',
    roleSource: 'guessed',
    roleReason: '',
    image: 'busybox:latest',
    environment: {},
    ports: [],
    mounts: [],
    dependsOn: [],
    replicas: 1,
    stopGraceMs: 10_000,
    tty: false,
    stdinOpen: false,
    readOnly: false,
    privileged: false,
    capAdd: [],
    capDrop: [],
    securityOpt: [],
    devices: [],
    extraHosts: [],
    ulimits: [],
    sysctls: {},
    restart: { name: 'no' },
    networks: [{ name: 'default', aliases: [] }],
    labels: {},
    file: 'compose.yaml',
    ...fields,
  };
}

export function testNetwork(key: string, fields: Partial<NetworkModel> = {}): NetworkModel {
  return { key, name: `pi_${key}`, external: false, internal: false, labels: {}, ...fields };
}

/** An app named `pi`. */
export function testApp(services: ServiceModel[], fields: Partial<AppModel> = {}): AppModel {
  return {
    name: 'pi',
    composeFiles: ['compose.yaml'],
    services,
    networks: [testNetwork('default')],
    volumes: [],
    ...fields,
  };
}

/** `worker` depends on `main`. */
export const dependsOn = (...services: string[]): ServiceModel['dependsOn'] =>
  services.map((service) => ({ service, condition: 'service_started', required: true }));
