import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { toErrorShape } from '#shared/contract/errors.ts';
import { SeededRandom } from '#shared/study/SeededRandom.ts';
import { loadBusybox } from '../../../../e2e/lab/baseImages.ts';
import { EngineWitness } from '../../../../e2e/lab/EngineWitness.ts';
import { type LabEngine, startLabEngine } from '../../../../e2e/lab/LabEngine.ts';
import { buildTestCli, type TestCli } from '../../../../e2e/lab/testCli.ts';
import { startTestCore, type TestCore } from '../../testCore.ts';
import { anonymousVolumes, assertDeclared, assertGone } from './assertDeclared.ts';
import { composeText, type DeclaredApp } from './DeclaredApp.ts';
import { makeForeignThings } from './foreignThings.ts';
import {
  type EventKind,
  firstApp,
  randomEvent,
  type SequenceEvent,
  type SequenceWorld,
} from './sequenceEvents.ts';

const SEED = 61_803;
const SEQUENCES = 50;
/** How many go on at once on the engine: it has room for some thirty networks. */
const BATCH = 13;
/** Things that happen in each, one of them while the engine is killed. */
const ROUNDS = 3;
/** Numbers, with commas between them, of the sequences to run instead of all. */
const ONLY = process.env['FLOTILLA_SEQUENCE']?.split(',').map(Number);
/** A batch takes some fifteen seconds on two cores that have nothing else to do. */
const PATIENCE_MS = 400_000;

/** An engine of its own, because it is killed again and again. */
let engine: LabEngine;
let witness: EngineWitness;
let cli: TestCli;
let test: TestCore;
beforeAll(async () => {
  engine = await startLabEngine({ images: false });
  for (const reference of ['busybox:latest', 'busybox:other']) loadBusybox(engine.host, reference);
  witness = new EngineWitness(engine.host);
  cli = await buildTestCli();
  test = await startTestCore(engine.host);
});
afterAll(async () => {
  await test.dispose();
  cli.dispose();
  await engine.dispose();
});

interface Sequence {
  number: number;
  events: SequenceEvent[];
  /** Brings about what happens in a round. */
  happen(round: number): Promise<unknown>;
  /** Brings the app to what is declared by then, and looks whether it is so; removes it at last. */
  settle(): Promise<void>;
}

const isLost = (error: unknown): boolean => toErrorShape(error).code === 'engine-unavailable';

/** On a busy machine an engine may be taken for lost without being killed: then the work is done again. */
async function untilDone<Result>(work: () => Promise<Result>): Promise<Result> {
  for (let attempt = 1; ; attempt += 1)
    try {
      return await work();
    } catch (error) {
      if (!isLost(error) || attempt === 5) throw error;
      await test.core.engine.whenReady(60_000);
    }
}

/** In which round of a batch its engine is killed: never before something is there. */
const roundOfRestart = (batch: number): number => 1 + (batch % (ROUNDS - 1));

async function startSequence(number: number): Promise<Sequence> {
  const random = new SeededRandom(SEED + number);
  const restart = roundOfRestart(Math.floor(number / BATCH));
  const kinds = Array.from({ length: ROUNDS }, (_, round): EventKind | undefined => {
    // A new app begins with a start; that of every third one is killed.
    if (round === 0) return number % 3 === 1 ? 'kill' : 'up';
    // What is asked for while the engine dies may be remembered or not: a number is not asked for then.
    return round === restart ? (['restart', 'restart', 'edit', 'crash'] as const)[number % 4] : undefined;
  });
  const events = kinds.map((kind) => randomEvent(random, kind));
  const project = `sequence-${number}`;
  const path = join(test.folder, project);
  mkdirSync(path);
  const write = (app: DeclaredApp): void => {
    world.app = app;
    writeFileSync(join(path, 'compose.yaml'), composeText(app));
  };
  const { apps } = test.core;
  const world: SequenceWorld = {
    app: firstApp(project),
    write,
    requested: new Map(),
    witness,
    up: (options) => apps.up(id, options),
    scale: async (service, replicas) => {
      await apps.reload(id);
      return apps.scale(id, service, replicas);
    },
    struck: ([command = '', ...words], strike) =>
      cli.run(engine.host, [command, path, ...words, '--data', join(test.folder, 'data')], strike),
  };
  write(world.app);
  const { id } = await apps.open(path);
  const foreign = await makeForeignThings(witness, project, number % 4 === 0 ? `10.77.${number}` : undefined);
  const before = await foreign.look();
  const look = (): Promise<Record<string, string>> =>
    assertDeclared(
      witness,
      world.app,
      path,
      (name) => world.requested.get(name) ?? world.app.services[name]?.replicas ?? 0,
    );
  // Nothing ends by itself, so that nothing may be left as failed.
  const wanted = { removeOrphans: true };
  const up = (): Promise<unknown> => untilDone(() => apps.up(id, wanted));
  return {
    number,
    events,
    happen: async (round) =>
      events[round]?.happen(world).catch((error: unknown) => {
        if (!isLost(error)) throw error;
      }),
    async settle() {
      await up();
      expect((await untilDone(() => apps.plan(id, wanted))).steps).toEqual([]);
      const reached = await look();
      await up();
      expect(await look()).toEqual(reached);
      await untilDone(() => apps.down(id, { volumes: true }));
      await assertGone(witness, project, path);
      expect(await foreign.look()).toEqual(before);
      await foreign.remove();
      await apps.close(id);
    },
  };
}

