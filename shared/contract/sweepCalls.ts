import { z } from 'zod';
import { MAX_CONCURRENT_JOBS, MAX_JOB_MS, MAX_JOB_RETRIES } from '../domain/limits.ts';
import { MAX_JOBS, MAX_PARAMETERS } from '../sweep/ParameterTable.ts';
import { returns } from './returns.ts';

const text = z.string().min(1).max(1_000);
const appId = z.string().min(1).max(128);
const sweepId = z.string().min(3).max(64);
const columnName = z.string().min(1).max(200);

/** Calls about the sweeps of an app; the streams `sweeps` and `sweep` tell how they go. */
export const sweepCalls = {
  /** Answers when the sweep has begun or waits for other work; it goes on whoever looks. `conflict` while one of the app is under way. */
  'sweeps.start': {
    input: z.strictObject({
      appId,
      parameters: z.array(z.string().min(1).max(255)).min(1).max(MAX_PARAMETERS),
      rows: z
        .array(z.array(z.string().max(10_000)).max(MAX_PARAMETERS))
        .min(1)
        .max(MAX_JOBS),
      service: z.string().min(1).max(255).optional(),
      command: z.array(z.string().max(10_000)).min(1).max(1_000).optional(),
      concurrency: z.number().int().min(1).max(MAX_CONCURRENT_JOBS).optional(),
      retries: z.number().int().min(0).max(MAX_JOB_RETRIES).optional(),
      timeoutMs: z.number().int().min(1_000).max(MAX_JOB_MS).optional(),
      columns: z
        .array(
          z.discriminatedUnion('from', [
            z.strictObject({ name: columnName, from: z.literal('log'), pattern: text }),
            z.strictObject({
              name: columnName,
              from: z.literal('file'),
              file: z.string().min(1).max(4_096),
              path: z.string().max(1_000),
            }),
          ]),
        )
        .max(50)
        .optional(),
      name: text.optional(),
    }),
    ...returns<null>(),
  },
  /** Goes on with what is not done; with `retryFailed` also with what failed for good. */
  'sweeps.resume': {
    input: z.strictObject({ sweepId, retryFailed: z.boolean().optional() }),
    ...returns<null>(),
  },
  /** Breaks off the sweep under way; what is done stays. */
  'sweeps.cancel': { input: z.strictObject({ appId }), ...returns<null>() },
  /** `conflict` while it goes on. */
  'sweeps.delete': { input: z.strictObject({ sweepId }), ...returns<null>() },
  /** The last lines that a job (from 0) wrote: of its container while it runs, else of its last try. */
  'sweeps.log': {
    input: z.strictObject({ sweepId, job: z.number().int().min(0).max(MAX_JOBS) }),
    ...returns<string[]>(),
  },
} as const;
