import { describe, expect, it } from 'vitest';
import type { VisibleSettings } from './EngineFacts.ts';
import { settingChanges } from './settingChanges.ts';
import { testApp, testService } from './testModel.ts';

const MIB = 1024 * 1024;
const visible: VisibleSettings = {
  command: ['sleep', '10'],
  entrypoint: undefined,
  environment: { SEED: '1', API_TOKEN: 'old', GONE: 'x', URL: 'http://ann:pw@host/' },
  user: '',
  workingDir: '/app',
  hostname: 'h',
  ports: ['8080:80/tcp'],
  mounts: [{ kind: 'volume', target: '/data', source: 'pi_data' }],
  restart: '',
  privileged: false,
  readOnly: true,
  memoryBytes: 512 * MIB,
  cpus: 0,
  pidsLimit: -1,
  cpuset: '',
  told: { shmSizeBytes: '64 MiB' },
};
const service = testService('main', {
  command: ['sh', '-c', 'echo hi there'],
  user: '1000',
  environment: { SEED: '2', API_TOKEN: 'new', URL: 'http://ann:other@host/', EMPTY: '' },
  ports: [{ hostIp: '127.0.0.1', hostPort: { first: 9000, last: 9000 }, containerPort: 80, protocol: 'tcp' }],
  memoryBytes: 1536 * MIB,
  cpus: 1.5,
  shmSizeBytes: 1000,
  privileged: true,
});
const changes = (...names: string[]) => settingChanges(testApp([service]), service, names, visible);

describe('settingChanges', () => {
  it.each([
    ['command', 'sleep 10', 'sh -c "echo hi there"'],
    ['user', null, '1000'],
    ['workingDir', '/app', null],
    ['ports', '8080:80/tcp', '9000:80/tcp'],
    ['memoryBytes', '512 MiB', '1536 MiB'],
    ['cpus', null, '1.5'],
    ['pidsLimit', undefined, null],
    ['shmSizeBytes', '64 MiB', '1000 B'],
    ['privileged', null, 'on'],
    ['readOnly', 'on', null],
    ['mounts', 'pi_data at /data', null],
    ['environment.SEED', '1', '2'],
    ['environment.GONE', 'x', null],
    ['environment.EMPTY', null, ''],
    ['environment.URL', 'http://ann:••••••@host/', 'http://ann:••••••@host/'],
  ])('tells %s from what to what', (name, before, after) => {
    expect(changes(name)).toMatchObject([{ before, after }]);
  });

  it('never tells a value whose name sounds like a secret', () => {
    expect(changes('environment.API_TOKEN')).toEqual([
      { setting: 'variable API_TOKEN', before: '••••••', after: '••••••', secret: true },
    ]);
    expect(JSON.stringify(changes('environment.API_TOKEN', 'environment.URL'))).not.toMatch(
      /old|new|pw|other/,
    );
  });

  it('tells only what is now where no inspection shows what was, and cuts what is endless', () => {
    expect(settingChanges(testApp([service]), service, ['command', 'environment.SEED'], undefined)).toEqual([
      { setting: 'command', before: undefined, after: 'sh -c "echo hi there"' },
      { setting: 'variable SEED', before: undefined, after: '2' },
    ]);
    const long = testService('main', { command: ['x'.repeat(100_000)] });
    expect(settingChanges(testApp([long]), long, ['command'], visible)[0]?.after?.length).toBeLessThan(400);
  });

  it('survives names that a later version may have written, and those of every object', () => {
    expect(changes('__proto__', 'later', 'environment.constructor')).toMatchObject([
      { setting: '__proto__', after: null },
      { setting: 'later', after: null },
      { setting: 'variable constructor', before: null, after: null },
    ]);
  });
});
