import { z } from 'zod';
import { BUILDER_KINDS, type BuildView } from '#shared/domain/Build.ts';

const time = z.number().min(0);
const bytes = z.number().min(0);

const stepSchema = z.looseObject({
  number: z.number(),
  total: z.number(),
  instruction: z.string(),
  line: z.number().optional(),
  state: z.enum(['pending', 'running', 'done', 'failed', 'cancelled']),
  cached: z.boolean(),
  startedAt: time.optional(),
  endedAt: time.optional(),
  stage: z.string().optional(),
  inputs: z.array(z.number()).optional(),
  transfer: z.object({ doneBytes: bytes, totalBytes: bytes }).optional(),
});

/** Loose: what a later Flotilla adds to a build must not make it unreadable to this one. */
const viewSchema: z.ZodType<BuildView> = z.looseObject({
  id: z.string(),
  appId: z.string(),
  service: z.string(),
  tag: z.string(),
  state: z.enum(['succeeded', 'failed', 'cancelled']),
  startedAt: time,
  begunAt: time.optional(),
  endedAt: time,
  noCache: z.boolean().optional(),
  builder: z.object({ kind: z.enum(BUILDER_KINDS), reason: z.string() }).optional(),
  context: z
    .object({
      files: z.number(),
      bytes,
      sentBytes: bytes,
      arrived: z.boolean().optional(),
      skipped: z.array(z.object({ path: z.string(), reason: z.string() })),
    })
    .optional(),
  steps: z.array(stepSchema),
  warnings: z.array(z.looseObject({ message: z.string(), line: z.number().optional() })).optional(),
  imageId: z.string().optional(),
  result: z
    .looseObject({
      imageId: z.string(),
      digest: z.string().optional(),
      sizeBytes: bytes,
      layers: z.array(z.object({ createdBy: z.string(), sizeBytes: bytes })),
    })
    .optional(),
  error: z
    .looseObject({
      message: z.string(),
      file: z.string().optional(),
      line: z.number().optional(),
      excerpt: z.array(z.object({ line: z.number(), text: z.string() })).optional(),
      hint: z.string().optional(),
    })
    .optional(),
});

/** A build that has ended, as it lies in the data folder. */
export const buildDocumentSchema = z.object({
  version: z.literal(1),
  /** Against the build of the service that succeeded before. */
  sizeDeltaBytes: z.number().optional(),
  build: viewSchema,
});
export type BuildDocument = z.infer<typeof buildDocumentSchema>;
