import { beforeEach, describe, expect, it } from 'vitest';
import type { AppModel, ServiceModel } from '../domain/ServiceModel.ts';
import { describePlan } from './describePlan.ts';
import type { ContainerFacts, VisibleSettings } from './EngineFacts.ts';
import { planChanges, type PlanOptions } from './planChanges.ts';
import { setOutOf } from './setOut.ts';
import { SETTINGS_LABEL, settingsOf } from './settingsOf.ts';
import { TestEngine } from './TestEngine.ts';
import { dependsOn, testApp, testNetwork, testService } from './testModel.ts';

let engine: TestEngine;
let app: AppModel;
beforeEach(() => {
  engine = new TestEngine();
  engine.images.set('busybox:latest', 'busybox:latest');
  app = testApp([
    testService('main'),
    testService('worker', { replicas: 3, dependsOn: dependsOn('main'), command: ['work'] }),
  ]);
});

const plan = (options: PlanOptions & { replicas?: number } = {}) =>
  planChanges(
    { app, replicas: new Map(options.replicas === undefined ? [] : [['worker', options.replicas]]) },
    engine.facts(),
    options,
  );
/** Steps as `kind subject: reason`. */
const steps = (options: Parameters<typeof plan>[0] = {}): string[] =>
  plan(options).steps.map(({ kind, subject, reason }) => `${kind} ${subject}: ${reason}`);
const notes = (options: Parameters<typeof plan>[0] = {}): string[] =>
  plan(options).notes.map(({ kind, text }) => `${kind}: ${text}`);
const up = (): void => engine.apply(app, plan());
const edit = (name: string, fields: Partial<ServiceModel>): void => {
  app = {
    ...app,
    services: app.services.map((service) => (service.name === name ? { ...service, ...fields } : service)),
  };
};
const container = (name: string): ContainerFacts => {
  const found = [...engine.containers.values()].find((candidate) => candidate.name === `pi-${name}`);
  if (found === undefined) throw new Error(`There is no ${name}.`);
  return found;
};
/** Brings up `worker`, which depends on `main`, which depends on `db`. */
const upInARow = (): void => {
  app = testApp([
    testService('db'),
    testService('main', { dependsOn: dependsOn('db') }),
    testService('worker', { dependsOn: dependsOn('main') }),
  ]);
  up();
};
const end = (name: string, exitCode: number, more: Partial<ContainerFacts> = {}): void =>
  void Object.assign(container(name), { state: 'exited', exitCode, ...more });

