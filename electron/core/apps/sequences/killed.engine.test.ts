import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { EngineWitness } from '../../../../e2e/lab/EngineWitness.ts';
import { buildTestCli, type CliRun, type Strike, type TestCli } from '../../../../e2e/lab/testCli.ts';
import { testHost } from '../../testCore.ts';
import { anonymousVolumes, assertDeclared, assertGone } from './assertDeclared.ts';
import { composeText, type DeclaredApp, declaredService } from './DeclaredApp.ts';
import { makeForeignThings } from './foreignThings.ts';

/** What may be made or started at once, whatever is asked for. */
const MOST_AT_ONCE = Math.min(8, 2 * availableParallelism());
const PROJECT = 'killed';

let folder: string;
let cli: TestCli;
let witness: EngineWitness;
beforeAll(async () => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'flotilla-killed-')));
  mkdirSync(join(folder, PROJECT));
  cli = await buildTestCli();
  witness = new EngineWitness(testHost());
});
afterAll(() => {
  cli.dispose();
  rmSync(folder, { recursive: true, force: true });
});

const both = ['default', 'back'];
const app = (seed: number, internal: boolean): DeclaredApp => ({
  project: PROJECT,
  services: {
    db: declaredService({ hasVolume: true }),
    main: declaredService({ seed, networks: both, after: ['db'], hasPort: true }),
    worker: declaredService({ seed, networks: both, after: ['main'], replicas: 5 }),
    side: declaredService({ networks: ['back'] }),
  },
  networks: { default: false, back: internal },
});

it('a Flotilla that is killed at any moment leaves what the next one takes up, and nothing else', async () => {
  const path = join(folder, PROJECT);
  const run = (words: string[], strike?: Strike): Promise<CliRun> =>
    cli.run(testHost(), [...words, '--data', join(folder, 'data')], strike);
  const foreign = await makeForeignThings(witness, PROJECT, '10.77.200');
  const before = await foreign.look();
  const unnamed = await anonymousVolumes(witness);

  let declared = app(1, false);
  let workers = 5;
  const write = (next: DeclaredApp): void => {
    declared = next;
    writeFileSync(join(path, 'compose.yaml'), composeText(next));
  };
  const look = (): Promise<Record<string, string>> =>
    assertDeclared(witness, declared, path, (name) =>
      name === 'worker' ? workers : (declared.services[name]?.replicas ?? 0),
    );
  /** The next `up` reaches what is declared, and one more has nothing to do: it asks for no change at all. */
  const converges = async (): Promise<void> => {
    const { code, errors, tap } = await run(['up', path]);
    expect(code, errors).toBe(0);
    expect(tap.mostOpen(({ path: at }) => /^\/containers\/(create|.*\/start$)/.test(at))).toBeLessThanOrEqual(
      MOST_AT_ONCE,
    );
    const reached = await look();
    const again = await run(['up', path]);
    expect(again.code, again.errors).toBe(0);
    expect(again.tap.changes).toEqual([]);
    expect(await look()).toEqual(reached);
    expect(await foreign.look()).toEqual(before);
  };
  const struck = async (words: string[], strike: Strike): Promise<void> => {
    const { code, errors, tap } = await run(words, strike);
    expect(code, errors).toBe(strike.signal === 'SIGKILL' ? null : 130);
    const { of = /./ } = strike;
    expect(tap.changes.filter((change) => of.test(change.path)).length).toBeGreaterThanOrEqual(strike.nth);
    if (strike.signal === 'SIGKILL') return;
    // Only what had begun goes on: it is finished, or taken back.
    const late = tap.changes
      .slice(strike.nth)
      .filter((change) => change.path.startsWith('/containers/create'));
    expect(late.length).toBeLessThanOrEqual(MOST_AT_ONCE);
  };

  // While it makes all of it for the first time, between a container and its second network.
  write(app(1, false));
  await struck(['up', path], { signal: 'SIGKILL', of: /\/connect$/, nth: 2, when: 'before' });
  await converges();
  // While it replaces containers, some of which are gone, and not there again.
  write(app(2, false));
  await struck(['up', path], { signal: 'SIGKILL', nth: 11, when: 'after' });
  await converges();
  // While it makes a network anew.
  write(app(2, true));
  await struck(['up', path], { signal: 'SIGKILL', of: /^\/networks\/create/, nth: 1, when: 'before' });
  await converges();
  // While it scales, with workers that are on one of their networks only: what was asked for is remembered, and scaling again does, too.
  workers = 8;
  await struck(['scale', path, 'worker=8'], { signal: 'SIGKILL', of: /\/connect$/, nth: 1, when: 'before' });
  const scaled = await run(['scale', path, 'worker=8']);
  expect(scaled.code, scaled.errors).toBe(0);
  await look();
  await converges();
  // While it removes.
  await struck(['down', path, '--volumes'], { signal: 'SIGKILL', nth: 9, when: 'after' });
  // A cancelled start is no other than a killed one, but that it ends by itself.
  write(app(3, true));
  await struck(['up', path], { signal: 'SIGINT', nth: 6, when: 'before' });
  await converges();

  const down = await run(['down', path, '--volumes']);
  expect(down.code, down.errors).toBe(0);
  await assertGone(witness, PROJECT, path);
  expect(await foreign.look()).toEqual(before);
  await foreign.remove();
  expect(await anonymousVolumes(witness)).toEqual(unnamed);
});

