import type {
  DependsCondition,
  HealthcheckModel,
  MountModel,
  PortModel,
  ServiceModel,
} from '../domain/ServiceModel.ts';
import { MAX_REPLICAS } from '../domain/limits.ts';
import type { Findings } from './Findings.ts';
import type { Variables } from './interpolate.ts';
import { get, isNothing, type Located, type LocatedEntry, textOf } from './Located.ts';
import { checkCpuset } from './quantities.ts';
import { checkImage } from './checkImage.ts';
import { checkVariables } from './checkVariables.ts';
import { shortestFloat32 } from './config/scalars/shortestFloat32.ts';
import { listed, said } from './onlySaid.ts';
import { readBuild } from './readBuild.ts';
import { readDevices } from './readDevices.ts';
import { readExtension } from './readExtension.ts';
import { readExtraHosts } from './readExtraHosts.ts';
import { readFileMounts } from './readFileMounts.ts';
import { readLifecycle } from './readLifecycle.ts';
import { readHostSettings } from './readHostSettings.ts';
import { readNetworkUses } from './readNetworkUses.ts';
import { readPlatform } from './readPlatform.ts';
import { readPorts } from './readPorts.ts';
import { checkResultMounts } from './readResults.ts';
import { readPullPolicy } from './readPullPolicy.ts';
import { readRestart } from './readRestart.ts';
import { readUlimits } from './readUlimits.ts';
import { readVolumes } from './readVolumes.ts';
import { ServiceReader } from './ServiceReader.ts';

const DEFAULT_GRACE_MS = 10_000;

/** A service as read, with the places that later checks and fixes need. */
export interface ReadService {
  /** Without role, which is decided when all services are known. */
  model: Omit<ServiceModel, 'role' | 'roleSource' | 'roleReason'>;
  entry: LocatedEntry;
  ports: { port: PortModel; node: Located }[];
  mounts: { mount: MountModel; node: Located }[];
  environment: { key: string; value: string | null; at: Located; keyAt: Located }[];
  replicasSaid: boolean;
}