describe('a plan', () => {
  it('makes anew what shares a namespace of a container that starts anew, and nothing else', () => {
    app = testApp([
      testService('probe', { networkMode: 'service:main', networks: [], dependsOn: dependsOn('main') }),
      testService('main'),
      testService('other', { pid: 'service:main', dependsOn: dependsOn('main') }),
      testService('alone'),
    ]);
    up();
    expect(steps()).toEqual([]);
    edit('main', { command: ['work'] });
    expect(steps()).toEqual([
      'recreate-container main-1: its command changed',
      'recreate-container probe-1: main-1, of which it shares a namespace, starts anew',
      'recreate-container other-1: main-1, of which it shares a namespace, starts anew',
    ]);
    up();
    end('main-1', 137);
    expect(steps()).toEqual([
      'start-container main-1: it was stopped',
      'recreate-container probe-1: main-1, of which it shares a namespace, starts anew',
      'recreate-container other-1: main-1, of which it shares a namespace, starts anew',
    ]);
    up();
    expect(steps()).toEqual([]);
  });

  it('makes a network anew when its addresses or options change, unless nobody knows what they were', () => {
    app = testApp([testService('main')], { networks: [testNetwork('default', { ipv6: true })] });
    up();
    app = testApp([testService('main')], {
      networks: [testNetwork('default', { addresses: { ranges: [{ subnet: '10.1.0.0/16' }] } })],
    });
    expect(steps().join('\n')).toMatch(/^recreate-network pi_default: its options or addresses changed/m);
    for (const network of engine.networks.values()) network.settings = undefined;
    expect(steps()).toEqual([]);
  });

  it('makes everything in order, and waits along depends_on', () => {
    engine.images.clear();
    const fresh = plan();
    expect(fresh.steps.map(({ id, needs }) => [id, ...needs])).toEqual([
      ['create-network pi_default'],
      ['pull-image busybox:latest'],
      ['create-container main-1', 'create-network pi_default', 'pull-image busybox:latest'],
      ...[1, 2, 3].map((index) => [
        `create-container worker-${index}`,
        'create-network pi_default',
        'pull-image busybox:latest',
        'create-container main-1',
      ]),
    ]);
    up();
    expect(steps()).toEqual([]);
    expect(describePlan(plan())).toEqual(['Nothing to do.']);
  });

  it('waits through services that need nothing', () => {
    upInARow();
    edit('db', { command: ['other'] });
    edit('worker', { command: ['other'] });
    expect(plan().steps.map(({ id, needs }) => [id, ...needs])).toEqual([
      ['recreate-container db-1'],
      ['recreate-container worker-1', 'recreate-container db-1'],
    ]);
  });

  it.each<[string, Partial<ServiceModel>, string]>([
    ['a command', { command: ['other'] }, 'its command changed'],
    ['no command', { command: undefined }, 'its command changed'],
    ['a variable', { environment: { SEED: '1' } }, 'its variable SEED changed'],
    [
      'several',
      { environment: { A: '1', B: '2' }, memoryBytes: 1, cpus: 2 },
      'its variables A and B, its CPU limit and its memory limit changed',
    ],
    ['a label', { labels: { team: 'x' } }, 'its labels changed'],
    ['nothing that matters', { stopGraceMs: 10_000, privileged: false, environment: { UNSET: null } }, ''],
    ['a place in the file', { range: { start: 1, end: 2, line: 3, column: 1 }, role: 'main' }, ''],
  ])('recreates for %s, and says so', (_, change, reason) => {
    up();
    edit('worker', change);
    expect(steps()).toEqual(
      reason === '' ? [] : [1, 2, 3].map((index) => `recreate-container worker-${index}: ${reason}`),
    );
  });

  it('tells another image from a newer one, and gets one that is missing before it judges', () => {
    up();
    engine.images.set('busybox:latest', 'newer');
    expect(steps()[0]).toBe('recreate-container main-1: the image busybox:latest is a newer one');
    engine.images.delete('busybox:latest');
    expect(steps()).toEqual(['pull-image busybox:latest: the engine does not have it']);
    edit('main', { image: 'pi-main', build: { context: '.', dockerfile: 'Dockerfile', args: {} } });
    expect(steps()).toContain('build-image pi-main: the engine does not have it');
    expect(steps()).toContain('recreate-container main-1: it is to run another image (pi-main)');
  });

  it('numbers: fills gaps with the numbers that are free, removes the newest, those first that do not run', () => {
    up();
    engine.containers.delete(container('worker-2').id);
    expect(steps()).toEqual(['create-container worker-2: the number is 3 and two run']);
    up();
    expect(steps({ replicas: 1 })).toEqual([
      'remove-container worker-3: the number is 1 and three run',
      'remove-container worker-2: the number is 1 and three run',
    ]);
    end('worker-1', 0);
    expect(steps({ replicas: 2 })).toEqual([
      'remove-container worker-1: the number is 2, two run and one is done',
    ]);
    end('worker-2', 1);
    expect(steps({ replicas: 2 })).toEqual([
      'remove-container worker-2: the number is 2, one runs, one is done and one does not run',
    ]);
    expect(steps({ replicas: 0 })).toHaveLength(3);
  });

  it('takes a worker that ended well for done, one that was stopped for stopped', () => {
    up();
    end('worker-1', 0);
    expect(steps()).toEqual([]);
    expect(notes()).toEqual(['done: worker-1 ended with code 0: done, not missing']);
    expect(steps({ stopped: new Set([container('worker-1').id]) })).toEqual([
      'start-container worker-1: it was stopped',
    ]);
    end('worker-2', 143);
    expect(steps()).toEqual(['start-container worker-2: it was stopped']);
    end('worker-2', 137, { oomKilled: true });
    expect(notes()).toContain(
      'failed: worker-2 failed with too little memory, and its restart policy is “no”',
    );
    edit('worker', { command: ['better'] });
    expect(steps()).toHaveLength(3);
  });

  it('leaves a failure to the restart policy', () => {
    up();
    end('worker-1', 3);
    expect(steps()).toEqual([]);
    expect(notes()).toEqual(['failed: worker-1 failed with code 3, and its restart policy is “no”']);
    for (const name of ['on-failure', 'always'] as const) {
      const restart = { name };
      edit('worker', { restart });
      for (const index of [1, 2, 3])
        Object.assign(container(`worker-${index}`), {
          settings: settingsOf(app, testService('worker', { ...app.services[1], restart })),
        });
      expect(steps()).toEqual([
        name === 'always'
          ? 'start-container worker-1: it was stopped'
          : 'start-container worker-1: it failed with code 3, and its restart policy is on-failure',
      ]);
    }
  });

  it('starts a failure again that another service waits for, or when it is asked to', () => {
    up();
    end('main-1', 1);
    expect(steps()).toEqual([]);
    expect(steps({ retryFailed: true })).toEqual(['start-container main-1: it failed with code 1']);
    edit('worker', {
      dependsOn: [{ service: 'main', condition: 'service_completed_successfully', required: true }],
    });
    expect(steps()).toEqual(['start-container main-1: it failed with code 1, and worker waits for it']);
    end('main-1', 0);
    expect(steps()).toEqual([]);
  });

  it('begins a new run when nothing of the app runs', () => {
    up();
    end('main-1', 0);
    for (const index of [1, 2, 3]) end(`worker-${index}`, index - 1);
    expect(steps()).toEqual([
      'start-container main-1: a new run begins: nothing of the app runs, and it ended with code 0',
      ...[0, 1, 2].map(
        (code) =>
          `start-container worker-${code + 1}: a new run begins: nothing of the app runs, and it ended with code ${code}`,
      ),
    ]);
  });

  it('takes up what a start that was broken off had not come to, and only that', () => {
    up();
    for (const [name, code] of [
      ['main-1', 3],
      ['worker-1', 3],
      ['worker-2', 0],
      ['worker-3', 3],
    ] as const)
      end(name, code);
    const begun = plan();
    const setOut = setOutOf(begun, engine.facts().containers, new Map());
    expect([...setOut.keys()]).toHaveLength(4);
    // Main and a worker are started, and that worker fails by itself.
    const first = begun.steps.filter(({ subject }) => subject === 'main-1' || subject === 'worker-1');
    engine.apply(app, { ...begun, steps: first.map((step) => ({ ...step, needs: [] })) });
    end('worker-1', 3);

    expect(steps({ setOut })).toEqual([
      'start-container worker-2: a start that was broken off had not come to it yet',
      'start-container worker-3: a start that was broken off had not come to it yet',
    ]);
    expect(notes({ setOut })).toEqual([
      'failed: worker-1 failed with code 3, and its restart policy is “no”',
    ]);
    // What is begun then, and broken off again, remembers the same.
    const left = setOutOf(plan({ setOut }), engine.facts().containers, setOut);
    expect([...left.keys()]).toEqual([container('worker-2').id, container('worker-3').id]);
    // One that is to be made anew, too: its file may say again what it was made with when the next start comes.
    edit('worker', { command: ['better'] });
    expect(setOutOf(plan({ setOut: left }), engine.facts().containers, left)).toEqual(
      new Map([...left, [container('worker-1').id, container('worker-1').startedAt]]),
    );
  });

  it('lists orphans, and removes them and idle networks only on request', () => {
    app = testApp([...app.services, testService('old', { networks: [{ name: 'back', aliases: [] }] })], {
      networks: [testNetwork('default'), testNetwork('back')],
    });
    up();
    app = testApp(app.services.slice(0, 2));
    expect(steps()).toEqual([]);
    expect(notes()).toEqual(['orphan: pi-old-1 is an orphan (it runs): the file has no service “old”']);
    expect(steps({ removeOrphans: true })).toEqual([
      'remove-orphan pi-old-1: the file has no service “old”',
      'remove-network pi_back: no service uses it',
    ]);
    expect(plan({ removeOrphans: true }).steps[1]?.needs).toEqual(['remove-orphan pi-old-1']);
  });

  it('makes a changed network anew with what hangs on it, workers leaving first, and says so', () => {
    up();
    end('worker-3', 0);
    app = { ...app, networks: [testNetwork('default', { internal: true })] };
    const { steps: found } = plan();
    expect(found.map(({ id, needs }) => [id.replace(/ container\d+$/, ''), needs.length])).toEqual([
      ['remove-container worker-1', 0],
      ['remove-container worker-2', 0],
      ['remove-container main-1', 2],
      ['recreate-network pi_default', 3],
      ['create-container main-1', 2],
      ['create-container worker-1', 3],
      ['create-container worker-2', 3],
    ]);
    expect(found[3]?.reason).toBe(
      '“internal” (no → yes) changed; the 3 containers on it are made anew with it',
    );
    expect(found[4]?.reason).toBe('its network pi_default is made anew');
    engine.addForeign('theirs', ['pi_default']);
    expect(steps()).toEqual([]);
    expect(notes()[0]).toBe(
      'kept: network pi_default stays as it is though “internal” (no → yes) changed: theirs is on it and not to be replaced',
    );
  });

  it('leaves a changed network to a container that was put on it by hand', () => {
    app = testApp([...app.services, testService('back', { networks: [{ name: 'back', aliases: [] }] })], {
      networks: [testNetwork('default'), testNetwork('back')],
    });
    up();
    const back = container('back-1').networks?.[0];
    Object.assign(container('main-1'), { networks: [...(container('main-1').networks ?? []), back] });
    app = { ...app, networks: [testNetwork('default'), testNetwork('back', { internal: true })] };
    expect(steps()).toEqual([]);
    expect(notes()[0]).toMatch(/^kept: network pi_back stays as it is .*: pi-main-1 is on it/);
  });

  it('makes containers anew whose network is not the one they were started on', () => {
    up();
    for (const each of engine.containers.values()) Object.assign(each, { state: 'exited', exitCode: 143 });
    engine.removeNetwork('pi_default');
    const [first] = plan().steps;
    expect(first?.kind).toBe('create-network');
    expect(steps()[1]).toBe('recreate-container main-1: its network pi_default was removed');
    // Flotilla crashes after the first step, or Compose has made the network.
    engine.apply(app, plan(), 1);
    expect(steps()[0]).toBe('recreate-container main-1: its network pi_default was removed and made anew');
    up();
    expect(steps()).toEqual([]);
  });

  it('takes an idle network away after those that leave it, and not from under anybody else', () => {
    const networks = [testNetwork('default'), testNetwork('back')];
    app = testApp([testService('main', { networks: [{ name: 'back', aliases: [] }] })], { networks });
    up();
    edit('main', { networks: [{ name: 'default', aliases: [] }] });
    expect(plan({ removeOrphans: true }).steps.map(({ id, needs }) => [id, ...needs])).toEqual([
      ['create-network pi_default'],
      ['recreate-container main-1', 'create-network pi_default'],
      ['remove-network pi_back', 'recreate-container main-1'],
    ]);
    engine.addForeign('theirs', ['pi_back'], false);
    expect(plan({ removeOrphans: true }).steps.map(({ id }) => id)).not.toContain('remove-network pi_back');
  });

  it('keeps volumes, and tells of those that nobody uses and those that differ', () => {
    const mounts: ServiceModel['mounts'] = [
      { kind: 'volume', source: 'data', target: '/data', readOnly: false },
    ];
    const data = { key: 'data', name: 'pi_data', external: false, driverOpts: {}, labels: {} };
    app = testApp([testService('main', { mounts })], { volumes: [data] });
    up();
    expect(notes()).toEqual([]);
    app = { ...app, volumes: [{ ...data, driverOpts: { type: 'tmpfs' } }] };
    expect(steps({ removeOrphans: true })).toEqual([]);
    expect(notes()).toEqual([
      'kept: volume pi_data stays as it is though its driver or its options changed: it holds data',
    ]);
    app = testApp([testService('main')]);
    expect(steps({ removeOrphans: true })).toEqual(['recreate-container main-1: its mounts changed']);
    expect(notes({ removeOrphans: true })).toEqual([
      'orphan: volume pi_data is used by no service; it stays, because it holds data',
    ]);
  });

  it('only checks what is external', () => {
    app = { ...app, networks: [testNetwork('default', { external: true, name: 'shared' })] };
    expect(steps()).toEqual([]);
    expect(notes()).toEqual([
      'blocked: network shared does not exist, and it is external: somebody else makes it',
      'blocked: main waits: shared does not exist',
      'blocked: worker waits: shared does not exist',
    ]);
    engine.networks.set('n', {
      id: 'n',
      name: 'shared',
      own: false,
      driver: 'overlay',
      internal: true,
      labels: { a: 'b' },
    });
    expect(steps()).toHaveLength(4);
    expect(steps().some((step) => step.includes('network'))).toBe(false);
  });

  it('does not begin what a taken name would end half way', () => {
    engine.addForeign('pi-main-1');
    expect(notes()).toEqual([
      'blocked: main-1 cannot be made: the name “pi-main-1” belongs to a container that is not the app’s',
    ]);
    expect(steps().some((step) => step.includes('main-1'))).toBe(false);
  });
});

