import { describe, expect, it } from 'vitest';
import type { Diagnostic } from '../domain/Diagnostic.ts';
import type { ServiceModel } from '../domain/ServiceModel.ts';
import { memoryProject } from './memoryProject.ts';
import { readProject } from './readProject.ts';

const read = async (lines: string, beside = '', texts: Record<string, string> = {}) => {
  const { model, diagnostics } = await readProject(
    memoryProject({
      'compose.yaml': `services:\n  a:\n    image: a\n${lines.replaceAll(/^(?=.)/gm, '    ')}\n${beside}`,
      ...texts,
    }),
  );
  return { service: model?.services[0] as ServiceModel, model, told: diagnostics.map(words) };
};
const words = ({ severity, code, range, message }: Diagnostic): string =>
  `${severity} ${code} ${range?.line ?? ''} ${message}`;

describe('settings that the engine takes as they are', () => {
  it.each<[string, Partial<ServiceModel>]>([
    ['gpus: all', { deviceRequests: [{ count: -1, capabilities: ['gpu'] }] }],
    [
      'gpus: [{ count: 2, driver: nvidia, capabilities: [compute] }]',
      { deviceRequests: [{ driver: 'nvidia', count: 2, capabilities: ['compute', 'gpu'] }] },
    ],
    [
      'deploy: { resources: { reservations: { memory: 1g, devices: [{ capabilities: [gpu], device_ids: ["0", "3"] }] } } }',
      {
        deviceRequests: [{ deviceIds: ['0', '3'], capabilities: ['gpu'] }],
        memoryReservationBytes: 1024 ** 3,
      },
    ],
    ['mem_limit: 64m\nmemswap_limit: 128m', { memorySwapBytes: 128 * 1024 ** 2 }],
    ['memswap_limit: -1', { memorySwapBytes: -1 }],
    [
      'cpu_quota: 50000\ncpu_period: 100000\ncpu_shares: 512',
      { cpuQuotaUs: 50_000, cpuPeriodUs: 100_000, cpuShares: 512 },
    ],
    [
      'dns: 10.0.0.2\ndns_search: [a.example]\ndns_opt: ["ndots:1"]',
      { dns: ['10.0.0.2'], dnsSearch: ['a.example'], dnsOptions: ['ndots:1'] },
    ],
    ['group_add: [render, 44]', { groupAdd: ['render', '44'] }],
    [
      'oom_score_adj: -500\noom_kill_disable: true\nmem_swappiness: 0',
      { oomScoreAdj: -500, oomKillDisable: true, memorySwappiness: 0 },
    ],
    [
      'blkio_config: { weight: 300, device_read_bps: [{ path: /dev/sda, rate: 12mb }], device_write_iops: [{ path: /dev/sda, rate: 30 }] }',
      {
        blockIo: {
          weight: 300,
          readBytes: [{ path: '/dev/sda', rate: 12 * 1024 ** 2 }],
          writeOperations: [{ path: '/dev/sda', rate: 30 }],
        },
      },
    ],
    [
      'annotations: { a: b }\nstorage_opt: { size: 1G }',
      { annotations: { a: 'b' }, storageOptions: { size: '1G' } },
    ],
    [
      'deploy: { restart_policy: { condition: on-failure, max_attempts: 3 } }',
      { restart: { name: 'on-failure', maximumRetryCount: 3 } },
    ],
    ['deploy: { restart_policy: { condition: any } }', { restart: { name: 'always' } }],
    ['restart: "no"\ndeploy: { restart_policy: { condition: any } }', { restart: { name: 'no' } }],
    ['pull_policy: always', { pullPolicy: 'always' }],
  ])('%s', async (lines, expected) => {
    const { service, told } = await read(lines);
    expect(service).toMatchObject(expected);
    expect(told).toEqual([]);
  });

  it.each([
    [
      'mem_limit: 64m\nmemswap_limit: 32m',
      'error bad-swap 5 a: memswap_limit is less than the memory limit.',
    ],
    ['cpus: 1\ncpu_quota: 5000', 'error two-values 5 a: cpu_quota and cpus say the same in two ways.'],
    ['cpus: 1\ncpu_period: 5000', 'error two-values 5 a: cpu_period and cpus say the same in two ways.'],
    [
      'oom_score_adj: 5000',
      'error bad-number 4 a: oom_score_adj must be a whole number from -1000 to 1000, not 5000.',
    ],
    [
      'deploy: { restart_policy: { condition: often } }',
      'error bad-restart 4 a: “often” is no condition to restart on.',
    ],
    ['pull_policy: daily', 'warning unsupported-key 4 a: pull_policy “daily” is not followed.'],
    [
      'deploy: { restart_policy: { delay: 5s } }',
      'info unsupported-key 4 Flotilla does not act on “deploy.restart_policy.delay” yet.',
    ],
  ])('tells %j', async (lines, expected) => {
    expect((await read(lines)).told).toContain(expected);
  });
});

