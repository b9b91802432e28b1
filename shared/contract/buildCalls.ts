import { z } from 'zod';
import {
  BUILDER_KINDS,
  type BuildComparison,
  type BuilderChoice,
  type BuildHistoryEntry,
  type BuildView,
  type ChangedCode,
  type ContextPreview,
} from '../domain/Build.ts';
import { returns } from './returns.ts';

const appId = z.string().min(1).max(128);
const buildId = z.string().min(1).max(128);
const service = z.string().min(1).max(255);
export const builderSchema = z.enum(BUILDER_KINDS);

/** Calls about builds. */
export const buildCalls = {
  /** One build, under way or of the history. */
  'builds.get': { input: z.strictObject({ buildId }), ...returns<BuildView>() },
  'builds.cancel': { input: z.strictObject({ buildId }), ...returns<null>() },
  /** Builds that have ended, newest first. */
  'builds.history': {
    input: z.strictObject({
      appId,
      service: service.optional(),
      limit: z.number().int().min(1).max(1000).optional(),
    }),
    ...returns<BuildHistoryEntry[]>(),
  },
  /** Output kept of a build that has ended, by step; the last 10,000 lines. */
  'builds.output': {
    input: z.strictObject({ buildId }),
    ...returns<{ lines: { step: number; text: string }[]; dropped: number }>(),
  },
  'builds.compare': {
    input: z.strictObject({ left: buildId, right: buildId }),
    ...returns<BuildComparison>(),
  },
  /** The builders this engine offers, the one that would be used first. */
  'builds.builders': { input: z.strictObject({}), ...returns<BuilderChoice[]>() },
  /** What a service's build would send. */
  'builds.context': { input: z.strictObject({ appId, service }), ...returns<ContextPreview>() },
  /** Services whose image is older than the files it is made from. */
  'builds.changedCode': { input: z.strictObject({ appId }), ...returns<ChangedCode[]>() },
  /**
   * Adds a path to the ignore file in force (made where there is none) and answers what would be sent then. `undo` takes
   * such a line away again, and with `removeFile` a file in which nothing else is.
   */
  'builds.ignorePath': {
    input: z.strictObject({
      appId,
      service,
      path: z.string().min(1).max(4096),
      undo: z.boolean().optional(),
      removeFile: z.boolean().optional(),
    }),
    ...returns<ContextPreview>(),
  },
} as const;
