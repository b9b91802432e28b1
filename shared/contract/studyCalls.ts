import { z } from 'zod';
import { MAX_REPLICAS } from '../domain/limits.ts';
import { returns } from './returns.ts';

/** A run may take a week. */
const LONGEST_RUN_MS = 7 * 24 * 3_600_000;
const text = z.string().min(1).max(1_000);
const appId = z.string().min(1).max(128);

/** Calls about the scaling studies of an app; the stream `studies` tells how they go. */
export const studyCalls = {
  /** Answers when the study has begun or waits for another; it goes on whoever looks. `conflict` while one of the app is under way. */
  'studies.start': {
    input: z.strictObject({
      appId,
      workers: z.array(z.number().int().min(1).max(MAX_REPLICAS)).min(1).max(100),
      mode: z.enum(['strong', 'weak']),
      repetitions: z.number().int().min(1).max(1_000),
      mostRepetitions: z.number().int().min(1).max(1_000).optional(),
      service: z.string().min(1).max(255).optional(),
      name: text.optional(),
      from: text.optional(),
      to: text.optional(),
      seed: z
        .number()
        .int()
        .min(0)
        .max(2 ** 32 - 1)
        .optional(),
      timeoutMs: z.number().int().min(1_000).max(LONGEST_RUN_MS).optional(),
      cpusPerWorker: z.number().int().min(1).max(1_024).optional(),
    }),
    ...returns<null>(),
  },
  /** Goes on with the newest study that is not whole. */
  'studies.resume': { input: z.strictObject({ appId }), ...returns<null>() },
  /** Breaks off the study under way; what was measured stays. */
  'studies.cancel': { input: z.strictObject({ appId }), ...returns<null>() },
} as const;
