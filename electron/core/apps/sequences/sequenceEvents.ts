import { toErrorShape } from '#shared/contract/errors.ts';
import type { SeededRandom } from '#shared/study/SeededRandom.ts';
import type { EngineWitness } from '../../../../e2e/lab/EngineWitness.ts';
import type { Strike } from '../../../../e2e/lab/testCli.ts';
import { type DeclaredApp, type DeclaredService, declaredService } from './DeclaredApp.ts';

/** What a sequence of events happens to. */
export interface SequenceWorld {
  app: DeclaredApp;
  /** Writes what the app declares now. */
  write: (app: DeclaredApp) => void;
  /** Numbers asked for beside the file; they count as long as the service is in it. */
  requested: Map<string, number>;
  witness: EngineWitness;
  /** Flotilla of this process, which lives on. */
  up: (options: { removeOrphans?: boolean; signal?: AbortSignal }) => Promise<unknown>;
  scale: (service: string, replicas: number) => Promise<unknown>;
  /** Another Flotilla, a process of its own, that is struck down. */
  struck: (words: readonly string[], strike: Strike) => Promise<unknown>;
}

const KINDS = ['edit', 'service', 'scale', 'crash', 'kill', 'cancel', 'up'] as const;
export type EventKind = (typeof KINDS)[number] | 'restart';

export interface SequenceEvent {
  kind: EventKind;
  /** What happens, in words. */
  text: string;
  happen(world: SequenceWorld): Promise<unknown>;
}

const pick = <Item>(random: SeededRandom, items: readonly Item[]): Item =>
  items[random.below(items.length)] as Item;

/** The app that each sequence begins with. */
export const firstApp = (project: string): DeclaredApp => ({
  project,
  services: {
    main: declaredService(),
    worker: declaredService({ after: ['main'], replicas: 2 }),
  },
  networks: { default: false, back: false },
});

/** One event, whatever came before. */
export function randomEvent(random: SeededRandom, kind: EventKind = randomKind(random)): SequenceEvent {
  switch (kind) {
    case 'edit':
      return randomEdit(random);
    case 'service': {
      const name = pick(random, ['main', 'worker', 'batch', 'batch']);
      return {
        kind,
        text: `${name} comes or goes`,
        happen: async ({ app, write }) => {
          const { [name]: present, ...others } = app.services;
          const services =
            present === undefined ? { ...others, [name]: declaredService({ after: ['main'] }) } : others;
          // A file without services is none.
          if (Object.keys(services).length > 0) write({ ...app, services });
        },
      };
    }
    case 'scale': {
      const [name, replicas] = [pick(random, ['main', 'worker', 'worker']), random.below(4)];
      return {
        kind,
        text: `scale ${name}=${replicas}`,
        happen: async ({ app, requested, scale }) => {
          if (!(name in app.services)) return;
          requested.set(name, replicas);
          // A network or another thing it needs may be gone: the number is kept for the next start all the same.
          await scale(name, replicas).catch(() => undefined);
        },
      };
    }
    case 'crash':
      return randomCrash(random);
    case 'kill': {
      const words = pick(random, [
        ['up'],
        ['up', '--remove-orphans'],
        ['up'],
        ['scale', 'worker=3'],
        ['down'],
        ['stop'],
      ]);
      const strike: Strike = {
        signal: 'SIGKILL',
        nth: 1 + random.below(7),
        when: random.next() < 0.5 ? 'before' : 'after',
      };
      return {
        kind,
        text: `flotilla ${words.join(' ')} is killed ${strike.when} its change ${strike.nth}`,
        happen: ({ struck }) => struck(words, strike),
      };
    }
    case 'cancel': {
      const ms = random.below(400);
      return {
        kind,
        text: `up, cancelled after ${ms} ms`,
        happen: ({ up }) =>
          up({ signal: AbortSignal.timeout(ms) }).catch((error: unknown) => {
            if (toErrorShape(error).code !== 'cancelled') throw error;
          }),
      };
    }
    case 'up':
      return { kind, text: 'up', happen: ({ up }) => up({}) };
    case 'restart':
      return {
        kind,
        text: 'up, while the engine is killed',
        happen: ({ up }) => up({}).catch(() => undefined),
      };
  }
}

/** Edits cost nothing by themselves, so there are most of them. */
const randomKind = (random: SeededRandom): EventKind =>
  pick(random, ['edit', 'edit', 'edit', 'edit', ...KINDS.slice(1), 'crash']);

function randomEdit(random: SeededRandom): SequenceEvent {
  const name = pick(random, ['main', 'worker', 'worker', 'batch']);
  const version = 1 + random.below(3);
  const changes: [text: string, change: Partial<DeclaredService>][] = [
    [`sleep 100${version}`, { seconds: 1000 + version }],
    [`SEED=${version}`, { seed: version }],
    [`${version} replicas`, { replicas: version }],
    ['no replicas', { replicas: 0 }],
    ['image other', { image: 'busybox:other' }],
    ['image latest', { image: 'busybox:latest' }],
    ['networks back', { networks: ['back'] }],
    ['networks default and back', { networks: ['default', 'back'] }],
    [version === 1 ? 'no volume' : 'a volume', { hasVolume: version !== 1 }],
    [version === 1 ? 'no port' : 'a port', { hasPort: version !== 1 }],
  ];
  if (random.next() < 0.1) {
    const key = pick(random, ['default', 'back']);
    return {
      kind: 'edit',
      text: `network ${key}: internal or not`,
      happen: async ({ app, write }) =>
        write({ ...app, networks: { ...app.networks, [key]: app.networks[key] !== true } }),
    };
  }
  const [text, change] = pick(random, changes);
  return {
    kind: 'edit',
    text: `${name}: ${text}`,
    happen: async ({ app, write }) => {
      const service = app.services[name];
      if (service !== undefined)
        write({ ...app, services: { ...app.services, [name]: { ...service, ...change } } });
    },
  };
}

/** Somebody or something ends a container of the app, or takes it off its network. */
function randomCrash(random: SeededRandom): SequenceEvent {
  const number = random.below(100);
  const how = pick(random, ['kill', 'kill', 'rm', 'stop', 'disconnect'] as const);
  return {
    kind: 'crash',
    text: `${how} of container ${number}`,
    happen: async ({ app: { project }, witness }) => {
      const containers = await witness.labelled<
        { Id: string; Names: string[]; State: string; HostConfig: { NetworkMode: string } }[]
      >('/containers/json', `com.docker.compose.project=${project}`);
      const own = containers
        .filter(({ State }) => State === 'running')
        .sort((one, other) => ((one.Names[0] ?? '') < (other.Names[0] ?? '') ? -1 : 1));
      const victim = own[number % Math.max(1, own.length)];
      if (victim === undefined) return;
      const allowed = [403, 404, 409];
      const at = `/containers/${victim.Id}`;
      if (how === 'kill') await witness.ask('POST', `${at}/kill`, { allowed });
      else if (how === 'rm') await witness.ask('DELETE', `${at}?force=1&v=1`, { allowed });
      else if (how === 'stop') await witness.ask('POST', `${at}/stop?t=0`, { allowed });
      else
        await witness.ask('POST', `/networks/${victim.HostConfig.NetworkMode}/disconnect`, {
          body: { Container: victim.Id },
          allowed,
        });
    },
  };
}
