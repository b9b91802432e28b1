import { createHash } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { copyFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { RunService, RunSummary, RunWorker } from '#shared/domain/Run.ts';
import type { RunFacts } from '../apps/AppsApi.ts';
import { Limiter } from '../apps/Limiter.ts';
import type { ContainerRecord, EngineClient } from '../engine/EngineApi.ts';
import { SpoolLock } from '../logs/spool/SpoolLock.ts';
import { advanceRun, hasEnded, type HeardEnd, type SeenContainer } from './advanceRun.ts';
import { keepApp, readHost } from './describeStart.ts';
import { digestsOf } from './digestsOf.ts';
import { inspectWorker } from './inspectWorker.ts';
import { endOf, seenOf } from './seenOf.ts';
import { type UsageHost, UsageKeeper } from './UsageKeeper.ts';
import { readGit } from './readGit.ts';
import { type RunDetail, RunFolder, type RunLine } from './RunFolder.ts';
import type { RunIndex } from './RunIndex.ts';

/** News within this time are looked at together. */
const GATHER_MS = 30;
/** Limits and variables of containers are asked for when their start is over; at their end they are anyway. */
const DETAILS_MS = 1_000;
/** How soon one that waits for another Flotilla, or for an answer, looks again. */
const AGAIN_MS = 1_000;

export interface RecorderHost {
  root: string;
  index: RunIndex;
  /** Undefined while nothing can be said of the app: no engine, or files that cannot be read. */
  look():
    | {
        facts: RunFacts;
        containers: ContainerRecord[];
        /** Those that were seen to start and are gone. */
        vanished: ContainerRecord[];
        client: EngineClient;
      }
    | undefined;
  /** Ends that were heard of, by container. */
  heard: ReadonlyMap<string, HeardEnd>;
  /** The run that the one about to begin does again. */
  rerunOf(): string | undefined;
  /** A worker's results are to be copied now. */
  collect(run: RunSummary, worker: RunWorker, service: RunService): void;
  /** A worker with results is gone, and nothing was copied. */
  missed(run: RunSummary, worker: RunWorker): Promise<void>;
  measure: UsageHost['measure'];
  /** A run is over: what was measured of it is kept with it. Never rejects. */
  keepMetrics(run: RunSummary, detail: RunDetail): Promise<void>;
  changed(): void;
  log(message: string): void;
}

interface OpenRun {
  summary: RunSummary;
  folder: RunFolder;
  detail: RunDetail;
}

/**
 * Writes an app's runs down as they happen. One process does at a time, by a lock; whoever takes it up later goes on from what is written and from
 * what the engine says.
 */
export class AppRecorder {
  readonly #host: RecorderHost;
  readonly #appId: string;
  readonly #inspections = new Limiter(() => 8);
  #lock: SpoolLock | undefined;
  #open: OpenRun | undefined;
  #usage: UsageKeeper | undefined;
  #timer: NodeJS.Timeout | undefined;
  #tail: Promise<void> = Promise.resolve();
  /** What was taken of containers right before they were removed. */
  readonly #left = new Map<string, { seen: SeenContainer; details: Partial<RunWorker> }>();
  /** Containers that this process has written down: what is over is not begun again by what an event told of its start. */
  readonly #recorded = new Set<string>();
  #seenBefore = '';
  #hasRecovered = false;
  /** A run of which only the beginning is written down. */
  #undescribed: OpenRun | undefined;
  #disposed = false;

  constructor(host: RecorderHost, appId: string) {
    this.#host = host;
    this.#appId = appId;
  }

  /** Something may have changed. */
  touch(waitMs = GATHER_MS): void {
    if (this.#disposed || this.#timer !== undefined) return;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      void this.settle();
    }, waitMs);
    this.#timer.unref();
  }

  /** Resolves when what is known now is written down. Never rejects. */
  settle(): Promise<void> {
    this.#tail = this.#tail
      .then(() => this.#look())
      .catch((error: unknown) => {
        this.#seenBefore = '';
        this.#host.log(`runs of ${this.#appId}: ${error instanceof Error ? error.message : String(error)}`);
        this.touch(AGAIN_MS);
      });
    return this.#tail;
  }

  /** A container has ended and is about to be removed: its last facts are taken now. Never rejects. */
  async leaving(containerId: string): Promise<void> {
    if (this.#open === undefined) await this.settle();
    const worker = this.#open?.detail.workers.get(containerId);
    if (worker === undefined || (hasEnded(worker) && worker.placement !== undefined)) return;
    try {
      const client = this.#host.look()?.client;
      const found = client === undefined ? undefined : await inspectWorker(client, containerId);
      if (found !== undefined) this.#left.set(containerId, { ...found, seen: seenOf(found.record) });
    } catch {
      // The event of its end tells the most of it.
    }
  }

  async dispose(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#disposed = true;
    await this.settle();
    await this.#usage?.close();
    this.#release();
  }

  /** From now on this run is written down. */
  #take(open: OpenRun, countersBefore?: ReadonlyMap<string, number>): void {
    this.#open = open;
    this.#usage = new UsageKeeper(this.#host, open, countersBefore);
  }

  /** Nothing more will be written of it. @returns the CPU counters of what still runs */
  async #leave(): Promise<ReadonlyMap<string, number> | undefined> {
    const usage = this.#usage;
    this.#open = undefined;
    this.#usage = undefined;
    await usage?.close();
    return usage?.counters;
  }

  async #look(): Promise<void> {
    const found = this.#host.look();
    if (found === undefined) return;
    const { facts, client } = found;
    const vanished = found.vanished.filter(({ id }) => !this.#recorded.has(id));
    const containers = found.containers.filter(({ oneOff }) => !oneOff);
    const shape = `${facts.isStarting} ${vanished.length} ${containers.map(({ id, state, startedAt, finishedAt, exitCode }) => [id, state, startedAt, finishedAt, exitCode].join()).join(' ')}`;
    if (shape === this.#seenBefore && !this.#lacksDetails()) return;
    await this.#describeNew(facts, client);
    if (!this.#hasRecovered) await this.#recoverResults(new Set(containers.map(({ id }) => id)));
    if (!(await this.#prepare([...containers, ...vanished], facts))) return;
    const seen = await this.#corrected(containers.map(seenOf), client);
    this.#seenBefore = shape;
    const counters = await this.#closeOvertaken(seen, facts);
    if (this.#open === undefined)
      await this.#begin([...seen, ...vanished.map(seenOf)], containers, facts, counters);
    const open = this.#open;
    if (open === undefined) return;
    this.#rememberVanished(open, vanished);
    await this.#advance(open, seen, facts, client);
    await this.#describeNew(facts, client);
  }

  /** A Flotilla that was killed may have left results of the last run where they were. */
  async #recoverResults(present: ReadonlySet<string>): Promise<void> {
    const { index, root } = this.#host;
    await index.refresh();
    const [summary] = index.runs(this.#appId);
    if (summary?.closedAt !== undefined) {
      const folder = new RunFolder(root, summary);
      await this.#collect({ summary, folder, detail: await folder.read() }, present, new Set());
    }
    this.#hasRecovered = true;
  }

  /** Takes the app's lock where there is anything to write. False: another Flotilla does, or nothing is to be done. */
  async #prepare(containers: readonly ContainerRecord[], facts: RunFacts): Promise<boolean> {
    const { index, root } = this.#host;
    const isNew = (): boolean =>
      containers.some(({ startedAt = 0 }) => startedAt > index.closedUntil(this.#appId));
    if (this.#lock !== undefined) return this.#open !== undefined || isNew();
    await index.refresh();
    const openRuns = (): RunSummary[] =>
      index.runs(this.#appId).filter(({ closedAt }) => closedAt === undefined);
    if (openRuns().length === 0 && !isNew()) return false;
    mkdirSync(join(root, this.#appId), { recursive: true, mode: 0o700 });
    this.#lock = SpoolLock.take(join(root, this.#appId));
    if (this.#lock === undefined) {
      this.touch(AGAIN_MS);
      return false;
    }
    await index.refresh();
    const [newest, ...older] = openRuns();
    for (const { id, startedAt } of older)
      await index.append({
        id,
        outcome: 'lost',
        reason: 'Another run began before its end was seen',
        closedAt: startedAt,
      });
    if (newest !== undefined && newest.path === facts.path) {
      const folder = new RunFolder(root, newest);
      const open = { summary: newest, folder, detail: await folder.read() };
      // On another engine its containers are not to be seen, and that says nothing of them.
      const { address } = open.detail.host ?? {};
      const here = this.#host.look()?.client.endpoint.host;
      if (address !== undefined && address !== here) {
        this.#release();
        return false;
      }
      this.#take(open);
      if (open.detail.git === undefined) this.#undescribed = open;
    }
    return true;
  }

  /**
   * What the list calls ended is looked at closely: it may be about to start again, and its end is told to the millisecond there. So is what may begin a
   * run: events tell of a start a moment late, and a run that is over must not be taken for a new one.
   */
  async #corrected(seen: SeenContainer[], client: EngineClient): Promise<SeenContainer[]> {
    const known = this.#open?.detail.workers;
    return Promise.all(
      seen.map(async (container) => {
        const before = known?.get(container.id);
        const isNews =
          before === undefined
            ? (container.startedAt ?? 0) > this.#host.index.closedUntil(this.#appId) &&
              (container.state === 'ended' || this.#open === undefined)
            : container.state === 'ended' && !hasEnded(before);
        if (!isNews) return container;
        return this.#inspections.run(async () => {
          const found = await inspectWorker(client, container.id);
          return found === undefined ? container : seenOf(found.record);
        });
      }),
    );
  }

  /** Main runs again: what is left of the run before belongs to the next. @returns the CPU counters of what goes over to it */
  async #closeOvertaken(
    seen: readonly SeenContainer[],
    facts: RunFacts,
  ): Promise<ReadonlyMap<string, number> | undefined> {
    const open = this.#open;
    const endedAt = open?.summary.endedAt;
    if (open === undefined || endedAt === undefined) return undefined;
    const isMain = ({ service }: SeenContainer): boolean =>
      (open.detail.services.get(service)?.role ?? roleIn(facts, service)) === 'main';
    if (!seen.some((container) => isMain(container) && (container.startedAt ?? 0) > endedAt))
      return undefined;
    await this.#host.index.append({ id: open.summary.id, closedAt: endedAt });
    const counters = await this.#leave();
    await this.#host.keepMetrics(open.summary, open.detail);
    this.#host.changed();
    return counters;
  }

  async #begin(
    seen: readonly SeenContainer[],
    containers: readonly ContainerRecord[],
    facts: RunFacts,
    countersBefore: ReadonlyMap<string, number> | undefined,
  ): Promise<void> {
    const { index, root } = this.#host;
    const since = index.closedUntil(this.#appId);
    const first = seen
      .filter(({ startedAt = 0 }) => startedAt > since)
      .sort((a, b) => (a.startedAt ?? 0) - (b.startedAt ?? 0))[0];
    if (first?.startedAt === undefined) return;
    const id = createHash('sha256')
      .update(`${this.#appId} ${first.id} ${first.startedAt}`)
      .digest('hex')
      .slice(0, 12);
    const rerunOf = this.#host.rerunOf();
    const summary: RunSummary = {
      id,
      appId: this.#appId,
      project: facts.app.name,
      title: facts.title,
      path: facts.path,
      origin: facts.hasStarted ? 'flotilla' : 'found',
      startedAt: first.startedAt,
      containers: 0,
      ...(rerunOf === undefined ? {} : { rerunOf }),
    };
    const folder = new RunFolder(root, summary);
    const services = facts.app.services.map(
      ({ name, role, image, results }): RunService => ({
        name,
        role,
        image,
        imageId: containers.find(({ service, imageId }) => service === name && imageId !== '')?.imageId,
        replicas: facts.requested(name),
        ...(results === undefined ? {} : { results }),
      }),
    );
    await folder.append(services.map((service) => ({ service })));
    await index.append(summary);
    const open = { summary: index.get(id) ?? summary, folder, detail: await folder.read() };
    this.#take(open, countersBefore);
    this.#undescribed = open;
    this.#host.changed();
  }

  /** What came and went between two looks was in the run all the same. */
  #rememberVanished({ summary, detail }: OpenRun, vanished: readonly ContainerRecord[]): void {
    for (const record of vanished) {
      const { id, key, service, index, imageId, startedAt } = seenOf(record);
      if (startedAt === undefined || startedAt < summary.startedAt || detail.workers.has(id)) continue;
      detail.workers.set(id, { containerId: id, key, service, index, imageId, startedAt });
    }
  }

  /** A run that was written down in haste is told whole, also when that failed before. */
  async #describeNew(facts: RunFacts, client: EngineClient): Promise<void> {
    if (this.#undescribed === undefined) return;
    await this.#describe(this.#undescribed, facts, client);
    this.#undescribed = undefined;
    this.#host.changed();
  }

  /** What takes a moment to find out; a run without it is one all the same. */
  async #describe(
    { summary, folder, detail }: OpenRun,
    facts: RunFacts,
    client: EngineClient,
  ): Promise<void> {
    const [host, git, composeHash, digests] = await Promise.all([
      readHost(client).catch(() => undefined),
      readGit(facts.path),
      this.#keep(folder, summary, facts).catch((error: unknown) => {
        this.#host.log(`runs of ${this.#appId}: what it is made from was not kept: ${String(error)}`);
        return undefined;
      }),
      digestsOf(client, [...detail.services.values()]),
    ]);
    const services = [...detail.services.values()].map((service) => ({
      ...service,
      ...digests.get(service.imageId ?? service.image),
    }));
    const lines: RunLine[] = [{ git }, ...services.map((service) => ({ service }))];
    if (host !== undefined) lines.push({ host });
    await folder.append(lines);
    for (const service of services) detail.services.set(service.name, service);
    Object.assign(detail, { git, host });
    await this.#host.index.append({
      id: summary.id,
      composeHash,
      ...(git.known ? { commit: git.commit, dirty: git.dirty } : {}),
    });
  }

  /** A run that is done again is made from what was kept of the first. */
  async #keep(folder: RunFolder, summary: RunSummary, facts: RunFacts): Promise<string | undefined> {
    const first = summary.rerunOf === undefined ? undefined : this.#host.index.get(summary.rerunOf);
    if (first === undefined) return keepApp(folder, facts.path, facts);
    const from = new RunFolder(this.#host.root, first);
    await copyFile(from.app, folder.app);
    await copyFile(from.compose, folder.compose).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOENT') throw error;
    });
    return first.composeHash;
  }

  async #advance(
    open: OpenRun,
    seen: readonly SeenContainer[],
    facts: RunFacts,
    client: EngineClient,
  ): Promise<void> {
    const { summary, folder, detail } = open;
    const since = this.#host.index.closedUntil(this.#appId);
    const step = advanceRun({ ...summary, since, workers: detail.workers }, seen, {
      heard: (id) => endOf(this.#left.get(id)?.seen) ?? this.#host.heard.get(id),
      roleOf: (service) => detail.services.get(service)?.role ?? roleIn(facts, service),
      isStopped: facts.isStopped,
      mayEnd: !facts.isStarting,
    });
    const ended = new Set(step.workers.filter(hasEnded).map(({ containerId }) => containerId));
    const touched = new Map(
      [...this.#withoutDetails(), ...step.workers].map((worker) => [worker.containerId, worker]),
    );
    const workers = await Promise.all(
      [...touched.values()].map(async (worker) =>
        worker.placement === undefined && (hasEnded(worker) || this.#isSettled(worker))
          ? this.#detailed(worker, client)
          : worker,
      ),
    );
    await folder.append(workers.map((worker) => ({ worker })));
    for (const worker of workers) {
      detail.workers.set(worker.containerId, worker);
      this.#recorded.add(worker.containerId);
    }
    if (Object.keys(step.summary).length > 0)
      await this.#host.index.append({ id: summary.id, ...step.summary });
    // Main has ended: who outlives it is likely to be taken down next.
    if (step.summary.outcome !== undefined && summary.closedAt === undefined) await this.#usage?.look();
    else if (workers.some(hasEnded)) await this.#usage?.write();
    if (workers.length > 0 || Object.keys(step.summary).length > 0) this.#host.changed();
    await this.#collect(open, new Set(seen.map(({ id }) => id)), ended);
    if (summary.closedAt !== undefined) {
      await this.#leave();
      await this.#host.keepMetrics(summary, detail);
      this.#release();
    } else if (this.#lacksDetails()) this.touch(DETAILS_MS);
  }

  /** Results of what has ended, now or while nobody looked. */
  async #collect(
    { summary, detail }: OpenRun,
    present: ReadonlySet<string>,
    ended: ReadonlySet<string>,
  ): Promise<void> {
    for (const worker of detail.workers.values()) {
      const service = detail.services.get(worker.service);
      if (service?.results === undefined || !hasEnded(worker)) continue;
      if (detail.results.has(worker.containerId) && !ended.has(worker.containerId)) continue;
      if (present.has(worker.containerId)) this.#host.collect(summary, worker, service);
      else await this.#host.missed(summary, worker);
    }
  }

  async #detailed(worker: RunWorker, client: EngineClient): Promise<RunWorker> {
    const left = this.#left.get(worker.containerId);
    this.#left.delete(worker.containerId);
    if (left !== undefined) return { ...worker, ...left.details };
    return this.#inspections.run(() => withDetails(worker, client));
  }

  #withoutDetails(): RunWorker[] {
    return [...(this.#open?.detail.workers.values() ?? [])].filter(
      (worker) => worker.placement === undefined && !hasEnded(worker) && this.#isSettled(worker),
    );
  }

  #lacksDetails(): boolean {
    if (this.#disposed) return false;
    return [...(this.#open?.detail.workers.values() ?? [])].some(
      (worker) => worker.placement === undefined && !hasEnded(worker),
    );
  }

  #isSettled({ startedAt }: RunWorker): boolean {
    return !this.#disposed && Date.now() - startedAt >= DETAILS_MS;
  }

  #release(): void {
    this.#lock?.release();
    this.#lock = undefined;
  }
}

function roleIn({ app }: RunFacts, service: string): RunService['role'] | undefined {
  return app.services.find(({ name }) => name === service)?.role;
}

async function withDetails(worker: RunWorker, client: EngineClient): Promise<RunWorker> {
  try {
    const found = await inspectWorker(client, worker.containerId);
    if (found === undefined) return worker;
    const startedAt = Math.min(worker.startedAt, found.record.startedAt ?? worker.startedAt);
    return { ...worker, ...found.details, startedAt };
  } catch {
    // Asked for again at its end.
    return worker;
  }
}
