import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AppModel, ServiceModel } from '../domain/ServiceModel.ts';
import type { ChangePlan } from './ChangePlan.ts';
import { effectiveSettings, hasLimits, LIVE_LIMITS } from './liveLimits.ts';
import { planChanges } from './planChanges.ts';
import { setOutOf } from './setOut.ts';
import { settingsOf } from './settingsOf.ts';
import { TestEngine } from './TestEngine.ts';
import { dependsOn, testApp, testNetwork, testService } from './testModel.ts';

const NAMES = ['db', 'main', 'worker', 'batch', 'old'] as const;
const IMAGES = ['busybox:latest', 'pi-solver'];
const LIVE = new Set(['running', 'paused', 'restarting']);

/** What the files and the engine go through. */
interface World {
  app: AppModel;
  engine: TestEngine;
  removeOrphans: boolean;
  /** What starts remember of themselves: see setOutOf. */
  setOut: ReadonlyMap<string, number>;
  /** Own containers that had ended when a run began, with when each last started; empty as soon as a start has completed. */
  former: ReadonlyMap<string, number>;
}

type Event = { text: string; happen: (world: World) => void };

const mainFirst = (name: string) =>
  name === 'worker' || name === 'batch' ? dependsOn('main') : name === 'main' ? dependsOn('db') : [];

function edited(world: World, name: string, change: (service: ServiceModel) => Partial<ServiceModel>): void {
  const services = world.app.services.map((service) =>
    service.name === name ? { ...service, ...change(service) } : service,
  );
  // What the reader of the files refuses never gets to a plan: a name for several containers.
  const fixed = services.flatMap(({ containerName }) => containerName ?? []);
  if (new Set(fixed).size < fixed.length) return;
  if (services.some(({ containerName, replicas }) => containerName !== undefined && replicas > 1)) return;
  world.app = { ...world.app, services };
}

const name = fc.constantFrom(...NAMES);
const nth = fc.nat(30);

/** Something of a list, if there is anything. */
const at = <Item>(items: readonly Item[], number: number): Item | undefined =>
  items.length === 0 ? undefined : items[number % items.length];

