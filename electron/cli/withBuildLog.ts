import type { BuildService } from '#core/build/BuildApi.ts';
import type { ErrorShape } from '#shared/contract/errors.ts';

/** Lines of the step that failed: a traceback's end, with the command's own words. */
const LINES_TOLD = 20;

/** A build's failure with the last lines of its failed step in `detail.log`, for commands that do not print builds as they go. */
export function withBuildLog(error: ErrorShape, builds: Pick<BuildService, 'get' | 'output'>): ErrorShape {
  const id = error.detail?.['buildId'];
  if (error.code !== 'build-failed' || typeof id !== 'string') return error;
  const failed = builds.get(id)?.steps.find(({ state }) => state === 'failed')?.number;
  const log = builds
    .output(id)
    .lines.filter(({ step }) => failed === undefined || step === failed)
    .slice(-LINES_TOLD)
    .map(({ text }) => text);
  return log.length === 0 ? error : { ...error, detail: { ...error.detail, log } };
}
