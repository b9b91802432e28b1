import { parseBytes } from '../../quantities.ts';
import { parseGoDuration } from '../encode/parseGoDuration.ts';
import type { Json } from '../encode/Json.ts';
import { parseExtraHost } from '../canonical/parseExtraHost.ts';
import type { Answer } from './differingFields.ts';
import { recordedHost } from './hostFields.ts';
import type { ReadFields } from './readFields.ts';

type Fields = { [key: string]: Json };

/** The folder a case lay in when compose was asked. */
const FOLDER = '/ROOT/project';

/** What compose answered of a service, in the words of `readFields`. */
export function recordedFields(
  name: string,
  service: Fields,
  { name: project, secrets = {}, configs = {} }: Answer,
): ReadFields {
  const deploy = mapOf(service['deploy']);
  const limits = mapOf(mapOf(deploy['resources'])['limits']);
  const healthcheck = mapOf(service['healthcheck']);
  const logging = mapOf(service['logging']);
  const build = service['build'] === undefined ? undefined : mapOf(service['build']);
  // Of one that is off, the times say nothing.
  const isOff = healthcheck['disable'] === true;
  const times = isOff ? {} : healthcheck;
  return {
    image: service['image'] ?? `${project}-${name}`,
    command: service['command'] ?? null,
    entrypoint: service['entrypoint'] ?? null,
    environment: service['environment'] ?? {},
    ports: listOf(service['ports']).map((port) => {
      const { target, published, protocol, host_ip } = mapOf(port);
      // Compose publishes to everybody, we to this machine only, unless the file names an address.
      return `${textOf(host_ip) || '127.0.0.1'}:${textOf(published)}:${textOf(target)}/${textOf(protocol)}`;
    }),
    mounts: [
      ...listOf(service['volumes']).map((mount) => {
        const { type, source, target, read_only, tmpfs } = mapOf(mount);
        if (type === 'tmpfs') return `tmpfs ${textOf(target)} ${textOf(mapOf(tmpfs)['size']) || '-'}`;
        const from = type === 'bind' ? relative(textOf(source)) : textOf(source) || '-';
        return `${textOf(type)} ${from} ${textOf(target)} ${read_only === true ? 'ro' : 'rw'}`;
      }),
      ...listOf(service['tmpfs']).map((text) => {
        const [target = '', options = ''] = textOf(text).split(':');
        const size = /(?:^|,)size=([^,]+)/.exec(options)?.[1];
        return `tmpfs ${target} ${size === undefined ? '-' : (parseBytes(size) ?? '?')}`;
      }),
      ...fileMounts(service['secrets'], secrets, '/run/secrets/'),
      ...fileMounts(service['configs'], configs, '/'),
    ],
    dependsOn: Object.entries(mapOf(service['depends_on'])).map(
      ([other, how]) =>
        `${other} ${textOf(mapOf(how)['condition'])} ${mapOf(how)['required'] === true ? 'required' : 'optional'}`,
    ),
    replicas: deploy['replicas'] ?? service['scale'] ?? 1,
    cpus: limits['cpus'] ?? service['cpus'] ?? null,
    memoryBytes: numberOf(limits['memory'] ?? service['mem_limit']),
    shmSizeBytes: numberOf(service['shm_size']),
    pidsLimit: limits['pids'] ?? service['pids_limit'] ?? null,
    stopGraceMs: milliseconds(service['stop_grace_period']) ?? 10_000,
    stopSignal: service['stop_signal'] ?? null,
    flags: ['init', 'privileged', 'read_only', 'stdin_open', 'tty'].filter((key) => service[key] === true),
    isInitSaid: service['init'] !== undefined,
    user: service['user'] ?? null,
    workingDir: service['working_dir'] ?? null,
    hostname: service['hostname'] ?? null,
    containerName: service['container_name'] ?? null,
    networkMode: service['network_mode'] ?? null,
    pid: service['pid'] ?? null,
    ipc: service['ipc'] ?? null,
    cpuset: service['cpuset'] ?? null,
    capAdd: service['cap_add'] ?? [],
    capDrop: service['cap_drop'] ?? [],
    securityOpt: service['security_opt'] ?? [],
    devices: listOf(service['devices']).map((device) => {
      const { source, target, permissions } = mapOf(device);
      return `${textOf(source)}:${textOf(target)}:${textOf(permissions)}`;
    }),
    extraHosts: listOf(service['extra_hosts']).map((text) => {
      const extra = parseExtraHost(textOf(text));
      return `${extra?.host ?? ''}:${extra?.address ?? ''}`;
    }),
    ulimits: ulimitTexts(service['ulimits']),
    sysctls: service['sysctls'] ?? {},
    labels: service['labels'] ?? {},
    restart: service['restart'] ?? restartOf(mapOf(deploy['restart_policy']), deploy['restart_policy']),
    healthcheck:
      service['healthcheck'] === undefined
        ? null
        : {
            test: isOff ? ['NONE'] : (healthcheck['test'] ?? []),
            intervalMs: milliseconds(times['interval']) ?? null,
            timeoutMs: milliseconds(times['timeout']) ?? null,
            startPeriodMs: milliseconds(times['start_period']) ?? null,
            retries: times['retries'] ?? null,
          },
    networks: Object.entries(mapOf(service['networks'])).map(([network, value]) => {
      const use = mapOf(value);
      const lists = [use['aliases'], use['link_local_ips']].map((list) => listOf(list).map(textOf).join());
      const [aliases = '', linkLocal = ''] = lists;
      return [
        network,
        aliases,
        textOf(use['ipv4_address']),
        textOf(use['ipv6_address']),
        linkLocal,
        textOf(use['mac_address']),
      ].join(' ');
    }),
    ...recordedHost(service),
    logging:
      service['logging'] === undefined
        ? null
        : { driver: logging['driver'] ?? 'json-file', options: logging['options'] ?? {} },
    build:
      build === undefined
        ? null
        : {
            context: relative(textOf(build['context'])).replace(/^\.\/(?=.)/, ''),
            dockerfile: textOf(build['dockerfile']) || 'Dockerfile',
            // Printed to be read again, a dollar sign is doubled.
            dockerfileInline: textOf(build['dockerfile_inline']).replaceAll('$$', '$') || null,
            target: build['target'] ?? null,
            args: build['args'] ?? {},
            labels: build['labels'] ?? {},
            tags: build['tags'] ?? [],
            platforms: build['platforms'] ?? (service['platform'] === undefined ? [] : [service['platform']]),
            cacheFrom: build['cache_from'] ?? [],
            cacheTo: build['cache_to'] ?? [],
            network: build['network'] ?? null,
            pull: build['pull'] ?? false,
            noCache: build['no_cache'] ?? false,
            shmSizeBytes: numberOf(build['shm_size']),
            noCacheFilter: build['no_cache_filter'] ?? [],
            additionalContexts: Object.fromEntries(
              Object.entries(mapOf(build['additional_contexts'])).map(([key, value]) => [
                key,
                relative(textOf(value)).replace(/^\.\/(?=.)/, ''),
              ]),
            ),
            provenance: textOrFlag(build['provenance']),
            sbom: textOrFlag(build['sbom']),
            ulimits: ulimitTexts(build['ulimits']),
            entitlements: [
              ...new Set([
                ...listOf(build['entitlements']).map(textOf),
                ...(build['privileged'] === true ? ['security.insecure'] : []),
              ]),
            ].toSorted(),
          },
    postStart: listOf(service['post_start']).map(commandText),
    preStop: listOf(service['pre_stop']).map(commandText),
    copiedFiles: [
      ...copiedFiles(service['secrets'], secrets, '/run/secrets/'),
      ...copiedFiles(service['configs'], configs, '/'),
    ].toSorted(),
    platform: service['platform'] ?? null,
  };
}