const event: fc.Arbitrary<Event> = fc.oneof(
  fc.tuple(name, fc.nat(2)).map(([service, version]) => ({
    text: `${service}: command ${version}`,
    happen: (world: World) => edited(world, service, () => ({ command: ['run', String(version)] })),
  })),
  fc.tuple(name, fc.nat(2)).map(([service, version]) => ({
    text: `${service}: SEED=${version}`,
    happen: (world: World) => edited(world, service, () => ({ environment: { SEED: String(version) } })),
  })),
  fc.tuple(name, fc.nat(5)).map(([service, replicas]) => ({
    text: `${service}: ${replicas} replicas`,
    happen: (world: World) => edited(world, service, () => ({ replicas })),
  })),
  fc
    .tuple(name, fc.constantFrom(...LIVE_LIMITS), fc.constantFrom(undefined, 64, 128, 256))
    .map(([service, limit, value]) => ({
      text: `${service}: ${limit} ${value ?? 'none'}`,
      happen: (world: World) => edited(world, service, () => ({ [limit]: value })),
    })),
  fc.tuple(nth, fc.constantFrom(...LIVE_LIMITS), fc.constantFrom(64, 512)).map(([number, limit, value]) => ({
    text: `somebody changes ${limit} of a container to ${value}`,
    happen: ({ engine }: World) => {
      const changed = at(
        [...engine.containers.values()].filter(({ own }) => own && engine.updatesLimits),
        number,
      );
      if (changed !== undefined) changed.limits = { ...changed.limits, [limit]: value };
    },
  })),
  fc.tuple(name, fc.constantFrom('no', 'on-failure', 'always' as const)).map(([service, policy]) => ({
    text: `${service}: restart ${policy}`,
    happen: (world: World) => edited(world, service, () => ({ restart: { name: policy } })),
  })),
  fc.tuple(name, fc.constantFrom(...IMAGES)).map(([service, image]) => ({
    text: `${service}: image ${image}`,
    happen: (world: World) =>
      edited(world, service, () => ({ image, build: image === 'pi-solver' ? BUILD : undefined })),
  })),
  fc.tuple(name, fc.subarray(['default', 'back', 'outside'], { minLength: 1 })).map(([service, keys]) => ({
    text: `${service}: networks ${keys.join()}`,
    happen: (world: World) =>
      edited(world, service, () => ({ networks: keys.map((key) => ({ name: key, aliases: [] })) })),
  })),
  fc.tuple(name, fc.boolean()).map(([service, mounted]) => ({
    text: `${service}: ${mounted ? 'with' : 'without'} a volume`,
    happen: (world: World) =>
      edited(world, service, () => ({
        mounts: mounted ? [{ kind: 'volume', source: 'data', target: '/data', readOnly: false }] : [],
      })),
  })),
  fc
    .tuple(fc.constantFrom('db', 'main'), fc.constantFrom('fixed', 'other', 'theirs', undefined))
    .map(([service, fixed]) => ({
      text: `${service}: container_name ${fixed ?? ''}`,
      happen: (world: World) => edited(world, service, () => ({ containerName: fixed, replicas: 1 })),
    })),
  name.map((service) => ({
    text: `${service}: out of the file, or back`,
    happen: (world: World) => {
      const { services } = world.app;
      const others = services.filter((candidate) => candidate.name !== service);
      world.app = {
        ...world.app,
        services:
          others.length < services.length
            ? others
            : [...services, testService(service, { dependsOn: mainFirst(service) })],
      };
    },
  })),
  fc.tuple(fc.constantFrom('default', 'back'), fc.boolean()).map(([key, internal]) => ({
    text: `network ${key}: internal ${internal}`,
    happen: (world: World) => {
      const networks = world.app.networks.map((network) =>
        network.key === key ? { ...network, internal } : network,
      );
      world.app = { ...world.app, networks };
    },
  })),
  fc.tuple(nth, fc.constantFrom(0, 0, 1, 137, 143)).map(([number, exitCode]) => ({
    text: `a container ends with ${exitCode}`,
    happen: ({ engine }: World) => {
      const victim = at(
        engine.live().filter(({ own }) => own),
        number,
      );
      if (victim !== undefined)
        Object.assign(victim, { state: 'exited', exitCode, oomKilled: number % 5 === 0 });
    },
  })),
  fc.constantFrom(0, 1, 143).map((exitCode) => ({
    text: `everything ends with ${exitCode}`,
    happen: ({ engine }: World) => {
      for (const each of engine.live()) if (each.own) Object.assign(each, { state: 'exited', exitCode });
    },
  })),
  nth.map((number) => ({
    text: 'somebody removes a container',
    happen: ({ engine }: World) => {
      const victim = at([...engine.containers.values()], number);
      if (victim?.own === true) engine.containers.delete(victim.id);
    },
  })),
  fc.tuple(nth, fc.constantFrom('dead', 'created', 'paused')).map(([number, state]) => ({
    text: `a container is ${state}`,
    happen: ({ engine }: World) => {
      const victim = at([...engine.containers.values()], number);
      if (victim?.own === true) Object.assign(victim, { state });
    },
  })),
  fc.constantFrom('pi_default', 'pi_back', 'outside').map((network) => ({
    text: `somebody removes ${network}`,
    happen: ({ engine }: World) => void engine.removeNetwork(network),
  })),
  fc.constantFrom('pi_default', 'pi_back').map((network) => ({
    text: `somebody removes ${network} and makes it again`,
    happen: ({ engine }: World) => engine.remakeNetwork(network),
  })),
  nth.map((number) => ({
    text: 'somebody takes a container off a network',
    happen: ({ engine }: World) =>
      void at(
        [...engine.containers.values()].filter(({ own }) => own),
        number,
      )?.networks.shift(),
  })),
  fc.constantFrom(...IMAGES).map((image) => ({
    text: `there is a newer ${image}`,
    happen: ({ engine }: World) => {
      const next = `${engine.sources.get(image) ?? image}+`;
      engine.sources.set(image, next);
      if (engine.images.has(image)) engine.images.set(image, next);
    },
  })),
  fc.constantFrom(...IMAGES).map((image) => ({
    text: `${image} is removed`,
    happen: ({ engine }: World) => void engine.images.delete(image),
  })),
  fc
    .tuple(
      fc.constantFrom('theirs', 'pi-worker-2', 'fixed'),
      fc.subarray(['pi_default', 'pi_back']),
      fc.boolean(),
    )
    .map(([taken, networks, running]) => ({
      text: `a foreign ${taken} on ${networks.join()}`,
      happen: ({ engine }: World) => engine.addForeign(taken, networks, running),
    })),
  fc.tuple(nth, nth).map(([length, pick]) => ({
    text: `Flotilla carries out ${length} steps and crashes`,
    happen: (world: World) => carryOut(world, length, pick),
  })),
  nth.map((pick) => ({
    text: 'Flotilla carries out its plan',
    happen: (world: World) => carryOut(world, Infinity, pick),
  })),
);

