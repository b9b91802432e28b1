import { z } from 'zod';
import type {
  RunGit,
  RunHost,
  RunResult,
  RunService,
  RunWorker,
  RunWorkerUsage,
} from '#shared/domain/Run.ts';
import { ROLES } from '#shared/domain/Role.ts';

const text = z.string().optional();
const number = z.number().optional();

export const hostSchema: z.ZodType<RunHost> = z.object({
  engine: z.string(),
  operatingSystem: z.string(),
  architecture: z.string(),
  cpus: z.number(),
  memoryBytes: z.number(),
  cgroupVersion: z.string(),
  kernel: text,
  rootless: z.boolean(),
  address: z.string(),
});

export const gitSchema: z.ZodType<RunGit> = z.discriminatedUnion('known', [
  z.object({
    known: z.literal(true),
    commit: z.string(),
    branch: text,
    dirty: z.boolean().optional(),
    changed: z.array(z.string()),
  }),
  z.object({ known: z.literal(false), reason: z.string() }),
]);

export const serviceSchema: z.ZodType<RunService> = z.object({
  name: z.string(),
  role: z.enum(ROLES),
  image: z.string(),
  imageId: text,
  digests: z.array(z.string()).optional(),
  replicas: z.number(),
  results: z.object({ paths: z.array(z.string()), maxBytes: z.number(), maxFiles: z.number() }).optional(),
});

export const workerSchema: z.ZodType<RunWorker> = z.object({
  containerId: z.string(),
  key: z.string(),
  service: z.string(),
  index: z.number(),
  imageId: z.string(),
  startedAt: z.number(),
  finishedAt: number,
  exitCode: number,
  oomKilled: z.boolean().optional(),
  restarts: number,
  lost: z.boolean().optional(),
  placement: z
    .object({
      cpuset: text,
      cpusetMems: text,
      gpus: z.array(z.string()).optional(),
      cpus: number,
      memoryBytes: number,
      pidsLimit: number,
    })
    .optional(),
  environment: z.record(z.string(), z.string()).optional(),
});

export const usageSchema: z.ZodType<RunWorkerUsage> = z.object({
  coreSeconds: z.number(),
  peakMemoryBytes: number,
  readAt: z.number(),
  secondsBefore: number,
});

export const resultSchema: z.ZodType<RunResult> = z.object({
  containerId: z.string(),
  worker: z.string(),
  state: z.enum(['ok', 'partial', 'failed']),
  folder: text,
  files: z.number(),
  bytes: z.number(),
  manifestSha256: text,
  skipped: z.number(),
  failed: z.number(),
  problems: z.array(z.object({ path: z.string(), reason: z.string(), skipped: z.boolean() })),
  tookMs: z.number(),
});
