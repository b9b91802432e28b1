import { z } from 'zod';
import { MAX_REPLICAS } from '../domain/limits.ts';
import type { PlacementView } from '../placement/PlacementView.ts';
import { returns } from './returns.ts';

/** Calls about where the replicas of an app run. */
export const placementCalls = {
  /**
   * The CPUs, NUMA nodes and GPUs of the engine's machine, which of them each replica gets, and which are short. Reads the folder again and may
   * look at a machine elsewhere by a short container; changes nothing. `workers`: as if each worker service that is placed had so many and nothing ran.
   */
  'apps.placement': {
    input: z.strictObject({
      appId: z.string().min(1).max(128),
      workers: z.number().int().min(0).max(MAX_REPLICAS).optional(),
    }),
    ...returns<PlacementView>(),
  },
} as const;