const BUILD = { context: '.', dockerfile: 'Dockerfile', args: {} };

function newWorld(removeOrphans: boolean, updatesLimits = true): World {
  const engine = new TestEngine();
  engine.updatesLimits = updatesLimits;
  engine.networks.set('out', {
    id: 'out',
    name: 'outside',
    own: false,
    driver: 'bridge',
    internal: false,
    labels: {},
  });
  const services = NAMES.slice(0, 3).map((service) =>
    testService(service, { dependsOn: mainFirst(service), replicas: service === 'worker' ? 2 : 1 }),
  );
  services.push(testService('old', { networks: [{ name: 'back', aliases: [] }] }));
  const networks = [
    testNetwork('default'),
    testNetwork('back'),
    testNetwork('outside', { name: 'outside', external: true }),
  ];
  const volumes = [{ key: 'data', name: 'pi_data', external: false, driverOpts: {}, labels: {} }];
  return {
    app: testApp(services, { networks, volumes }),
    engine,
    removeOrphans,
    setOut: new Map(),
    former: new Map(),
  };
}

const planOf = ({ app, engine, removeOrphans, setOut }: World): ChangePlan =>
  planChanges({ app, replicas: new Map() }, engine.facts(), { removeOrphans, setOut });

/** Does what a start does, or its first steps, and remembers what a start remembers. */
function carryOut(world: World, limit: number, pick: number): ChangePlan {
  const plan = planOf(world);
  assertInOrder(plan);
  const own = [...world.engine.containers.values()].filter((container) => container.own);
  if (!own.some(({ state }) => LIVE.has(state)))
    // What is in no file when a run begins has no part in it.
    world.former = new Map(
      own.flatMap(({ id, service, state, startedAt = 0 }) =>
        state === 'exited' && world.app.services.some((declared) => declared.name === service)
          ? [[id, startedAt]]
          : [],
      ),
    );
  world.setOut = setOutOf(plan, own, world.setOut);
  const before = foreignOf(world.engine);
  // Any order that the steps' needs allow must do, not only that of the list.
  let turn = pick;
  world.engine.apply(world.app, plan, limit, (count) => (turn = (turn * 7 + 3) % 1009) % Math.max(1, count));
  expect(foreignOf(world.engine)).toEqual(before);
  if (limit < plan.steps.length) return plan;
  world.setOut = new Map();
  assertBegun(world, plan);
  return plan;
}

/** A start that completes has started all that had ended when its run began, also where an earlier one was broken off. */
function assertBegun(world: World, { notes }: ChangePlan): void {
  for (const { id, name: replica, service, state, startedAt = 0 } of world.engine.containers.values()) {
    const isHindered = notes.some(({ kind, service: of }) => kind === 'blocked' && of === service);
    const isDeclared = world.app.services.some((candidate) => candidate.name === service);
    if (isDeclared && !isHindered && world.former.get(id) === startedAt)
      expect(state, replica).not.toBe('exited');
  }
  world.former = new Map();
}