describe('replicas with places of their own', () => {
  const placed = (service: ServiceModel, index: number): ServiceModel =>
    service.name === 'worker' ? { ...service, cpuset: `${index * 2 - 2}-${index * 2 - 1}` } : service;
  const placedSteps = (): string[] =>
    planChanges({ app, replicas: new Map(), placed }, engine.facts()).steps.map(
      ({ kind, subject, reason, changes }) =>
        `${kind} ${subject}: ${reason}; ${changes?.map(({ after }) => after).join()}`,
    );

  it('are each held against their own, and moved while they run', () => {
    up();
    expect(placedSteps()).toEqual(
      [1, 2, 3].map(
        (index) =>
          `update-container worker-${index}: its CPU set changed (no restart); ${index * 2 - 2}-${index * 2 - 1}`,
      ),
    );
    const worker = app.services.find(({ name }) => name === 'worker');
    if (worker === undefined) throw new Error('There is no worker.');
    for (const index of [1, 2, 3]) {
      const replica = placed(worker, index);
      const { cpuset = '' } = replica;
      const limits = { memoryBytes: 0, cpus: 0, pidsLimit: 0, cpuset };
      Object.assign(container(`worker-${index}`), { settings: settingsOf(app, replica), limits });
    }
    expect(placedSteps()).toEqual([]);
    // Written otherwise, moved by another program, and left out by an engine that cannot.
    Object.assign(container('worker-1').limits ?? {}, { cpuset: '0,1' });
    Object.assign(container('worker-2').limits ?? {}, { cpuset: '7' });
    Object.assign(container('worker-3').limits ?? {}, { cpuset: undefined });
    expect(placedSteps()).toEqual(['update-container worker-2: its CPU set changed (no restart); 2-3']);
    // A set cannot be lifted from what runs.
    expect(steps()).toContain('recreate-container worker-2: its CPU set changed');
  });
});

