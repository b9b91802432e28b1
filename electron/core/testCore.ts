import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { EngineWitness } from '../../e2e/lab/EngineWitness.ts';
import type { Core } from './Core.ts';
import { createCore } from './createCore.ts';

/** Address of the engine that the test run has started. */
export const testHost = (): string => {
  const host = process.env['FLOTILLA_TEST_DOCKER_HOST'];
  if (host === undefined)
    throw new Error('FLOTILLA_TEST_DOCKER_HOST is not set: run these tests through vitest’s engine project.');
  return host;
};

/** `docker` of the command line, against the same engine: the independent witness. */
export function docker(...args: string[]): string {
  return execFileSync('docker', ['-H', testHost(), ...args], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  }).trim();
}

/** A core of its own on the test engine, with project folders, all of which go with it. */
export interface TestCore {
  core: Core;
  folder: string;
  /** Writes a project's files and answers its path. */
  project(name: string, files: Record<string, string>): string;
  /** Ends the core and starts another on the same data folder. */
  restart(): Promise<void>;
  dispose(): Promise<void>;
}

/** The built log worker that the test run has made. */
export const testLogWorker = (): string => {
  const file = process.env['FLOTILLA_TEST_LOG_WORKER'];
  if (file === undefined)
    throw new Error('FLOTILLA_TEST_LOG_WORKER is not set: run these tests through vitest’s engine project.');
  return file;
};

export async function startTestCore(
  host = testHost(),
  options: { keepLogs?: boolean; keepDoors?: boolean; env?: NodeJS.ProcessEnv } = {},
): Promise<TestCore> {
  const folder = mkdtempSync(join(tmpdir(), 'flotilla-core-'));
  const names = new Set<string>();
  const templates = join(folder, 'templates');
  mkdirSync(join(templates, 'sample'), { recursive: true });
  writeFileSync(join(templates, 'sample/compose.yaml'), 'services: { a: { image: busybox } }\n');
  const start = async (): Promise<Core> => {
    const core = await createCore({
      dataFolder: join(folder, 'data'),
      env: options.env ?? {},
      homeDirectory: folder,
      templatesFolder: templates,
      onlyHost: host,
      logWorkerFile: testLogWorker(),
      keepLogs: options.keepLogs ?? false,
      keepDoors: options.keepDoors ?? false,
    });
    core.engine.start();
    await core.engine.whenReady(60_000);
    return core;
  };
  let core = await start();
  return {
    get core() {
      return core;
    },
    folder,
    project(name, files) {
      names.add(name);
      for (const [path, text] of Object.entries(files)) {
        mkdirSync(dirname(join(folder, name, path)), { recursive: true });
        writeFileSync(join(folder, name, path), text);
      }
      return join(folder, name);
    },
    async restart() {
      await core.dispose();
      core = await start();
    },
    async dispose() {
      await core.dispose();
      for (const name of names) await removeRemains(name);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Takes away what a project has left. Not by the command line: that is a process for each question, at the end of each test. */
async function removeRemains(project: string): Promise<void> {
  const witness = new EngineWitness(testHost());
  const label = `com.docker.compose.project=${project}`;
  const containers = await witness.labelled<{ Id: string }[]>('/containers/json', label);
  const allowed = [404, 409];
  await Promise.all(
    containers.map(({ Id }) => witness.ask('DELETE', `/containers/${Id}?force=1&v=1`, { allowed })),
  );
  for (const { Id } of await witness.labelled<{ Id: string }[]>('/networks', label))
    await witness.ask('DELETE', `/networks/${Id}`);
  const { Volumes } = await witness.labelled<{ Volumes: { Name: string }[] | null }>('/volumes', label);
  for (const { Name } of Volumes ?? []) await witness.ask('DELETE', `/volumes/${Name}`);
}

/** Containers, networks and volumes that a project has left. */
export function leftOf(project: string): string[] {
  const label = `label=com.docker.compose.project=${project}`;
  return [
    docker('ps', '-aq', '--filter', label),
    docker('network', 'ls', '-q', '--filter', label),
    docker('volume', 'ls', '-q', '--filter', label),
  ].flatMap((text) => text.split('\n').filter(Boolean));
}
