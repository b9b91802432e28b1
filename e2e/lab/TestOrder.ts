import type { TestSequencer, TestSpecification, Vitest } from 'vitest/node';

/** Engine tests that take longest come first: what is begun last then is short, and no worker waits long for another. */
const LONG = [
  'sequences',
  'createAppsService',
  'templates',
  'createLogService',
  'composeCorpus',
  'drain',
  'startApp',
  'createBuildService',
  'killed',
  'DoorKeeper',
  'planApp',
];
/** Those that hold times and loads against bounds come next, when little else of `npm test` runs any more, then the short ones. */
const MEASURING = ['study', 'brokenOff', 'autoscale', 'metrics'];
const KNOWN = [...LONG, ...MEASURING];

/** The order of test files: the same in every run, on every machine. */
export class TestOrder implements TestSequencer {
  readonly #vitest: Vitest;

  constructor(vitest: Vitest) {
    this.#vitest = vitest;
  }

  sort(files: TestSpecification[]): TestSpecification[] {
    return [...files].sort((one, other) => {
      const difference = place(one) - place(other);
      return difference !== 0 ? difference : one.moduleId < other.moduleId ? -1 : 1;
    });
  }

  shard(files: TestSpecification[]): TestSpecification[] {
    const { index = 1, count = 1 } = this.#vitest.config.shard ?? {};
    return this.sort(files).filter((_, at) => at % count === index - 1);
  }
}

function place({ moduleId }: TestSpecification): number {
  const name = /([^/\\]+)\.engine\.test\.ts$/.exec(moduleId)?.[1] ?? '';
  const at = KNOWN.indexOf(name);
  return at === -1 ? KNOWN.length : at;
}