describe('containers without our label', () => {
  const visible: VisibleSettings = {
    command: ['work'],
    environment: { PATH: '/bin' },
    user: '',
    workingDir: '',
    hostname: '',
    ports: [],
    mounts: [],
    restart: '',
    privileged: false,
    readOnly: false,
    memoryBytes: 0,
    cpus: 0,
    pidsLimit: 0,
    cpuset: '',
  };
  const unlabelled = (fields: Partial<ContainerFacts>): void => {
    for (const each of engine.containers.values()) {
      const command = each.service === 'main' ? undefined : ['work'];
      Object.assign(each, { settings: undefined, visible: { ...visible, command } }, fields);
    }
  };

  it('that Compose made are taken over as they are, unless something visible differs', () => {
    up();
    unlabelled({ byFlotilla: false, configHash: 'compose’s own' });
    expect(steps()).toEqual([]);
    unlabelled({ byFlotilla: false, visible: { ...visible, pidsLimit: 2048 } });
    expect(steps()).toEqual([]);
    unlabelled({ byFlotilla: false });
    edit('worker', { command: ['other'], environment: { SEED: '1' }, memoryBytes: 1024 });
    expect(steps()[0]).toBe(
      'recreate-container worker-1: its variable SEED, its command and its memory limit changed',
    );
    edit('worker', {
      command: undefined,
      environment: { PATH: '/bin' },
      memoryBytes: undefined,
      ports: [{ hostIp: '127.0.0.1', hostPort: { first: 80, last: 80 }, containerPort: 80, protocol: 'tcp' }],
    });
    expect(steps()[0]).toBe('recreate-container worker-1: its published ports changed');
    unlabelled({ byFlotilla: false, visible: { ...visible, ports: ['80:80/tcp'] } });
    expect(steps().filter((step) => step.includes('worker'))).toEqual([]);
  });

  it('of an earlier Flotilla are held against the one hash that it wrote', () => {
    up();
    unlabelled({ byFlotilla: true, configHash: 'one' });
    const withHash = (hash: string) =>
      planChanges(
        {
          app,
          replicas: new Map(),
          configHashes: new Map([
            ['main', hash],
            ['worker', 'one'],
          ]),
        },
        engine.facts(),
      ).steps.map(({ subject, reason }) => `${subject}: ${reason}`);
    expect(withHash('one')).toEqual([]);
    expect(withHash('two')).toEqual([
      'main-1: its settings changed (an earlier Flotilla made it, which did not note them one by one)',
    ]);
  });
});