export function readService(
  name: string,
  entry: LocatedEntry,
  project: string,
  findings: Findings,
  declared: { secrets?: Located | undefined; configs?: Located | undefined; variables?: Variables } = {},
): ReadService {
  const reader = new ServiceReader(name, entry.value, findings);
  const build = readBuild(reader, declared.secrets);
  const image = reader.text(reader.at('image'), 'image');
  if (image !== undefined) checkImage(reader, image);
  const deploy = reader.at('deploy');
  const limits = get(get(deploy, 'resources'), 'limits');
  const replicasNode = isNothing(get(deploy, 'replicas')) ? reader.at('scale') : get(deploy, 'replicas');
  const replicas = reader.number(replicasNode, 'replicas', {
    least: 0,
    most: MAX_REPLICAS,
    whole: true,
    unquoted: true,
  });
  const environment = reader.pairs(reader.at('environment'), 'environment');
  checkVariables(reader, environment);
  const ports: ReadService['ports'] = [];
  readPorts(reader, (port, node) => ports.push({ port, node }));
  const variables = declared.variables ?? new Map<string, string>();
  const files = [
    readFileMounts(reader, 'secrets', declared.secrets, variables),
    readFileMounts(reader, 'configs', declared.configs, variables),
  ];
  const mounts = [...readVolumes(reader), ...files.flatMap(({ mounts: own }) => own)];
  const cpuset = reader.text(reader.at('cpuset'), 'cpuset');
  const cpusetNode = reader.at('cpuset');
  const badCpuset = cpuset === undefined ? undefined : checkCpuset(cpuset);
  if (badCpuset !== undefined && cpusetNode !== undefined)
    reader.error(
      'bad-cpuset',
      cpusetNode,
      `cpuset “${cpuset ?? ''}”: ${badCpuset}.`,
      'Write CPU numbers and ranges, as in 0-3,5.',
    );
  const cpusNode = isNothing(get(limits, 'cpus')) ? reader.at('cpus') : get(limits, 'cpus');
  const memoryNode = isNothing(get(limits, 'memory')) ? reader.at('mem_limit') : get(limits, 'memory');
  const pidsNode = isNothing(get(limits, 'pids')) ? reader.at('pids_limit') : get(limits, 'pids');
  const memoryBytes = reader.bytes(memoryNode, 'memory');
  if (memoryBytes !== undefined && memoryNode !== undefined && memoryBytes < 6 * 1024 ** 2)
    reader.error('bad-size', memoryNode, 'memory below 6m is refused by the engine.', 'Give it at least 6m.');
  const shmNode = reader.at('shm_size');
  const shmSizeBytes = reader.bytes(shmNode, 'shm_size');
  if (shmSizeBytes === 0 && shmNode !== undefined)
    reader.error(
      'bad-size',
      shmNode,
      'shm_size must be more than 0.',
      'Leave it out for the engine’s 64 MiB.',
    );
  const extension = readExtension(reader);
  checkResultMounts(
    reader,
    extension.results,
    mounts.map(({ mount }) => mount),
  );
  const model: ReadService['model'] = {
    name,
    image: image ?? `${project}-${name}`,
    environment: Object.fromEntries(
      environment.filter(({ key }) => key !== '').map(({ key, value }) => [key, value]),
    ),
    ports: ports.map(({ port }) => port),
    mounts: mounts.map(({ mount }) => mount),
    dependsOn: readDependsOn(reader),
    replicas: replicas ?? 1,
    ...extension,
    ...readHostSettings(reader),
    stopGraceMs: reader.duration(reader.at('stop_grace_period'), 'stop_grace_period') ?? DEFAULT_GRACE_MS,
    tty: reader.flag(reader.at('tty'), 'tty') ?? false,
    stdinOpen: reader.flag(reader.at('stdin_open'), 'stdin_open') ?? false,
    readOnly: reader.flag(reader.at('read_only'), 'read_only') ?? false,
    privileged: reader.flag(reader.at('privileged'), 'privileged') ?? false,
    capAdd: reader.texts(reader.at('cap_add'), 'cap_add'),
    capDrop: reader.texts(reader.at('cap_drop'), 'cap_drop'),
    securityOpt: reader.texts(reader.at('security_opt'), 'security_opt'),
    devices: readDevices(reader).map(({ device }) => device),
    extraHosts: readExtraHosts(reader.at('extra_hosts')),
    ulimits: readUlimits(reader, reader.at('ulimits')),
    sysctls: reader.record(reader.at('sysctls'), 'sysctls'),
    restart: readRestart(reader),
    networks: readNetworkUses(reader),
    labels: reader.record(reader.at('labels'), 'labels'),
    file: entry.key.file,
    range: findings.source(entry.key.file)?.range(entry.key.start, entry.key.end),
    ...said({
      build,
      command: reader.command(reader.at('command'), 'command'),
      entrypoint: reader.command(reader.at('entrypoint'), 'entrypoint'),
      stopSignal: saidText(reader, 'stop_signal'),
      init: reader.flag(reader.at('init'), 'init'),
      user: saidText(reader, 'user'),
      workingDir: saidText(reader, 'working_dir'),
      hostname: saidText(reader, 'hostname'),
      containerName: readContainerName(reader),
      networkMode: saidText(reader, 'network_mode'),
      pid: saidText(reader, 'pid'),
      ipc: saidText(reader, 'ipc'),
      cpus: readCpus(reader, cpusNode),
      cpuset: badCpuset === undefined ? cpuset : undefined,
      memoryBytes,
      shmSizeBytes,
      // 0 is no limit.
      pidsLimit:
        reader.number(pidsNode, 'pids_limit', { least: -1, most: 4_194_304, whole: true }) || undefined,
      pullPolicy: readPullPolicy(reader),
      postStart: listed(readLifecycle(reader, 'post_start')),
      preStop: listed(readLifecycle(reader, 'pre_stop')),
      copiedFiles: listed(files.flatMap(({ copied }) => copied)),
      platform: readPlatform(reader),
      healthcheck: readHealthcheck(reader),
      logging: readLogging(reader),
    }),
  };
  return { model, entry, ports, mounts, environment, replicasSaid: replicas !== undefined };
}

