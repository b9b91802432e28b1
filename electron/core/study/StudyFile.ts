import { mkdir, open, readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { z } from 'zod';
import type { StudyPlan, StudyRecord, StudyRun } from '#shared/domain/Study.ts';
import { checkedLine, parseCheckedLine } from '../store/checkedLines.ts';

const optionalNumber = z.number().optional();
const optionalText = z.string().optional();

const planSchema: z.ZodType<StudyPlan> = z.object({
  id: z.string(),
  appId: z.string(),
  project: z.string(),
  title: z.string(),
  name: optionalText,
  mode: z.enum(['strong', 'weak']),
  service: z.string(),
  workers: z.array(z.number()),
  repetitions: z.number(),
  mostRepetitions: optionalNumber,
  pinning: z.object({ perWorker: z.number(), cpus: z.array(z.number()) }).optional(),
  gpusPerWorker: optionalNumber,
  seed: z.number(),
  cooldownMs: z.number(),
  timeoutMs: z.number(),
  from: optionalText,
  to: optionalText,
  memory: z.boolean(),
  createdAt: z.number(),
  images: z.array(z.object({ service: z.string(), reference: z.string(), id: z.string() })).optional(),
  settings: z.string(),
  host: z.object({
    engine: z.string(),
    operatingSystem: z.string(),
    architecture: z.string(),
    cpus: z.number(),
    cores: optionalNumber,
    cpuModel: optionalText,
    memoryBytes: z.number(),
    cgroupVersion: z.string(),
    kernel: optionalText,
    runtime: optionalText,
    governor: optionalText,
  }),
});

const runSchema: z.ZodType<StudyRun> = z.object({
  workers: z.number(),
  repetition: z.number(),
  startedAt: z.number(),
  outcome: z.enum(['ok', 'failed', 'timeout']),
  reason: optionalText,
  timeMs: optionalNumber,
  startSpreadMs: optionalNumber,
  imbalance: optionalNumber,
  peakMemoryBytes: optionalNumber,
  hostLoad: optionalNumber,
});

/**
 * A study on the disk: a line for its plan, then one for each run, each with a checksum before it and written through before anything goes on. Cut off
 * anywhere, the lines before are what is there, and the run after them is made again.
 */
export class StudyFile {
  readonly #path: string;

  private constructor(path: string) {
    this.#path = path;
  }

  static async create(path: string, plan: StudyPlan): Promise<StudyFile> {
    await mkdir(dirname(path), { recursive: true });
    const handle = await open(path, 'wx', 0o600);
    try {
      await handle.writeFile(checkedLine({ version: 1, plan }));
      await handle.sync();
    } finally {
      await handle.close();
    }
    return new StudyFile(path);
  }

  /** What a file holds; undefined where not even the plan can be read. */
  static async read(path: string): Promise<StudyRecord | undefined> {
    return parse(await readFile(path))?.record;
  }

  /** To write on, what is damaged at its end taken away. */
  static async reopen(path: string): Promise<StudyFile> {
    const { goodBytes } = parse(await readFile(path)) ?? { goodBytes: 0 };
    const handle = await open(path, 'r+');
    try {
      await handle.truncate(goodBytes);
      await handle.sync();
    } finally {
      await handle.close();
    }
    return new StudyFile(path);
  }

  async append(run: StudyRun): Promise<void> {
    const handle = await open(this.#path, 'a');
    try {
      await handle.writeFile(checkedLine({ run }));
      await handle.sync();
    } finally {
      await handle.close();
    }
  }
}

function parse(bytes: Buffer): { record: StudyRecord; goodBytes: number } | undefined {
  let record: StudyRecord | undefined;
  let goodBytes = 0;
  for (let end = bytes.indexOf('\n'); end !== -1; end = bytes.indexOf('\n', goodBytes)) {
    const value = parseCheckedLine(bytes.toString('utf8', goodBytes, end));
    if (record === undefined) {
      const plan = planSchema.safeParse(value?.['plan']);
      if (!plan.success) return undefined;
      record = { plan: plan.data, runs: [] };
    } else {
      const run = runSchema.safeParse(value?.['run']);
      if (!run.success) break;
      record.runs.push(run.data);
    }
    goodBytes = end + 1;
  }
  return record === undefined ? undefined : { record, goodBytes };
}