/** All of others that a plan might touch: their containers, with the networks these are on. */
function foreignOf(engine: TestEngine): unknown {
  const foreign = [...engine.containers.values()].filter(({ own }) => !own);
  return structuredClone({
    foreign,
    networks: foreign.flatMap(({ networks }) => networks.map(({ id }) => engine.networks.get(id))),
    outside: engine.networks.get('out'),
  });
}

function assertInOrder({ steps }: ChangePlan): void {
  const before = new Set<string>();
  for (const { id, needs } of steps) {
    expect(before.has(id)).toBe(false);
    for (const need of needs) expect(before).toContain(need);
    before.add(id);
  }
}

/** The declared state, said again in other words than the planner's. */
function assertReached({ app, engine, removeOrphans }: World, { notes }: ChangePlan): void {
  const own = [...engine.containers.values()].filter((container) => container.own);
  const isNoted = (kind: string, subject: string): boolean =>
    notes.some((note) => note.kind === kind && note.subject === subject);
  for (const service of app.services) {
    if (isNoted('blocked', service.name)) continue;
    const replicas = own.filter((container) => container.service === service.name);
    const blocked = notes.filter((note) => note.kind === 'blocked' && note.service === service.name).length;
    expect(replicas.length, service.name).toBeLessThanOrEqual(service.replicas);
    expect(replicas.length, service.name).toBeGreaterThanOrEqual(service.replicas - blocked);
    expect(new Set(replicas.map(({ index }) => index)).size).toBe(replicas.length);
    for (const replica of replicas) {
      const subject = `${service.name}-${replica.index}`;
      if (isNoted('blocked', subject)) continue;
      const limits = engine.updatesLimits ? replica.limits : undefined;
      const wanted = settingsOf(app, service);
      expect(effectiveSettings(replica.settings ?? {}, service, wanted, limits), subject).toEqual(wanted);
      expect(hasLimits(replica.limits, service), subject).toBe(true);
      expect(replica.imageId, subject).toBe(engine.images.get(service.image));
      if (!LIVE.has(replica.state)) {
        expect(replica.state).toBe('exited');
        expect(isNoted(replica.exitCode === 0 ? 'done' : 'failed', subject), subject).toBe(true);
        if (replica.exitCode !== 0) expect(service.restart.name).toBe('no');
        continue;
      }
      for (const { name: key } of service.networks) {
        const declared = app.networks.find((network) => network.key === key);
        const place = replica.networks.find((candidate) => candidate.name === declared?.name);
        const present = engine.networks.get(place?.id ?? '');
        expect(present, `${subject} on ${key}`).toBeDefined();
        if (!isNoted('kept', declared?.name ?? '')) expect(present?.internal).toBe(declared?.internal);
      }
    }
  }
  expect(notes.filter(({ kind }) => kind === 'later')).toEqual([]);
  // Nothing leaks: what is not declared is an orphan and told of, or gone.
  const declared = new Set<string>(app.services.map((service) => service.name));
  for (const container of own)
    if (!declared.has(container.service)) {
      expect(removeOrphans).toBe(false);
      expect(isNoted('orphan', container.name)).toBe(true);
    }
  expect(new Set([...engine.networks.values()].map((network) => network.name)).size).toBe(
    engine.networks.size,
  );
}

/** Two rounds reach the declared state, and a third has nothing to do and does nothing. */
function assertConverges(world: World, pick: number): void {
  carryOut(world, Infinity, pick);
  carryOut(world, Infinity, pick + 1);
  const last = planOf(world);
  expect(last.steps).toEqual([]);
  assertReached(world, last);
  const containers = structuredClone([...world.engine.containers]);
  expect(carryOut(world, Infinity, pick).steps).toEqual([]);
  expect([...world.engine.containers]).toEqual(containers);
}

