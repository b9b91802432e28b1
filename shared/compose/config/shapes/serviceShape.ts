import { buildShape } from './buildShape.ts';
import { deployShape } from './deployShape.ts';
import { developShape } from './developShape.ts';
import { deviceRequestsShape } from './deviceRequestsShape.ts';
import { fileMountShape } from './fileMountShape.ts';
import { healthcheckShape } from './healthcheckShape.ts';
import { hookShape } from './hookShape.ts';
import { mountShape } from './mountShape.ts';
import { shapes } from './shapes.ts';
import { ulimitsShape } from './ulimitsShape.ts';

const NAME = /^[a-zA-Z0-9._-]+$/;

const rates = shapes.list(
  shapes.object(
    {
      path: { shape: shapes.text, writtenAs: 'Path' },
      rate: { shape: shapes.wholeBytes, writtenAs: 'Rate' },
    },
    { extensible: false },
  ),
);

const port = shapes.object({
  name: shapes.text,
  mode: shapes.text,
  host_ip: shapes.text,
  target: shapes.whole,
  published: shapes.textOrWhole,
  protocol: shapes.text,
  app_protocol: shapes.text,
});

const network = shapes.object(
  {
    priority: shapes.number,
    gw_priority: { shape: shapes.number, hidden: true },
    aliases: shapes.texts,
    ipv4_address: shapes.text,
    ipv6_address: shapes.text,
    link_local_ips: shapes.texts,
    mac_address: shapes.text,
    interface_name: { shape: shapes.text, isNewer: true },
    driver_opts: shapes.map(shapes.textOrNumber),
  },
  { nullable: true },
);

const dependency = shapes.object(
  {
    condition: shapes.textOneOf('service_started', 'service_healthy', 'service_completed_successfully'),
    restart: shapes.flag,
    required: { shape: shapes.strictFlag, keepsZero: true },
  },
  { required: ['condition'] },
);

/** A service (Compose specification, Services), in the order in which compose writes its keys. */
export const serviceShape = shapes.object({
  profiles: shapes.texts,
  annotations: shapes.labels,
  attach: { shape: shapes.flag, keepsZero: true },
  build: buildShape,
  develop: developShape,
  blkio_config: shapes.object(
    {
      weight: shapes.whole,
      weight_device: shapes.list(
        shapes.object(
          {
            path: { shape: shapes.text, writtenAs: 'Path' },
            weight: { shape: shapes.whole, writtenAs: 'Weight' },
          },
          { extensible: false },
        ),
      ),
      device_read_bps: rates,
      device_read_iops: rates,
      device_write_bps: rates,
      device_write_iops: rates,
    },
    { extensible: false },
  ),
  cap_add: shapes.texts,
  cap_drop: shapes.texts,
  cgroup_parent: shapes.text,
  cgroup: shapes.textOneOf('host', 'private'),
  cpu_count: shapes.wholeWithin(0),
  cpu_percent: { shape: { ...shapes.wholeWithin(0, 100), made: 'float32' } },
  cpu_period: shapes.wholeOrNumber,
  cpu_quota: shapes.wholeOrNumber,
  cpu_rt_period: shapes.wholeOrNumber,
  cpu_rt_runtime: shapes.wholeOrNumber,
  cpus: shapes.float32,
  cpuset: shapes.text,
  cpu_shares: shapes.wholeOrNumber,
  command: { shape: shapes.words, absent: () => null, keepsZero: true },
  configs: fileMountShape,
  container_name: shapes.text,
  credential_spec: shapes.object({ config: shapes.text, file: shapes.text, registry: shapes.text }),
  depends_on: shapes.either(shapes.texts, shapes.map(dependency, NAME)),
  deploy: deployShape,
  device_cgroup_rules: shapes.texts,
  devices: shapes.list(
    shapes.either(
      shapes.text,
      shapes.object(
        { source: shapes.text, target: shapes.text, permissions: shapes.text },
        { required: ['source'] },
      ),
    ),
  ),
  dns: shapes.textOrTexts,
  dns_opt: shapes.texts,
  dns_search: shapes.textOrTexts,
  domainname: shapes.text,
  entrypoint: { shape: shapes.words, absent: () => null, keepsZero: true },
  provider: {
    shape: shapes.object({ type: shapes.text, options: shapes.any }, { required: ['type'] }),
    isNewer: true,
  },
  environment: shapes.pairs,
  env_file: {
    shape: shapes.either(
      shapes.text,
      shapes.list(
        shapes.either(
          shapes.text,
          shapes.object(
            { path: shapes.text, format: shapes.text, required: shapes.flag },
            { required: ['path'], extensible: false },
          ),
        ),
      ),
    ),
    hidden: true,
  },
  expose: shapes.list(shapes.textOrWhole, true),
  extends: {
    shape: shapes.either(
      shapes.text,
      shapes.object(
        { service: shapes.text, file: shapes.text },
        { required: ['service'], extensible: false },
      ),
    ),
    hidden: true,
  },
  external_links: shapes.texts,
  extra_hosts: shapes.hosts,
  group_add: shapes.list(shapes.textOrWhole, true),
  gpus: deviceRequestsShape.gpus,
  hostname: shapes.text,
  healthcheck: healthcheckShape,
  image: shapes.text,
  init: { shape: shapes.flag, keepsZero: true },
  ipc: shapes.text,
  isolation: shapes.text,
  labels: shapes.labels,
  label_file: { shape: shapes.textOrPlainTexts, hidden: true },
  links: shapes.texts,
  logging: shapes.object({
    driver: shapes.text,
    options: shapes.map({ ...shapes.textOrNumber, accepts: ['text', 'number', 'null'] }),
  }),
  mem_limit: shapes.bytes,
  mem_reservation: shapes.wholeBytes,
  memswap_limit: shapes.bytes,
  mem_swappiness: shapes.wholeBytes,
  mac_address: shapes.text,
  models: { shape: shapes.any, isNewer: true },
  network_mode: shapes.text,
  networks: shapes.either(shapes.texts, shapes.map(network, NAME)),
  oom_kill_disable: shapes.flag,
  oom_score_adj: shapes.wholeWithin(-1000, 1000),
  pid: shapes.textOrNull,
  pids_limit: shapes.wholeOrNumber,
  platform: shapes.text,
  ports: shapes.list(shapes.either(shapes.textOrNumber, port), true),
  privileged: shapes.flag,
  pull_policy: shapes.pullPolicy,
  read_only: shapes.flag,
  restart: shapes.text,
  runtime: shapes.text,
  scale: { shape: shapes.whole, keepsZero: true },
  secrets: fileMountShape,
  security_opt: shapes.texts,
  shm_size: shapes.bytes,
  stdin_open: shapes.flag,
  stop_grace_period: { shape: shapes.duration, keepsZero: true },
  stop_signal: shapes.text,
  storage_opt: shapes.map(shapes.textOrWhole),
  sysctls: shapes.labels,
  tmpfs: shapes.textOrTexts,
  tty: shapes.flag,
  ulimits: ulimitsShape,
  use_api_socket: { shape: shapes.strictFlag, isNewer: true },
  user: shapes.text,
  userns_mode: shapes.text,
  uts: shapes.text,
  volumes: shapes.list(mountShape, true),
  volumes_from: shapes.texts,
  working_dir: shapes.text,
  post_start: shapes.list(hookShape),
  pre_stop: shapes.list(hookShape),
});