function readContainerName(reader: ServiceReader): string | undefined {
  const at = reader.at('container_name');
  const name = reader.text(at, 'container_name');
  if (name === undefined || at === undefined) return undefined;
  if (/^[a-zA-Z0-9][a-zA-Z0-9_.-]+$/.test(name) && name.length <= 255) return name;
  reader.error(
    'bad-container-name',
    at,
    `“${name.slice(0, 60)}” is no name of a container.`,
    'Use letters, digits, “_”, “.” and “-”, beginning with a letter or digit, two to 255 of them.',
  );
  return undefined;
}

/** Compose counts CPUs as 32-bit floats. */
function readCpus(reader: ServiceReader, node: Located | undefined): number | undefined {
  const cpus = reader.number(node, 'cpus', { least: 0.01, most: 4096, whole: false });
  return cpus === undefined ? undefined : shortestFloat32(cpus);
}

/** An empty text says nothing. */
function saidText(reader: ServiceReader, key: string): string | undefined {
  return reader.text(reader.at(key), key) || undefined;
}

function readDependsOn(reader: ServiceReader): ServiceModel['dependsOn'] {
  const node = reader.at('depends_on');
  if (node === undefined) return [];
  if (node.kind === 'map') {
    return [...node.entries].map(([service, { value }]) => {
      const condition = textOf(get(value, 'condition')) ?? 'service_started';
      const known = ['service_started', 'service_healthy', 'service_completed_successfully'].includes(
        condition,
      );
      if (!known)
        reader.error(
          'bad-condition',
          value,
          `“${condition}” is no condition.`,
          'There are service_started, service_healthy and service_completed_successfully.',
        );
      return {
        service,
        condition: (known ? condition : 'service_started') as DependsCondition,
        required: reader.flag(get(value, 'required'), 'required') ?? true,
      };
    });
  }
  return reader
    .texts(node, 'depends_on')
    .map((service) => ({ service, condition: 'service_started' as const, required: true }));
}

function readHealthcheck(reader: ServiceReader): HealthcheckModel | undefined {
  const node = reader.at('healthcheck');
  if (node === undefined) return undefined;
  if (reader.flag(get(node, 'disable'), 'disable') === true) return { test: ['NONE'] };
  const test = get(node, 'test');
  // Without a test of its own it changes the times of the image's.
  const words =
    test === undefined || isNothing(test)
      ? []
      : test.kind === 'list'
        ? reader.texts(test, 'healthcheck test')
        : ['CMD-SHELL', textOf(test) ?? ''];
  const [first] = words;
  if (test !== undefined && first !== undefined && !['CMD', 'CMD-SHELL', 'NONE'].includes(first))
    reader.error(
      'bad-healthcheck',
      test,
      'the list of a test begins with CMD, CMD-SHELL or NONE.',
      'Write ["CMD", "program", "argument"].',
    );
  return {
    test: words,
    ...said({
      intervalMs: reader.duration(get(node, 'interval'), 'interval'),
      timeoutMs: reader.duration(get(node, 'timeout'), 'timeout'),
      startPeriodMs: reader.duration(get(node, 'start_period'), 'start_period'),
      retries: reader.number(get(node, 'retries'), 'retries', { least: 0, most: 1_000_000, whole: true }),
    }),
  };
}

function readLogging(reader: ServiceReader): ServiceModel['logging'] {
  const node = reader.at('logging');
  if (node === undefined) return undefined;
  const options = reader.record(get(node, 'options'), 'logging options');
  return { driver: reader.text(get(node, 'driver'), 'logging driver') ?? 'json-file', options };
}
