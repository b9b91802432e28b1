import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { docker, startTestCore, type TestCore } from '../testCore.ts';

let test: TestCore;
beforeAll(async () => {
  test = await startTestCore();
});
afterAll(async () => {
  await test.dispose();
});

const base =
  '    image: busybox:latest\n    command: [sleep, "1000"]\n    init: true\n    stop_grace_period: 1s\n';
const up = async (name: string, text: string, files: Record<string, string> = {}) => {
  const { id } = await test.core.apps.open(test.project(name, { 'compose.yaml': text, ...files }));
  await grantAndUp(id);
  return id;
};
const grantAndUp = async (id: string): Promise<void> => {
  const dangers = test.core.apps.get(id).dangers.map((danger) => danger.id);
  await test.core.apps.grantDangers(id, dangers);
  await test.core.apps.up(id, {});
};
const inspect = (container: string, format: string): unknown =>
  JSON.parse(docker('inspect', '--format', `{{json ${format}}}`, container));

it('gives the engine what the file says, and finds nothing to change afterwards', async () => {
  const id = await up(
    'host-settings',
    `services:
  main:
${base}    dns: [10.9.9.9]
    dns_search: [a.example]
    dns_opt: ["ndots:0"]
    group_add: [4445, 4444]
    domainname: d.example
    cpu_shares: 512
    cpu_quota: 50000
    cpu_period: 100000
    mem_limit: 64m
    memswap_limit: 96m
    mem_reservation: 32m
    oom_score_adj: 300
    storage_opt: {}
    links: [other:friend]
    volumes_from: [other:ro]
    secrets: [tok]
    configs: [{ source: conf, target: /etc/conf }]
    networks:
      inner: { ipv4_address: 10.231.7.9, mac_address: "02:42:0a:e7:07:09" }
  other:
${base}    volumes: [data:/data]
    networks: [inner]
  shared:
${base}    network_mode: "service:main"
    pid: "service:main"
networks:
  inner:
    attachable: true
    driver_opts: { com.docker.network.driver.mtu: "1400" }
    ipam: { config: [{ subnet: 10.231.7.0/24, gateway: 10.231.7.1 }] }
volumes: { data: }
secrets: { tok: { file: ./tok } }
configs: { conf: { file: ./conf } }
`,
    { tok: 'hush', conf: 'a=1\n' },
  );
  const main = 'host-settings-main-1';
  expect(inspect(main, '.HostConfig')).toMatchObject({
    Dns: ['10.9.9.9'],
    DnsSearch: ['a.example'],
    DnsOptions: ['ndots:0'],
    GroupAdd: ['4445', '4444'],
    CpuShares: 512,
    CpuQuota: 50_000,
    CpuPeriod: 100_000,
    MemorySwap: 96 * 1024 ** 2,
    MemoryReservation: 32 * 1024 ** 2,
    OomScoreAdj: 300,
    VolumesFrom: ['host-settings-other-1:ro'],
  });
  expect(inspect(main, '.Config.Domainname')).toBe('d.example');
  expect(
    docker(
      'exec',
      main,
      'sh',
      '-c',
      'cat /run/secrets/tok /etc/conf; id -G; ip addr show eth0; touch /data/x 2>&1; ping -c1 -W2 friend | head -1',
    ),
  ).toMatch(
    /^husha=1\n.*\b4444\b[^]*mtu 1400[^]*02:42:0a:e7:07:09[^]*10\.231\.7\.9\/24[^]*Read-only file system[^]*PING friend/,
  );
  // Both namespaces are main's own.
  expect(docker('exec', 'host-settings-shared-1', 'sh', '-c', 'ip addr show eth0; ps')).toMatch(
    /10\.231\.7\.9[^]*sleep 1000[^]*sleep 1000/,
  );
  expect((await test.core.apps.plan(id)).steps).toEqual([]);
  // Another address plan is another network.
  const file = join(test.folder, 'host-settings', 'compose.yaml');
  writeFileSync(
    file,
    readFileSync(file, 'utf8')
      .replace('mtu: "1400"', 'mtu: "1300"')
      .replace('oom_score_adj: 300', 'oom_score_adj: 400'),
  );
  const plan = await test.core.apps.plan(id);
  expect(plan.steps.find(({ kind }) => kind === 'recreate-network')?.reason).toMatch(
    /^its options or addresses changed/,
  );
  expect(JSON.stringify(plan.steps)).toContain('out-of-memory score');
  await grantAndUp(id);
  expect(inspect('host-settings_inner', '.Options')).toEqual({ 'com.docker.network.driver.mtu': '1300' });
  expect((await test.core.apps.plan(id)).steps).toEqual([]);
  await test.core.apps.down(id, { volumes: true });
});

it('says what is missing where a GPU is asked for and the engine has no driver for it, and leaves nothing', async () => {
  await expect(up('host-gpu', `services:\n  main:\n${base}    gpus: all\n`)).rejects.toMatchObject({
    message: expect.stringContaining('could not select device driver'),
    hint: expect.stringContaining('NVIDIA Container Toolkit'),
  });
  expect(docker('ps', '-aq', '--filter', 'label=com.docker.compose.project=host-gpu')).toBe('');
});

it('fetches no image that it is forbidden to fetch', async () => {
  await expect(
    up('host-never', 'services:\n  main:\n    image: busybox:none-such\n    pull_policy: never\n'),
  ).rejects.toMatchObject({
    code: 'not-found',
    message: 'main has no image: busybox:none-such is not there, and pull_policy: never forbids to fetch it.',
  });
});