describe('settingsOf', () => {
  it('stays what it is: containers out there carry it', () => {
    expect(SETTINGS_LABEL).toBe('io.flotilla.settings');
    const service = testService('worker', { command: ['work', 'ü'], environment: { SEED: '7' } });
    expect(settingsOf(testApp([service]), service)).toEqual({
      command: '17ecbf28dbd2f747',
      'environment.SEED': '320ca3f66417a0fb',
      image: '02d9b5881733737e',
      networks: '22e8066529300e8f',
      restart: '5b19cfe9255edd95',
      stopGraceMs: '68f47e1c6624a802',
    });
  });

  it('does not mind the order of what has none', () => {
    const one = testService('a', {
      capAdd: ['X', 'Y'],
      environment: { A: '1', B: '2' },
      labels: { a: '1', b: '2' },
    });
    const other = testService('a', {
      capAdd: ['Y', 'X'],
      environment: { B: '2', A: '1' },
      labels: { b: '2', a: '1' },
    });
    expect(settingsOf(testApp([one]), one)).toEqual(settingsOf(testApp([other]), other));
    const command = testService('a', { command: ['X', 'Y'] });
    expect(settingsOf(testApp([command]), command)).not.toEqual(
      settingsOf(testApp([one]), testService('a', { command: ['Y', 'X'] })),
    );
  });
});

