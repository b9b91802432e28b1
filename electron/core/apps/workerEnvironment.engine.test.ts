import { afterEach, beforeEach, expect, it } from 'vitest';
import { docker, leftOf, startTestCore, type TestCore } from '../testCore.ts';

let test: TestCore;
beforeEach(async () => {
  test = await startTestCore();
});
afterEach(async () => {
  await test.dispose();
});

const SLEEP =
  'image: busybox:latest\n    command: [sleep, "1000"]\n    init: true\n    stop_grace_period: 1s';

it('workers know their number, how many they are and where main is; scaling and running again leave them be', async () => {
  const { apps } = test.core;
  const compose = `services:\n  lead:\n    ${SLEEP}\n    x-flotilla: { role: main }\n  solver:\n    ${SLEEP}\n    scale: 2\n    x-flotilla: { role: worker }\n`;
  const app = await apps.open(test.project('apps-told', { 'compose.yaml': compose }));
  await apps.up(app.id, {});
  const told = (name: string): string[] =>
    docker('exec', `apps-told-${name}`, 'env')
      .split('\n')
      .filter((line) => /^(WORKER_|MAIN_)/.test(line))
      .sort();
  expect(told('solver-2')).toEqual(['MAIN_HOST=lead', 'WORKER_COUNT=2', 'WORKER_INDEX=2']);
  expect(told('lead-1')).toEqual(['WORKER_COUNT=2']);
  const address = (name: string): string | undefined =>
    /Name:.*\n+Address[^:]*: *([\d.]+)/.exec(docker('exec', 'apps-told-lead-1', 'nslookup', name))?.[1];
  const own = docker(
    'inspect',
    '--format',
    '{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}',
    'apps-told-solver-2',
  );
  expect(address('solver-2')).toBe(own);
  expect(docker('exec', 'apps-told-solver-1', 'sh', '-c', 'ping -c 1 $MAIN_HOST')).toContain(
    '1 packets received',
  );

  const ids = docker(
    'ps',
    '-q',
    '--no-trunc',
    '--filter',
    'label=com.docker.compose.project=apps-told',
  ).split('\n');
  await apps.scale(app.id, 'solver', 3);
  await apps.up(app.id, {});
  const after = docker(
    'ps',
    '-q',
    '--no-trunc',
    '--filter',
    'label=com.docker.compose.project=apps-told',
  ).split('\n');
  expect(after).toHaveLength(4);
  expect(after).toEqual(expect.arrayContaining(ids));
  expect(told('solver-3')).toEqual(['MAIN_HOST=lead', 'WORKER_COUNT=3', 'WORKER_INDEX=3']);
  expect(told('solver-2')).toContain('WORKER_COUNT=2');
  await apps.down(app.id, {});
  expect(leftOf('apps-told')).toEqual([]);
});