it('a start that is killed after its main is taken up: what had failed before it is no failure of the new run', async () => {
  const project = 'broken-off';
  const path = join(folder, project);
  mkdirSync(path);
  const program = ['sh', '-c', 'trap "exit 3" USR1; sleep 1000 & wait'];
  const service = {
    image: 'busybox:latest',
    command: program,
    stop_grace_period: '0s',
    network_mode: 'none',
  };
  writeFileSync(
    join(path, 'compose.yaml'),
    JSON.stringify({
      services: { main: service, worker: { ...service, scale: 3, depends_on: ['main'] } },
    }),
  );
  const run = (words: string[], strike?: Strike): Promise<CliRun> =>
    cli.run(testHost(), [...words, '--data', join(folder, 'data')], strike);
  const up = async (): Promise<CliRun> => {
    const outcome = await run(['up', path]);
    expect(outcome.code, outcome.errors).toBe(0);
    return outcome;
  };
  const states = async (): Promise<Record<string, string>> =>
    Object.fromEntries(
      (
        await witness.labelled<{ Names: string[]; State: string }[]>(
          '/containers/json',
          `com.docker.compose.project=${project}`,
        )
      ).map(({ Names: [name = ''], State }) => [name.slice(project.length + 2), State]),
    );
  /** It fails by itself, with code 3. */
  const fail = async (...replicas: string[]): Promise<void> => {
    for (const replica of replicas) {
      const at = `/containers/${project}-${replica}`;
      // A shell that has only just begun does not hear it yet.
      const ended = async (): Promise<string> => {
        await witness.ask('POST', `${at}/kill?signal=USR1`, { allowed: [409] });
        const { State } = await witness.ask<{ State: { Status: string; ExitCode: number } }>(
          'GET',
          `${at}/json`,
        );
        return `${State.Status} ${State.ExitCode}`;
      };
      await expect.poll(ended, { timeout: 20_000 }).toBe('exited 3');
    }
  };
  const all = { 'main-1': 'running', 'worker-1': 'running', 'worker-2': 'running', 'worker-3': 'running' };

  await up();
  expect(await states()).toEqual(all);
  await fail('main-1', 'worker-1', 'worker-2', 'worker-3');
  const { code } = await run(['up', path], { signal: 'SIGKILL', of: /\/start$/, nth: 2, when: 'before' });
  expect(code).toBeNull();
  const left = await states();
  expect(left['main-1']).toBe('running');
  expect(Object.values(left)).toContain('exited');
  // The next one starts the rest, and nothing else.
  const { tap } = await up();
  expect(await states()).toEqual(all);
  for (const { path: asked } of tap.changes) expect(asked).toMatch(/\/start$/);
  // What fails by itself from now on is left to its restart policy.
  await fail('worker-2');
  expect((await up()).tap.changes).toEqual([]);
  expect(await states()).toEqual({ ...all, 'worker-2': 'exited' });
  expect((await run(['down', path])).code).toBe(0);
});
