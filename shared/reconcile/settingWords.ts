import type { ServiceModel } from '../domain/ServiceModel.ts';

/** What of a service says nothing about how its containers are made. */
type NoSetting =
  | 'name'
  | 'role'
  | 'roleSource'
  | 'roleReason'
  | 'build'
  | 'pullPolicy'
  | 'dependsOn'
  | 'replicas'
  | 'autoscale'
  | 'scaleRange'
  | 'drain'
  | 'preStop'
  | 'load'
  | 'progress'
  | 'results'
  | 'placement'
  | 'file'
  | 'range';

export type SettingName = Exclude<keyof ServiceModel, NoSetting>;

/**
 * The settings of a service that its containers are made with, each in the words that follow "its". A field that the model gains must
 * be named here or be no setting: the compiler asks.
 */
export const settingWords: Record<SettingName, string> = {
  image: 'image',
  command: 'command',
  entrypoint: 'entrypoint',
  environment: 'environment',
  ports: 'published ports',
  mounts: 'mounts',
  stopGraceMs: 'stop grace period',
  stopSignal: 'stop signal',
  init: 'init process',
  user: 'user',
  workingDir: 'working directory',
  hostname: 'host name',
  containerName: 'container name',
  tty: 'terminal',
  stdinOpen: 'standard input',
  readOnly: 'read-only root',
  privileged: 'privileged mode',
  capAdd: 'added capabilities',
  capDrop: 'dropped capabilities',
  securityOpt: 'security options',
  devices: 'devices',
  extraHosts: 'extra hosts',
  networkMode: 'network mode',
  pid: 'process namespace',
  ipc: 'IPC namespace',
  cpus: 'CPU limit',
  cpuset: 'CPU set',
  cpusetMems: 'memory nodes',
  memoryBytes: 'memory limit',
  shmSizeBytes: 'shared memory',
  pidsLimit: 'process limit',
  ulimits: 'ulimits',
  sysctls: 'kernel settings',
  restart: 'restart policy',
  healthcheck: 'health check',
  networks: 'networks',
  labels: 'labels',
  logging: 'logging',
  control: 'control door',
  postStart: 'commands after its start',
  copiedFiles: 'secrets and configs',
  platform: 'platform',
  domainname: 'domain name',
  dns: 'name servers',
  dnsOptions: 'resolver options',
  dnsSearch: 'search domains',
  groupAdd: 'further groups',
  runtime: 'runtime',
  userns: 'user namespace',
  uts: 'UTS namespace',
  cgroupNamespace: 'cgroup namespace',
  cgroupParent: 'cgroup parent',
  macAddress: 'MAC address',
  volumesFrom: 'mounts of others',
  links: 'links',
  cpuShares: 'CPU shares',
  cpuPeriodUs: 'CPU period',
  cpuQuotaUs: 'CPU quota',
  cpuRealtimePeriodUs: 'real-time CPU period',
  cpuRealtimeRuntimeUs: 'real-time CPU runtime',
  memoryReservationBytes: 'memory reservation',
  memorySwapBytes: 'limit of memory and swap',
  memorySwappiness: 'swappiness',
  oomKillDisable: 'protection from the out-of-memory killer',
  oomScoreAdj: 'out-of-memory score',
  deviceRequests: 'requested devices',
  deviceCgroupRules: 'device rules',
  storageOptions: 'storage options',
  annotations: 'annotations',
  blockIo: 'block I/O limits',
};

export const isSetting = (name: string): name is SettingName => Object.hasOwn(settingWords, name);

/** The words for a name in a label, which a later Flotilla may have written. */
export const settingWord = (name: string): string => (isSetting(name) ? settingWords[name] : name);
