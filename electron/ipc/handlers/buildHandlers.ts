import type { Core } from '#core/Core.ts';
import type { CallHandlers } from '../Router.ts';

/** What the calls about builds do. */
export function buildHandlers({ apps, builds }: Core) {
  return {
    'builds.get': ({ buildId }) => builds.find(buildId),
    'builds.cancel': ({ buildId }) => {
      builds.cancel(buildId);
      return null;
    },
    'builds.history': ({ appId, service, limit }) => builds.history(appId, { service, limit }),
    'builds.output': ({ buildId }) => builds.keptOutput(buildId),
    'builds.compare': ({ left, right }) => builds.compare(left, right),
    'builds.builders': () => builds.builders(),
    'builds.context': ({ appId, service }, signal) => apps.buildContext(appId, service, { signal }),
    'builds.changedCode': ({ appId }, signal) => apps.changedCode(appId, { signal }),
    'builds.ignorePath': ({ appId, service, path, undo, removeFile }, signal) =>
      apps.ignoreInContext(appId, service, path, { undo, removeFile, signal }),
  } satisfies Partial<CallHandlers>;
}
