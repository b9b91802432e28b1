import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { FlotillaError } from '#shared/contract/errors.ts';
import type { SweepAttempt, SweepEntry, SweepPlan, SweepRecord } from '#shared/domain/Sweep.ts';
import { appendToJournal, createJournal, cutJournal, parseJournal } from '../store/journal.ts';

const APP_ID = /^[A-Za-z0-9_-]{1,128}$/;
const JOURNAL = 'sweep.jsonl';
const optionalNumber = z.number().optional();

const planSchema: z.ZodType<SweepPlan> = z.object({
  id: z.string(),
  appId: z.string(),
  project: z.string(),
  title: z.string(),
  name: z.string().optional(),
  service: z.string(),
  command: z.array(z.string()).optional(),
  parameters: z.array(z.string()),
  rows: z.array(z.array(z.string())),
  concurrency: z.number(),
  retries: z.number(),
  timeoutMs: optionalNumber,
  columns: z.array(
    z.discriminatedUnion('from', [
      z.object({ name: z.string(), from: z.literal('log'), pattern: z.string() }),
      z.object({ name: z.string(), from: z.literal('file'), file: z.string(), path: z.string() }),
    ]),
  ),
  createdAt: z.number(),
  settings: z.string(),
});

const attemptSchema: z.ZodType<SweepAttempt> = z.object({
  job: z.number(),
  number: z.number(),
  outcome: z.enum(['ok', 'failed', 'timeout']),
  reason: z.string().optional(),
  startedAt: z.number(),
  timeMs: optionalNumber,
  exitCode: optionalNumber,
  values: z.array(z.string().nullable()),
  problems: z.array(z.string()),
});

const entrySchema: z.ZodType<SweepEntry> = z.union([
  z.object({ attempt: attemptSchema }),
  z.object({ again: z.array(z.number()) }),
]);

/** Sweeps on the disk: a folder each, below one of their app's, with a journal of what was done and the last lines of each try's log. */
export class SweepStore {
  readonly #root: string;

  constructor(root: string) {
    this.#root = root;
  }

  folderOf({ appId, createdAt, id }: SweepPlan): string {
    return join(this.#appFolder(appId), `${String(createdAt).padStart(15, '0')}-${id}`);
  }

  create(plan: SweepPlan): Promise<void> {
    return createJournal(this.#journal(plan), { version: 1, plan });
  }

  /** To write on, what is damaged at its end taken away. */
  async reopen(plan: SweepPlan): Promise<void> {
    const path = this.#journal(plan);
    await cutJournal(path, parse(await readFile(path))?.goodBytes ?? 0);
  }

  append(plan: SweepPlan, entry: SweepEntry): Promise<void> {
    return appendToJournal(this.#journal(plan), entry);
  }

  /** Newest first; folders in which no plan can be read are passed over. */
  list(appId: string): Promise<SweepRecord[]> {
    return this.#read(appId, () => true);
  }

  all(): Promise<SweepRecord[]> {
    return this.#search(() => true);
  }

  /** @throws FlotillaError `not-found`, `conflict` where several begin so */
  async find(sweepId: string): Promise<SweepRecord> {
    const found = sweepId === '' ? [] : await this.#search((id) => id.startsWith(sweepId));
    const [only, ...others] = found;
    if (only === undefined)
      throw new FlotillaError('not-found', `There is no sweep ${sweepId}.`, {
        hint: '`flotilla sweeps DIR` lists those of an app.',
      });
    if (others.length > 0)
      throw new FlotillaError('conflict', `Several sweeps begin with ${sweepId}.`, {
        hint: `There are: ${found.map(({ plan }) => plan.id).join(', ')}.`,
      });
    return only;
  }

  async writeLog(plan: SweepPlan, { job, number }: SweepTry, lines: readonly string[]): Promise<void> {
    await mkdir(join(this.folderOf(plan), 'logs'), { recursive: true, mode: 0o700 });
    await writeFile(this.#log(plan, { job, number }), lines.join('\n'), { mode: 0o600 });
  }

  /** Empty where nothing was kept. */
  async readLog(plan: SweepPlan, attempt: SweepTry): Promise<string[]> {
    const text = await readFile(this.#log(plan, attempt), 'utf8').catch(() => '');
    return text === '' ? [] : text.split('\n');
  }

  async remove(plan: SweepPlan): Promise<void> {
    await rm(this.folderOf(plan), { recursive: true, force: true });
  }

  async #search(isWanted: (id: string) => boolean): Promise<SweepRecord[]> {
    const apps = (await readdir(this.#root).catch(() => [])).filter((name) => APP_ID.test(name));
    return (await Promise.all(apps.map((appId) => this.#read(appId, isWanted)))).flat();
  }

  /** @param isWanted by a sweep's id, which its folder's name ends with */
  async #read(appId: string, isWanted: (id: string) => boolean): Promise<SweepRecord[]> {
    const folder = this.#appFolder(appId);
    const names = (await readdir(folder).catch(() => []))
      .filter((name) => isWanted(name.slice(name.indexOf('-') + 1)))
      .sort()
      .reverse();
    const records = await Promise.all(
      names.map(async (name) => {
        const bytes = await readFile(join(folder, name, JOURNAL)).catch(() => undefined);
        const found = bytes === undefined ? undefined : parse(bytes);
        return found === undefined ? [] : [{ plan: found.head, entries: found.entries }];
      }),
    );
    return records.flat();
  }

  #journal(plan: SweepPlan): string {
    return join(this.folderOf(plan), JOURNAL);
  }

  #log(plan: SweepPlan, { job, number }: SweepTry): string {
    return join(this.folderOf(plan), 'logs', `${job + 1}-${number}.log`);
  }

  #appFolder(appId: string): string {
    if (!APP_ID.test(appId)) throw new FlotillaError('not-found', 'This app is not on the list.');
    return join(this.#root, appId);
  }
}

type SweepTry = Pick<SweepAttempt, 'job' | 'number'>;

const parse = (bytes: Buffer) =>
  parseJournal(
    bytes,
    ({ plan }) => planSchema.safeParse(plan).data,
    (value) => entrySchema.safeParse(value).data,
  );
