import { z } from 'zod';
import type { AppView } from '../domain/AppView.ts';
import type { GenerateProposal } from '../domain/Generate.ts';
import { returns } from './returns.ts';

const appId = z.string().min(1).max(128);

/** Calls that make a Dockerfile, an ignore file and a compose service for a folder without them. */
export const generateCalls = {
  /** Looks at the folder and proposes; `choices` by id, `finding` an index of an earlier proposal's findings. Nothing is written. */
  'generate.propose': {
    input: z.strictObject({
      appId,
      finding: z.number().int().min(0).max(100).optional(),
      choices: z.record(z.string().max(64), z.string().max(1024)).optional(),
    }),
    ...returns<GenerateProposal>(),
  },
  /**
   * Writes the files as given (edited or not), all or none. `present` is what was shown as standing there: rejects `conflict`
   * when something else stands there now.
   */
  'generate.write': {
    input: z.strictObject({
      appId,
      files: z
        .array(
          z.strictObject({
            path: z.string().min(1).max(1024),
            text: z.string().max(1_048_576),
            present: z.string().max(1_048_576).optional(),
          }),
        )
        .min(1)
        .max(20),
    }),
    ...returns<AppView>(),
  },
} as const;
