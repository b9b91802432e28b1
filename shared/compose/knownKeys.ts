/** Keys of a service that Flotilla acts upon. */
export const SERVICE_KEYS = new Set([
  'image',
  'build',
  'command',
  'entrypoint',
  'environment',
  'env_file',
  'ports',
  'expose',
  'volumes',
  'tmpfs',
  'depends_on',
  'deploy',
  'scale',
  'stop_grace_period',
  'stop_signal',
  'init',
  'user',
  'working_dir',
  'hostname',
  'container_name',
  'tty',
  'stdin_open',
  'read_only',
  'privileged',
  'cap_add',
  'cap_drop',
  'security_opt',
  'devices',
  'extra_hosts',
  'network_mode',
  'pid',
  'ipc',
  'cpus',
  'cpuset',
  'mem_limit',
  'shm_size',
  'pids_limit',
  'ulimits',
  'sysctls',
  'restart',
  'healthcheck',
  'networks',
  'labels',
  'logging',
  'extends',
  'userns_mode',
  'uts',
  'cgroup_parent',
  'volumes_from',
  'links',
  'profiles',
  'label_file',
  'annotations',
  'blkio_config',
  'cpu_shares',
  'cpu_period',
  'cpu_quota',
  'cpu_rt_runtime',
  'cpu_rt_period',
  'device_cgroup_rules',
  'dns',
  'dns_opt',
  'dns_search',
  'domainname',
  'gpus',
  'group_add',
  'mac_address',
  'mem_reservation',
  'mem_swappiness',
  'memswap_limit',
  'oom_kill_disable',
  'oom_score_adj',
  'runtime',
  'storage_opt',
  'cgroup',
  'attach',
  'pull_policy',
  'platform',
  'post_start',
  'pre_stop',
  'secrets',
  'configs',
]);

/** Keys of the Compose specification that are read past, with a word about it. */
export const UNSUPPORTED_SERVICE_KEYS = new Set([
  'cpu_count',
  'cpu_percent',
  'credential_spec',
  'develop',
  'external_links',
  'isolation',
  'provider',
  'pull_refresh_after',
  'models',
  'use_api_socket',
]);

export const TOP_KEYS = new Set([
  'name',
  'version',
  'services',
  'networks',
  'volumes',
  'secrets',
  'configs',
  'include',
]);
export const UNSUPPORTED_TOP_KEYS = new Set(['models']);

/** Keys of a build that builds go without. */
export const UNSUPPORTED_BUILD_KEYS = new Set(['isolation']);

const BUILD_KEYS = ['context', 'dockerfile', 'target', 'args'];

/** Keys that, glued to their value, are taken for a forgotten space. */
export const GLUABLE_KEYS = new Set([
  ...SERVICE_KEYS,
  ...UNSUPPORTED_SERVICE_KEYS,
  ...TOP_KEYS,
  ...BUILD_KEYS,
  'replicas',
  'driver',
  'external',
  'file',
]);

/** The nearest known key, when it is near enough to be meant. */
export function nearestKey(key: string, known: Iterable<string>): string | undefined {
  let best: string | undefined;
  let least = key.length < 5 ? 2 : 3;
  for (const candidate of known) {
    const distance = editDistance(key.toLowerCase().replaceAll('-', '_'), candidate, least);
    if (distance < least) {
      least = distance;
      best = candidate;
    }
  }
  return best;
}

/** Edit distance with swapped neighbours counted once (optimal string alignment), given up at `limit`. */
function editDistance(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) >= limit) return limit;
  let beforePrevious: number[] = [];
  let previous = Array.from({ length: b.length + 1 }, (_, at) => at);
  for (let i = 1; i <= a.length; i += 1) {
    const row = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const substitute = (previous[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      let least = Math.min(substitute, (previous[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        least = Math.min(least, (beforePrevious[j - 2] ?? 0) + 1);
      row.push(least);
    }
    beforePrevious = previous;
    previous = row;
  }
  return previous[b.length] ?? limit;
}