describe('networks', () => {
  it('gives the places on them their addresses, the highest priority first', async () => {
    const { service, model } = await read(
      'networks:\n  one: { aliases: [x] }\n  two: { priority: 100, ipv4_address: 10.9.0.7, mac_address: "02:42:ac:11:65:43" }',
      'networks:\n  one: { attachable: true, driver_opts: { com.docker.network.driver.mtu: 1400 } }\n  two: { enable_ipv6: false, ipam: { config: [{ subnet: 10.9.0.0/16, gateway: 10.9.0.1 }] } }\n',
    );
    expect(service.networks).toEqual([
      { name: 'two', aliases: [], ipv4: '10.9.0.7', macAddress: '02:42:ac:11:65:43' },
      { name: 'one', aliases: ['x'] },
    ]);
    expect(model?.networks).toMatchObject([
      { key: 'one', attachable: true, driverOpts: { 'com.docker.network.driver.mtu': '1400' } },
      { key: 'two', addresses: { ranges: [{ subnet: '10.9.0.0/16', gateway: '10.9.0.1' }] } },
      { key: 'default' },
    ]);
    expect(model?.networks[1]).not.toHaveProperty('ipv6');
  });
});

describe('secrets and configs of a service', () => {
  const DECLARED =
    'secrets:\n  tok: { file: ./keys/tok }\n  var: { environment: TOK }\n  ext: { external: true }\n  out: { file: /etc/passwd }\nconfigs:\n  conf: { file: conf.ini }\n  inline: { content: "a=1" }\n';
  const FILES = { 'keys/tok': 'x', 'conf.ini': '' };

  it('are mounts of their files, read-only, where compose puts them', async () => {
    const { service, told } = await read(
      'secrets: [tok, { source: tok, target: other }, { source: tok, target: /abs }]\nconfigs: [conf, { source: conf, target: /etc/conf }]',
      DECLARED,
      FILES,
    );
    expect(service.mounts).toEqual(
      [
        ['./keys/tok', '/run/secrets/tok'],
        ['./keys/tok', '/run/secrets/other'],
        ['./keys/tok', '/abs'],
        ['./conf.ini', '/conf'],
        ['./conf.ini', '/etc/conf'],
      ].map(([source, target]) => ({ kind: 'bind', source, target, readOnly: true, createSource: false })),
    );
    expect(told).toEqual([]);
  });

  it.each([
    ['secrets: [ext]', 'error bad-secret 4 a: the secret “ext” is external, which only swarms have.'],
    ['secrets: [var]', 'error bad-secret 4 a: the secret “var” is the variable TOK, which is not set.'],
    ['secrets: [tok]', 'error missing-bind-source 4 a mounts ./keys/tok, which does not exist.'],
  ])('tells %j', async (lines, expected) => {
    expect((await read(lines, DECLARED)).told).toContain(expected);
  });

  it('need consent where their file lies outside of the project', async () => {
    const { dangers } = await readProject(
      memoryProject({ 'compose.yaml': `services:\n  a:\n    image: a\n    secrets: [out]\n${DECLARED}` }),
    );
    expect(dangers).toMatchObject([{ kind: 'volume', value: '/etc/passwd (read-only)', line: 4 }]);
  });
});