describe('planChanges on a model of an engine', () => {
  it('reaches the declared state from anywhere, in two rounds, and then has nothing to do', () => {
    fc.assert(
      fc.property(fc.array(event, { maxLength: 14 }), fc.boolean(), nth, (events, removeOrphans, pick) => {
        const world = newWorld(removeOrphans, pick % 3 > 0);
        // Half of the time everything runs before anything happens.
        if (pick % 2 === 0) carryOut(world, Infinity, pick);
        for (const { happen } of events) happen(world);
        assertConverges(world, pick);
      }),
      { numRuns: 1_000, reporter: report },
    );
  }, 120_000);

  it('takes up any plan that was broken off: whatever was done of it, in any order', () => {
    fc.assert(
      fc.property(fc.array(event, { maxLength: 10 }), fc.boolean(), nth, (events, removeOrphans, pick) => {
        const world = newWorld(removeOrphans, pick % 3 > 0);
        carryOut(world, Infinity, pick);
        for (const { happen } of events) happen(world);
        const { length } = planOf(world).steps;
        carryOut(world, length === 0 ? 0 : pick % length, pick);
        assertConverges(world, pick);
      }),
      { numRuns: 1_000, reporter: report },
    );
  }, 120_000);

  it('never makes anew what runs for another limit, unless one is lifted', () => {
    const limits = fc.record({
      memoryBytes: fc.constantFrom(64, 128, 256),
      cpus: fc.constantFrom(0.5, 1, 2),
      pidsLimit: fc.constantFrom(undefined, -1, 100, 200),
    });
    fc.assert(
      fc.property(name, fc.array(limits, { minLength: 1, maxLength: 6 }), nth, (service, sequence, pick) => {
        const world = newWorld(false);
        edited(world, 'worker', () => ({ replicas: 3 }));
        carryOut(world, Infinity, pick);
        const before = [...world.engine.containers.keys()];
        for (const change of sequence) {
          edited(world, service, () => change);
          for (const { kind } of carryOut(world, Infinity, pick).steps) expect(kind).toBe('update-container');
          assertReached(world, planOf(world));
          expect(planOf(world).steps).toEqual([]);
        }
        expect([...world.engine.containers.keys()]).toEqual(before);
      }),
      { numRuns: 60 },
    );
  });

  it('leaves alone what did not change: one edit makes the containers of one service anew', () => {
    fc.assert(
      fc.property(name, fc.nat(4), (service, replicas) => {
        const world = newWorld(false);
        for (const other of NAMES) edited(world, other, () => ({ replicas: replicas + 1 }));
        carryOut(world, Infinity, 1);
        const before = new Set(world.engine.containers.keys());
        edited(world, service, () => ({ command: ['other'] }));
        const plan = carryOut(world, Infinity, 1);
        const isDeclared = world.app.services.some((candidate) => candidate.name === service);
        expect(plan.steps.map(({ kind }) => kind)).toEqual(
          Array.from({ length: isDeclared ? replicas + 1 : 0 }, () => 'recreate-container'),
        );
        for (const { reason } of plan.steps) expect(reason).toBe('its command changed');
        const kept = [...world.engine.containers.values()].filter(({ id }) => before.has(id));
        expect(kept.some((container) => container.service === service)).toBe(false);
        expect(kept).toHaveLength(before.size - plan.steps.length);
      }),
      { numRuns: 100 },
    );
  });
});

/** The events in words: the functions that they are say nothing. */
function report(details: fc.RunDetails<[Event[], boolean, number]>): void {
  if (!details.failed) return;
  const [events = [], removeOrphans, pick] = details.counterexample ?? [];
  throw new Error(
    `${events.map(({ text }) => text).join('; ')} (removeOrphans ${String(removeOrphans)}, pick ${String(pick)}, seed ${details.seed}, path ${details.counterexamplePath ?? ''})\n${details.errorInstance instanceof Error ? (details.errorInstance.stack ?? details.errorInstance.message) : ''}`,
  );
}