/** Does one thing with all sequences at once, and tells which failed at it, what had happened, and how to run it alone. */
async function forAll(
  sequences: readonly Sequence[],
  round: number,
  work: (sequence: Sequence) => Promise<unknown>,
): Promise<void> {
  const outcomes = await Promise.allSettled(sequences.map(work));
  const failures = outcomes.flatMap((outcome, at) => {
    const sequence = sequences[at];
    if (outcome.status === 'fulfilled' || sequence === undefined) return [];
    const { number, events } = sequence;
    const happened = events.slice(0, round + 1).map(({ text }) => text);
    return `Sequence ${number} (alone: FLOTILLA_SEQUENCE=${number}): ${happened.join('; ')}\n${wordsOf(outcome.reason)}`;
  });
  if (failures.length > 0) throw new Error(failures.join('\n\n'));
}

/** With both sides of a comparison: an error within another one is shown without them. */
function wordsOf(thrown: unknown): string {
  if (!(thrown instanceof Error)) return String(thrown);
  const { actual, expected } = thrown as { actual?: unknown; expected?: unknown };
  const sides =
    actual === undefined ? [] : [`found ${JSON.stringify(actual)}`, `declared ${JSON.stringify(expected)}`];
  return [thrown.stack ?? thrown.message, ...sides].join('\n');
}

describe(`${SEQUENCES} random sequences (seed ${SEED})`, () => {
  const all = Array.from({ length: SEQUENCES }, (_, number) => number).filter(
    (number) => ONLY?.includes(number) ?? true,
  );
  const batches = [...new Set(all.map((number) => Math.floor(number / BATCH)))];
  const kinds = new Set<EventKind>();

  it.each(batches)(
    'lead to what is declared, and to nothing else (batch %i)',
    async (batch) => {
      const numbers = all.filter((number) => Math.floor(number / BATCH) === batch);
      const sequences = await Promise.all(numbers.map(startSequence));
      for (const { events } of sequences) for (const { kind } of events) kinds.add(kind);
      for (let round = 0; round < ROUNDS; round += 1) {
        if (round !== roundOfRestart(batch)) {
          await forAll(sequences, round, (sequence) => sequence.happen(round));
          continue;
        }
        // What is under way fails as it may; what is declared by then is what counts.
        const underWay = Promise.allSettled(sequences.map((sequence) => sequence.happen(round)));
        await delay(new SeededRandom(SEED - batch).below(1_000));
        await engine.kill('SIGKILL');
        await engine.start();
        await underWay;
        await test.core.engine.whenReady(60_000);
      }
      await forAll(sequences, ROUNDS, (sequence) => sequence.settle());
      expect(await anonymousVolumes(witness)).toEqual([]);
    },
    PATIENCE_MS,
  );

  it.runIf(ONLY === undefined)('have everything happen', () => {
    expect([...kinds].sort()).toEqual(
      ['cancel', 'crash', 'edit', 'kill', 'restart', 'scale', 'service', 'up'].sort(),
    );
  });
});
