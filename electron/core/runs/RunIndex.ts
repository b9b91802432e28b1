import { open } from 'node:fs/promises';
import {
  RUN_KINDS,
  RUN_OUTCOMES,
  type RunKind,
  type RunOutcome,
  type RunSummary,
} from '#shared/domain/Run.ts';
import { appendCheckedLines, parseCheckedLines } from '../store/checkedLines.ts';

/** What a line changes of a run. `null` takes a field away. */
export type RunPatch = { id: string } & {
  [Field in keyof Omit<RunSummary, 'id'>]?: RunSummary[Field] | null;
};

/**
 * The ledger of all runs: a file that is only ever appended to, and what it says in memory. A run's first line tells all of it, later ones what
 * has changed; one that was deleted leaves a line, so that nobody takes its containers for a new run. Other processes may append, too.
 */
export class RunIndex {
  readonly #path: string;
  readonly #runs = new Map<string, RunSummary>();
  readonly #byApp = new Map<string, RunSummary[]>();
  /** By app: when the last run, deleted ones included, was over. */
  readonly #closed = new Map<string, number>();
  #offset = 0;
  #tail: Promise<unknown> = Promise.resolve();

  constructor(path: string) {
    this.#path = path;
  }

  /** Takes in what was appended since, by whomever. */
  refresh(): Promise<void> {
    const next = this.#tail.then(() => this.#read());
    this.#tail = next.catch(() => undefined);
    return next;
  }

  get(id: string): RunSummary | undefined {
    return this.#runs.get(id);
  }

  /** Newest first. */
  list(appId?: string): RunSummary[] {
    const runs = appId === undefined ? [...this.#runs.values()] : [...(this.#byApp.get(appId) ?? [])];
    return runs.sort((a, b) => b.startedAt - a.startedAt);
  }

  /** Without studies. */
  runs(appId: string): RunSummary[] {
    return this.list(appId).filter(({ kind }) => kind === undefined);
  }

  /** What started at or before this belongs to no new run of the app. */
  closedUntil(appId: string): number {
    return this.#closed.get(appId) ?? 0;
  }

  async append(patch: RunPatch): Promise<void> {
    await appendCheckedLines(this.#path, [{ run: patch }]);
    await this.refresh();
  }

  async remove({ id, appId }: RunSummary): Promise<void> {
    await appendCheckedLines(this.#path, [{ deleted: id, appId, closedAt: this.closedUntil(appId) }]);
    await this.refresh();
  }

  async #read(): Promise<void> {
    let handle: Awaited<ReturnType<typeof open>>;
    try {
      handle = await open(this.#path, 'r');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
      throw error;
    }
    try {
      const { size } = await handle.stat();
      if (size < this.#offset) this.#forget();
      if (size === this.#offset) return;
      const bytes = Buffer.alloc(size - this.#offset);
      const { bytesRead } = await handle.read(bytes, 0, bytes.length, this.#offset);
      const { values, end } = parseCheckedLines(bytes.subarray(0, bytesRead));
      this.#offset += end;
      for (const value of values) this.#apply(value);
    } finally {
      await handle.close();
    }
  }

  #forget(): void {
    this.#offset = 0;
    this.#runs.clear();
    this.#byApp.clear();
    this.#closed.clear();
  }

  #apply(value: Record<string, unknown>): void {
    const { run: patch, deleted, appId, closedAt } = value;
    if (typeof deleted === 'string') {
      const run = this.#runs.get(deleted);
      this.#runs.delete(deleted);
      if (run !== undefined) {
        const list = this.#byApp.get(run.appId) ?? [];
        this.#byApp.set(
          run.appId,
          list.filter((other) => other !== run),
        );
      }
      if (typeof appId === 'string' && typeof closedAt === 'number') this.#close(appId, closedAt);
      return;
    }
    if (!isPatch(patch)) return;
    const known = this.#runs.get(patch.id);
    // The line was parsed for nobody else: the first of a run becomes its entry.
    const run = known ?? (patch as RunSummary);
    const fields = run as unknown as Record<string, unknown>;
    for (const field of Object.keys(patch)) {
      const value = patch[field as keyof RunPatch];
      if (value === null) delete fields[field];
      else fields[field] = value;
    }
    if (known === undefined) {
      if (NEEDED.some((field) => run[field] === undefined)) return;
      this.#runs.set(run.id, run);
      const list = this.#byApp.get(run.appId);
      if (list === undefined) this.#byApp.set(run.appId, [run]);
      else list.push(run);
    }
    // A study has containers of its own, and says nothing of the app's.
    if (run.closedAt !== undefined && run.kind === undefined) this.#close(run.appId, run.closedAt);
  }

  #close(appId: string, at: number): void {
    this.#closed.set(appId, Math.max(at, this.#closed.get(appId) ?? 0));
  }
}

type Check = (value: unknown) => boolean;
const isText: Check = (value) => typeof value === 'string';
const isNumber: Check = (value) => typeof value === 'number';
const isFlag: Check = (value) => typeof value === 'boolean';

function hasNumbers(...fields: string[]): Check {
  return (value) =>
    typeof value === 'object' &&
    value !== null &&
    fields.every((field) => isNumber((value as Record<string, unknown>)[field]));
}

/** By hand, because twenty thousand lines are looked at before a command may answer. */
const CHECKS: Readonly<Record<keyof RunSummary, Check>> = {
  id: isText,
  kind: (value) => RUN_KINDS.includes(value as RunKind),
  appId: isText,
  project: isText,
  title: isText,
  path: isText,
  origin: (value) => value === 'flotilla' || value === 'found',
  startedAt: isNumber,
  endedAt: isNumber,
  closedAt: isNumber,
  outcome: (value) => RUN_OUTCOMES.includes(value as RunOutcome),
  reason: isText,
  exitCode: isNumber,
  oomKilled: isFlag,
  containers: isNumber,
  composeHash: isText,
  commit: isText,
  dirty: isFlag,
  made: hasNumbers('done', 'total'),
  results: hasNumbers('files', 'bytes', 'incomplete'),
  usage: hasNumbers('coreSeconds', 'seen'),
  rerunOf: isText,
  name: isText,
  note: isText,
  tags: (value) => Array.isArray(value) && value.every(isText),
};
const NEEDED = ['id', 'appId', 'project', 'title', 'path', 'origin', 'startedAt', 'containers'] as const;
const CHECK_OF: ReadonlyMap<string, Check> = new Map(Object.entries(CHECKS));
const NEVER_TAKEN_AWAY: ReadonlySet<string> = new Set(NEEDED);

function isPatch(value: unknown): value is RunPatch {
  if (typeof value !== 'object' || value === null || !isText((value as { id?: unknown }).id)) return false;
  for (const field of Object.keys(value)) {
    const content = (value as Record<string, unknown>)[field];
    const check = CHECK_OF.get(field);
    if (check === undefined) return false;
    if (content === null ? NEVER_TAKEN_AWAY.has(field) : !check(content)) return false;
  }
  return true;
}