describe('limits of what runs', () => {
  const MIB = 1024 * 1024;
  const limits = (): unknown[] => [...engine.containers.values()].map((each) => each.limits);

  it.each<[string, Partial<ServiceModel>, Partial<ServiceModel>, string]>([
    [
      'more memory',
      { memoryBytes: 64 },
      { memoryBytes: 128 },
      'update-container: its memory limit changed (no restart)',
    ],
    [
      'a first limit',
      {},
      { memoryBytes: 64, cpus: 1 },
      'update-container: its CPU limit and its memory limit changed (no restart)',
    ],
    ['less CPU', { cpus: 2 }, { cpus: 0.5 }, 'update-container: its CPU limit changed (no restart)'],
    [
      'processes',
      { pidsLimit: 10 },
      { pidsLimit: 20 },
      'update-container: its process limit changed (no restart)',
    ],
    [
      'processes no more',
      { pidsLimit: 10 },
      { pidsLimit: undefined },
      'update-container: its process limit changed (no restart)',
    ],
    [
      'memory no more',
      { memoryBytes: 64 },
      { memoryBytes: undefined },
      'recreate-container: its memory limit changed',
    ],
    [
      'CPU no more',
      { cpus: 1, memoryBytes: 64 },
      { cpus: undefined, memoryBytes: 32 },
      'recreate-container: its memory limit and its CPU limit changed',
    ],
    [
      'something else, too',
      { cpus: 1 },
      { cpus: 2, user: '1' },
      'recreate-container: its user and its CPU limit changed',
    ],
    ['the same in other words', { pidsLimit: -1 }, { pidsLimit: undefined }, ''],
  ])('are changed where it runs: %s', (_, before, change, wanted) => {
    edit('main', before);
    up();
    const [first] = engine.containers.keys();
    edit('main', change);
    expect(plan().steps.map(({ kind, reason }) => `${kind}: ${reason}`)).toEqual(
      wanted === '' ? [] : [wanted],
    );
    up();
    expect(steps()).toEqual([]);
    expect(engine.containers.has(first ?? '')).toBe(!wanted.startsWith('recreate'));
  });

  it('are those that the engine has, whatever the label says', () => {
    edit('main', { memoryBytes: 512 * MIB });
    up();
    edit('main', { memoryBytes: 1024 * MIB });
    up();
    edit('main', { memoryBytes: 512 * MIB });
    expect(steps()).toEqual(['update-container main-1: its memory limit changed (no restart)']);
    up();
    expect(limits()[0]).toEqual({ memoryBytes: 512 * MIB, cpus: 0, pidsLimit: 0 });
    // Somebody else changed one that no file speaks of.
    Object.assign(container('worker-2'), { limits: { memoryBytes: 0, cpus: 1, pidsLimit: 0 } });
    expect(steps()).toEqual(['recreate-container worker-2: its CPU limit changed']);
  });

  it('wait for nothing and hold nothing up, and are told in their place', () => {
    upInARow();
    edit('db', { command: ['other'] });
    edit('main', { cpus: 1 });
    edit('worker', { command: ['other'] });
    expect(plan().steps.map(({ id, needs }) => [id, ...needs])).toEqual([
      ['recreate-container db-1'],
      ['update-container main-1'],
      ['recreate-container worker-1', 'recreate-container db-1'],
    ]);
    expect(describePlan(plan())).toEqual([
      'db',
      '  recreate  db-1      its command changed',
      '',
      'main',
      '  update    main-1    its CPU limit changed (no restart)',
      '',
      'worker, after db',
      '  recreate  worker-1  its command changed',
      '',
      'To do: recreate 2 containers, update 1 container.',
    ]);
  });

  it('come with a new container where it must be made anew for another reason, or does not run', () => {
    up();
    edit('main', { cpus: 1 });
    engine.images.set('busybox:latest', 'newer');
    expect(steps()[0]).toBe(
      'recreate-container main-1: its CPU limit changed; the image busybox:latest is a newer one',
    );
    engine.images.set('busybox:latest', 'busybox:latest');
    Object.assign(container('main-1'), { networks: [] });
    expect(steps()).toEqual([
      'recreate-container main-1: its CPU limit changed; it is not on the network pi_default',
    ]);
    up();
    edit('main', { cpus: 2 });
    end('main-1', 0);
    expect(steps()).toEqual(['recreate-container main-1: its CPU limit changed']);
  });

  it('are what the label says on an engine that cannot change them, or that leaves them out', () => {
    engine.updatesLimits = false;
    edit('main', { memoryBytes: 64 });
    up();
    expect(steps()).toEqual([]);
    edit('main', { memoryBytes: 128 });
    expect(steps()).toEqual(['recreate-container main-1: its memory limit changed']);
    up();
    engine.updatesLimits = true;
    Object.assign(container('main-1'), { limits: { memoryBytes: 0, cpus: 0, pidsLimit: 0 } });
    expect(steps()).toEqual([]);
    edit('main', { memoryBytes: 64 });
    expect(steps()).toEqual(['recreate-container main-1: its memory limit changed']);
  });

  it('of what Compose made are changed where it runs as well', () => {
    up();
    const { limits: real } = container('main-1');
    const visible: VisibleSettings = {
      environment: {},
      user: '',
      workingDir: '',
      hostname: '',
      ports: [],
      mounts: [],
      restart: '',
      privileged: false,
      readOnly: false,
      ...(real ?? { memoryBytes: 0, cpus: 0, pidsLimit: 0 }),
      cpuset: '',
    };
    Object.assign(container('main-1'), { settings: undefined, byFlotilla: false, visible });
    edit('main', { memoryBytes: 64, pidsLimit: 10 });
    const [step] = plan().steps;
    expect(step).toMatchObject({ kind: 'update-container', subject: 'main-1' });
    expect(step?.changes).toEqual([
      { setting: 'memory limit', before: null, after: '64 B' },
      { setting: 'process limit', before: null, after: '10' },
    ]);
    up();
    expect(steps()).toEqual([]);
  });
});
