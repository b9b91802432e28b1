import { it as base } from 'vitest';
import type { StudyRecord } from '#shared/domain/Study.ts';
import { startTestCore, type TestCore } from '../testCore.ts';
import type { StudyNews, StudyOptions } from './StudyApi.ts';

/** For tests only: a core of its own, in which apps are opened and studied, so that tests may go on beside one another. */
export interface TestStudies {
  readonly test: TestCore;
  /** Aborted when it is disposed of. */
  readonly signal: AbortSignal;
  /** Answers the id of an app that it writes down. */
  readonly openApp: (name: string, compose: string) => Promise<string>;
  /** A study with {@link SHORT} options, but for those given. */
  readonly study: (
    appId: string,
    options: StudyOptions,
    onNews?: (news: StudyNews) => void,
  ) => Promise<StudyRecord>;
  readonly dispose: () => Promise<void>;
}

export const SHORT = { repetitions: 1, cooldownMs: 0, seed: 1 } as const;

/** @param host default: the engine of the tests */
export async function startTestStudies(host?: string): Promise<TestStudies> {
  const test = await startTestCore(host);
  const stop = new AbortController();
  return {
    test,
    signal: stop.signal,
    openApp: async (name, compose) =>
      (await test.core.apps.open(test.project(name, { 'compose.yaml': compose }))).id,
    study: (appId, options, onNews = () => undefined) =>
      test.core.studies.run(appId, { ...SHORT, ...options }, { signal: stop.signal, onNews }),
    async dispose() {
      stop.abort();
      await test.dispose();
    },
  };
}

export const it = base.extend<{ studies: TestStudies }>({
  // oxlint-disable-next-line no-empty-pattern -- Vitest reads the parameter's pattern
  studies: async ({}, provide) => {
    const studies = await startTestStudies();
    await provide(studies);
    await studies.dispose();
  },
});

/** An app of workers only that run a shell script. */
export const worker = (script: string): string =>
  `services:\n  worker:\n    image: busybox:latest\n    command: [sh, -c, '${script}']\n    x-flotilla: { role: worker }\n`;

/** Worker count and outcome of each run. */
export const outcomes = ({ runs }: StudyRecord): string[] =>
  runs.map(
    ({ workers, outcome, reason }) => `${workers} ${outcome}${reason === undefined ? '' : `: ${reason}`}`,
  );
