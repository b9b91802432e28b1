import { mkdirSync } from 'node:fs';
import { mkdir, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { FlotillaError, toErrorShape } from '#shared/contract/errors.ts';
import type { RunCollecting, RunResult, RunService, RunSummary, RunWorker } from '#shared/domain/Run.ts';
import { Limiter } from '../../apps/Limiter.ts';
import { hasStatus } from '../../apps/stopContainer.ts';
import type { EngineClient } from '../../engine/EngineApi.ts';
import { SpoolLock } from '../../logs/spool/SpoolLock.ts';
import { RunFolder } from '../RunFolder.ts';
import type { RunIndex } from '../RunIndex.ts';
import { extractArchive, TooMuch } from './extractArchive.ts';
import { ResultWriter } from './ResultWriter.ts';

const AT_ONCE = 4;
/** Another Flotilla is at it. */
const LOCK_LOOK_MS = 200;
const TELL_MS = 200;

export interface CollectorHost {
  root: string;
  index: RunIndex;
  client(): EngineClient;
  changed(appId: string): void;
}

type Job = RunCollecting & { runId: string; over: Promise<RunResult> };

/** Copies results out of containers that have ended, each once, whoever asks and however often. */
export class ResultCollector {
  readonly #host: CollectorHost;
  readonly #jobs = new Map<string, Job>();
  readonly #limit = new Limiter(() => AT_ONCE);
  readonly #ending = new AbortController();
  #notes: Promise<unknown> = Promise.resolve();

  constructor(host: CollectorHost) {
    this.#host = host;
  }

  /** What is being copied of a run. */
  going(runId: string): RunCollecting[] {
    return [...this.#jobs.values()]
      .filter((job) => job.runId === runId)
      .map(({ worker, files, bytes }) => ({ worker, files, bytes }));
  }

  isGoing(containerId: string): boolean {
    return this.#jobs.has(containerId);
  }

  /**
   * Copies what a worker's service declares, unless that was done since the worker's end. Rejects only when it is broken off, or what was copied cannot be
   * noted down; what cannot be copied is told in the result.
   */
  collect(run: RunSummary, worker: RunWorker, service: RunService): Promise<RunResult> {
    const going = this.#jobs.get(worker.containerId);
    if (going !== undefined) return going.over;
    const job: Job = {
      runId: run.id,
      worker: worker.key,
      files: 0,
      bytes: 0,
      over: new Promise(() => undefined),
    };
    job.over = this.#limit
      .run(() => this.#collect(run, worker, service, job))
      .finally(() => {
        this.#jobs.delete(worker.containerId);
        this.#host.changed(run.appId);
      });
    this.#jobs.set(worker.containerId, job);
    this.#host.changed(run.appId);
    return job.over;
  }

  /** Notes that nothing could be copied of a worker that is gone. */
  async missed(run: RunSummary, worker: RunWorker): Promise<void> {
    if (this.isGoing(worker.containerId)) return;
    if ((await new RunFolder(this.#host.root, run).read()).results.has(worker.containerId)) return;
    const path = '';
    await this.#note(
      run,
      failedResult(worker, [
        { path, reason: 'the container was removed before its results could be copied', skipped: false },
      ]),
    );
  }

  async dispose(): Promise<void> {
    this.#ending.abort();
    await Promise.allSettled([...this.#jobs.values()].map(({ over }) => over));
  }

  async #collect(run: RunSummary, worker: RunWorker, service: RunService, job: Job): Promise<RunResult> {
    const folder = new RunFolder(this.#host.root, run);
    const staging = folder.staging(worker.containerId);
    mkdirSync(staging, { recursive: true, mode: 0o700 });
    const lock = await this.#lockOf(staging);
    try {
      const done = (await folder.read()).results.get(worker.containerId);
      if (done !== undefined && done.state !== 'failed') return done;
      for (const name of await readdir(staging))
        if (name.startsWith('files')) await rm(join(staging, name), { recursive: true, force: true });
      const result = await this.#copy(run, worker, service, job, folder, staging);
      await this.#note(run, result);
      return result;
    } finally {
      lock.release();
      await rm(staging, { recursive: true, force: true });
    }
  }

  async #lockOf(staging: string): Promise<SpoolLock> {
    for (;;) {
      this.#ending.signal.throwIfAborted();
      const lock = SpoolLock.take(staging);
      if (lock !== undefined) return lock;
      await delay(LOCK_LOOK_MS, undefined, { signal: this.#ending.signal });
      mkdirSync(staging, { recursive: true, mode: 0o700 });
    }
  }

  async #copy(
    run: RunSummary,
    worker: RunWorker,
    { results }: RunService,
    job: Job,
    folder: RunFolder,
    staging: string,
  ): Promise<RunResult> {
    const began = performance.now();
    const files = join(staging, 'files');
    const list = join(staging, 'files.jsonl');
    const writer = await ResultWriter.create(files, list);
    let told = 0;
    const tell = (): void => {
      Object.assign(job, { files: writer.files, bytes: writer.bytes });
      if (performance.now() - told < TELL_MS) return;
      told = performance.now();
      this.#host.changed(run.appId);
    };
    const limits = results ?? { paths: [], maxBytes: 0, maxFiles: 0 };
    for (const path of limits.paths) {
      try {
        const stream = await this.#host.client().openStream({
          path: `/containers/${worker.containerId}/archive`,
          query: { path },
          purpose: `results ${worker.key}`,
          signal: this.#ending.signal,
        });
        try {
          await extractArchive(stream.body, path, writer, limits, tell);
        } finally {
          stream.close();
        }
      } catch (error) {
        if (this.#ending.signal.aborted) {
          await writer.end().catch(() => undefined);
          throw new FlotillaError('cancelled', 'Copying the results was broken off.', { cause: error });
        }
        writer.problem(path, reasonOf(error), false);
        if (!(error instanceof TooMuch) && !(error instanceof FlotillaError)) break;
      }
    }
    const manifestSha256 = await writer.end();
    const { skipped, failed, problems } = writer;
    const tookMs = performance.now() - began;
    if (writer.files === 0 && failed > 0)
      return { ...failedResult(worker, problems), skipped, failed, tookMs };
    const name = await freeName(folder.results, worker.key);
    await mkdir(join(folder.path, 'manifests'), { recursive: true, mode: 0o700 });
    await rename(list, folder.manifest(name));
    await rename(files, join(folder.results, name));
    return {
      ...{ containerId: worker.containerId, worker: worker.key, folder: name, manifestSha256 },
      ...{ files: writer.files, bytes: writer.bytes, skipped, failed, problems, tookMs },
      state: failed === 0 ? 'ok' : 'partial',
    };
  }

  /** One after another: the totals that are written last are those of all. */
  #note(run: RunSummary, result: RunResult): Promise<void> {
    const noted = this.#notes.then(() => this.#write(run, result));
    this.#notes = noted.catch(() => undefined);
    return noted;
  }

  async #write(run: RunSummary, result: RunResult): Promise<void> {
    const folder = new RunFolder(this.#host.root, run);
    await folder.append([{ result }]);
    const all = [...(await folder.read()).results.values()];
    const sum = (value: (result: RunResult) => number): number =>
      all.reduce((total, one) => total + value(one), 0);
    await this.#host.index.append({
      id: run.id,
      results: {
        files: sum(({ files }) => files),
        bytes: sum(({ bytes }) => bytes),
        incomplete: all.filter(({ state }) => state !== 'ok').length,
      },
    });
    this.#host.changed(run.appId);
  }
}

function failedResult({ containerId, key }: RunWorker, problems: RunResult['problems']): RunResult {
  return {
    ...{ containerId, worker: key, state: 'failed', files: 0, bytes: 0, skipped: 0, tookMs: 0 },
    failed: problems.length,
    problems,
  };
}

function reasonOf(error: unknown): string {
  if (hasStatus(error, 404)) {
    const { message } = toErrorShape(error);
    return /no such container/i.test(message)
      ? 'the container was removed before its results could be copied'
      : 'there is nothing at this path';
  }
  return error instanceof Error ? error.message : String(error);
}

/** A container that was made anew within a run has the name of the one before. */
async function freeName(folder: string, key: string): Promise<string> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const taken = new Set(await readdir(folder));
  for (let number = 1; ; number += 1) {
    const name = number === 1 ? key : `${key}~${number}`;
    if (!taken.has(name)) return name;
  }
}