function ulimitTexts(ulimits: Json | undefined): string[] {
  return Object.entries(mapOf(ulimits))
    .map(([limit, value]) => {
      const { soft, hard } = typeof value === 'number' ? { soft: value, hard: value } : mapOf(value);
      return `${limit} ${textOf(soft ?? 0)} ${textOf(hard ?? 0)}`;
    })
    .toSorted();
}

function commandText(hook: Json): string {
  const { command, user, working_dir, privileged, environment } = mapOf(hook);
  const set = Object.entries(mapOf(environment)).filter(([, value]) => value !== null);
  return JSON.stringify([
    command ?? [],
    user ?? '',
    working_dir ?? '',
    privileged ?? false,
    Object.fromEntries(set),
  ]);
}

/** Secrets and configs that are no files. */
function copiedFiles(
  uses: Json | undefined,
  declared: Readonly<Record<string, { [key: string]: Json }>>,
  folder: string,
): string[] {
  return listOf(uses).flatMap((use) => {
    const { source, target, mode, uid, gid } = mapOf(use);
    const { environment, content } = declared[textOf(source)] ?? {};
    const place = textOf(target) || textOf(source);
    return environment === undefined && content === undefined
      ? []
      : [
          `${place.startsWith('/') ? place : folder + place} ${textOf(mode ?? 0o444)} ${textOf(uid) || '0'}:${textOf(gid) || '0'}`,
        ];
  });
}

/** Secrets and configs that are files. */
function fileMounts(
  uses: Json | undefined,
  declared: Readonly<Record<string, { [key: string]: Json }>>,
  folder: string,
): string[] {
  return listOf(uses).flatMap((use) => {
    const { source, target } = mapOf(use);
    const file = declared[textOf(source)]?.['file'];
    const place = textOf(target) || textOf(source);
    return file === undefined
      ? []
      : [`bind ${relative(textOf(file))} ${place.startsWith('/') ? place : folder + place} ro`];
  });
}

/** As docker compose maps it for an engine without a swarm. */
function restartOf({ condition, max_attempts }: Fields, policy: Json | undefined): string {
  if (policy === undefined || condition === undefined) return 'no';
  if (condition === 'on-failure')
    return max_attempts === undefined ? 'on-failure' : `on-failure:${textOf(max_attempts)}`;
  return condition === 'none' ? 'no' : 'always';
}

function mapOf(value: Json | undefined): Fields {
  return value !== null && typeof value === 'object' && !Array.isArray(value) ? value : {};
}

function listOf(value: Json | undefined): Json[] {
  return Array.isArray(value) ? value : [];
}

function textOrFlag(value: Json | undefined): string | null {
  return typeof value === 'boolean' ? String(value) : textOf(value) || null;
}

function textOf(value: Json | undefined): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}

function numberOf(value: Json | undefined): number | null {
  return value === undefined || value === null ? null : Number(value);
}

function milliseconds(value: Json | undefined): number | undefined {
  const nanoseconds = typeof value === 'string' ? parseGoDuration(value) : undefined;
  return nanoseconds === undefined ? undefined : Number(nanoseconds) / 1e6;
}

/** A path of the case as the app has it: `./x` inside of the project, `../x` beside it. */
function relative(path: string): string {
  if (path === FOLDER) return '.';
  if (path.startsWith(`${FOLDER}/`)) {
    const inside = path.slice(FOLDER.length + 1);
    return inside.startsWith('.') ? inside : `./${inside}`;
  }
  return path.startsWith('/ROOT/') ? `../${path.slice('/ROOT/'.length)}` : path;
}
