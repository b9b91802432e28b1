import { z } from 'zod';
import type {
  ImageDetails,
  ImageSummary,
  PrunePreview,
  PruneResult,
  RegistryLogins,
} from '../domain/Image.ts';
import { returns } from './returns.ts';

const image = z.string().min(1).max(512);
const pruneScopeSchema = z.enum(['dangling', 'unused', 'build-cache']);

/** Calls about the engine's images and the registries they come from. */
export const imageCalls = {
  'images.list': { input: z.strictObject({}), ...returns<ImageSummary[]>() },
  /** By id or reference. */
  'images.get': { input: z.strictObject({ image }), ...returns<ImageDetails>() },
  /**
   * One more name. Where another image has it, this fails with `conflict` and that image (an ImageSummary) as `detail.owner`, unless
   * `replace` is set: the name moves then.
   */
  'images.tag': {
    input: z.strictObject({ image, reference: image, replace: z.boolean().optional() }),
    ...returns<ImageSummary>(),
  },
  /**
   * By reference: takes that tag away, and the image with its last one. By id: the whole image with all its tags, or
   * nothing. `force`: also while stopped containers use it.
   */
  'images.remove': {
    input: z.strictObject({ image, force: z.boolean().optional() }),
    ...returns<{ removed: string[]; untagged: string[] }>(),
  },
  'images.prunePreview': { input: z.strictObject({ scope: pruneScopeSchema }), ...returns<PrunePreview>() },
  /** Takes away exactly `ids` (of a preview): what has come into use meanwhile stays. */
  'images.prune': {
    input: z.strictObject({ scope: pruneScopeSchema, ids: z.array(image).max(10_000) }),
    ...returns<PruneResult>(),
  },
  'registries.list': { input: z.strictObject({}), ...returns<RegistryLogins>() },
} as const;
