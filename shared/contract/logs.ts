import { z } from 'zod';
import { LOG_LEVELS } from '../domain/LogLine.ts';
import type { LogAnchor } from '../domain/LogView.ts';
import { FIELD_OPERATORS, type LogQuery } from '../logs/LogQuery.ts';

const workerKey = z.string().min(1).max(300);
const timeMs = z.number().min(0).max(8.64e15);
const term = z.strictObject({
  text: z.string().min(1).max(1000),
  regex: z.boolean().optional(),
  matchCase: z.boolean().optional(),
});

/** The schema of {@link LogQuery}. A regular expression that does not compile is refused by the handler, with its reason. */
export const logQuerySchema = z.strictObject({
  workers: z.array(workerKey).max(2000).optional(),
  hiddenWorkers: z.array(workerKey).max(2000).optional(),
  services: z.array(z.string().max(255)).max(200).optional(),
  levels: z.array(z.enum(LOG_LEVELS)).max(LOG_LEVELS.length).optional(),
  stream: z.enum(['stdout', 'stderr']).optional(),
  include: z.array(term).max(20).optional(),
  exclude: z.array(term).max(20).optional(),
  fields: z
    .array(
      z.strictObject({
        field: z.string().min(1).max(200),
        operator: z.enum(FIELD_OPERATORS),
        value: z.string().max(1000),
      }),
    )
    .max(20)
    .optional(),
  fromMs: timeMs.optional(),
  toMs: timeMs.optional(),
  foldTraces: z.boolean().optional(),
  hideNotices: z.boolean().optional(),
}) satisfies z.ZodType<LogQuery>;

export const logAnchorSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('end') }),
  z.strictObject({ kind: z.literal('row'), row: z.number().int().min(0) }),
  z.strictObject({ kind: z.literal('id'), id: z.string().max(64) }),
  z.strictObject({ kind: z.literal('time'), timeMs }),
]) satisfies z.ZodType<LogAnchor>;
