import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import type { StudyPlan, StudyRecord, StudyRun } from '#shared/domain/Study.ts';
import { appendToJournal, createJournal, cutJournal, parseJournal } from '../store/journal.ts';

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

/** A study on the disk: a journal of its plan and its runs. The run after the last line that is whole is made again. */
export class StudyFile {
  readonly #path: string;

  private constructor(path: string) {
    this.#path = path;
  }

  static async create(path: string, plan: StudyPlan): Promise<StudyFile> {
    await createJournal(path, { version: 1, plan });
    return new StudyFile(path);
  }

  /** What a file holds; undefined where not even the plan can be read. */
  static async read(path: string): Promise<StudyRecord | undefined> {
    const found = parse(await readFile(path));
    return found === undefined ? undefined : { plan: found.head, runs: found.entries };
  }

  /** To write on, what is damaged at its end taken away. */
  static async reopen(path: string): Promise<StudyFile> {
    await cutJournal(path, parse(await readFile(path))?.goodBytes ?? 0);
    return new StudyFile(path);
  }

  append(run: StudyRun): Promise<void> {
    return appendToJournal(this.#path, { run });
  }
}

const parse = (bytes: Buffer) =>
  parseJournal(
    bytes,
    ({ plan }) => planSchema.safeParse(plan).data,
    ({ run }) => runSchema.safeParse(run).data,
  );
