import type { AppView } from '#shared/domain/AppView.ts';
import type { GenerateProposal } from '#shared/domain/Generate.ts';

/** Makes Dockerfiles for folders without one. Interfaces only. */
export interface GenerateService {
  propose(
    appId: string,
    options: { finding?: number | undefined; choices?: Record<string, string> | undefined },
  ): Promise<GenerateProposal>;
  write(
    appId: string,
    files: readonly { path: string; text: string; present?: string | undefined }[],
  ): Promise<AppView>;
}
