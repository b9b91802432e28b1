/** An answer of Docker 20.10 on cgroup v1, as it comes over the wire; `cpu` and the other numbers are its counters. */
export function dockerV1(
  options: {
    read?: string;
    cpu?: number;
    periods?: number;
    throttled?: number;
    throttledNs?: number;
    received?: number;
  } = {},
): string {
  const {
    read = '2026-11-27T03:35:26.123456789Z',
    cpu = 1_000_000_000,
    periods = 0,
    throttled = 0,
    throttledNs = 0,
    received = 1_000,
  } = options;
  const throttling = { periods, throttled_periods: throttled, throttled_time: throttledNs };
  const usage = { percpu_usage: [cpu, 0], usage_in_kernelmode: 0, usage_in_usermode: cpu };
  return `${JSON.stringify({
    read,
    preread: '0001-01-01T00:00:00Z',
    pids_stats: { current: 3 },
    blkio_stats: {
      io_service_bytes_recursive: [
        { major: 8, minor: 0, op: 'Read', value: 4096 },
        { major: 8, minor: 0, op: 'Write', value: 8192 },
        { major: 8, minor: 0, op: 'Sync', value: 12288 },
        { major: 8, minor: 0, op: 'Async', value: 0 },
        { major: 8, minor: 0, op: 'Total', value: 12288 },
        { major: 8, minor: 16, op: 'Read', value: 100 },
      ],
      io_serviced_recursive: [{ major: 8, minor: 0, op: 'Read', value: 1 }],
    },
    num_procs: 0,
    storage_stats: {},
    cpu_stats: {
      cpu_usage: { total_usage: cpu, ...usage },
      system_cpu_usage: 5_000_000_000,
      online_cpus: 2,
      throttling_data: throttling,
    },
    precpu_stats: {
      cpu_usage: { total_usage: 77, usage_in_kernelmode: 0, usage_in_usermode: 0 },
      throttling_data: { periods: 7, throttled_periods: 7, throttled_time: 7 },
    },
    memory_stats: {
      usage: 10_000_000,
      max_usage: 12_000_000,
      stats: {
        active_anon: 5,
        inactive_file: 1_000_000,
        pgmajfault: 2,
        total_inactive_file: 4_000_000,
        total_pgmajfault: 9,
      },
      limit: 64_000_000,
    },
    name: '/pi-worker-1',
    id: 'e0c8',
    networks: {
      eth0: { rx_bytes: received, rx_packets: 1, tx_bytes: 20, tx_packets: 1 },
      eth1: { rx_bytes: 5, rx_packets: 1, tx_bytes: 6, tx_packets: 1 },
    },
  })}\n`;
}

/** Of Docker on cgroup v2: no per-CPU usage, no peak, operations in small letters. */
export const DOCKER_V2 = {
  read: '2026-11-27T03:35:26Z',
  pids_stats: { current: 12, limit: 38_000 },
  blkio_stats: {
    io_service_bytes_recursive: [
      { major: 254, minor: 0, op: 'read', value: 700 },
      { major: 254, minor: 0, op: 'write', value: 0 },
    ],
    io_serviced_recursive: null,
  },
  cpu_stats: {
    cpu_usage: { total_usage: 2_500_000_000, usage_in_kernelmode: 5, usage_in_usermode: 6 },
    system_cpu_usage: 5,
    online_cpus: 8,
    throttling_data: { periods: 0, throttled_periods: 0, throttled_time: 0 },
  },
  precpu_stats: { cpu_usage: { total_usage: 0, usage_in_kernelmode: 0, usage_in_usermode: 0 } },
  memory_stats: {
    usage: 50_000_000,
    stats: { active_file: 4, inactive_file: 10_000_000, pgfault: 100, pgmajfault: 3 },
    limit: 16_000_000_000,
  },
  name: '/pi-worker-1',
};

/** Of Podman's compatible API: memory without details, one network, operations in capital letters, a time with its zone. */
export const PODMAN = {
  read: '2026-11-27T04:35:26.5+01:00',
  preread: '0001-01-01T00:00:00Z',
  pids_stats: { current: 4 },
  blkio_stats: {
    io_service_bytes_recursive: [
      { major: 0, minor: 0, op: 'Read', value: 11 },
      { major: 0, minor: 0, op: 'Write', value: 22 },
    ],
    io_serviced_recursive: null,
  },
  num_procs: 0,
  storage_stats: {},
  cpu_stats: {
    cpu_usage: { total_usage: 900_000_000, usage_in_kernelmode: 0, usage_in_usermode: 0 },
    system_cpu_usage: 10,
    online_cpus: 8,
    cpu: 0,
    throttling_data: { periods: 0, throttled_periods: 0, throttled_time: 0 },
  },
  precpu_stats: { cpu_usage: { total_usage: 0 } },
  memory_stats: { usage: 3_000_000, max_usage: 4_000_000, limit: 16_000_000_000 },
  name: 'pi-worker-1',
  Id: 'e0c8',
  networks: { eth0: { rx_bytes: 300, tx_bytes: 400 } },
};
