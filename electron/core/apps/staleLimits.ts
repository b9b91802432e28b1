import { differingSettings } from '#shared/reconcile/changedSettings.ts';
import { isLive } from '#shared/reconcile/decideReplicas.ts';
import { appliesLive, effectiveSettings } from '#shared/reconcile/liveLimits.ts';
import { parseSettings, SETTINGS_LABEL, settingsOf } from '#shared/reconcile/settingsOf.ts';
import type { AppSession } from './AppSession.ts';

/**
 * Running containers of a service that differ from it in nothing but limits that need no restart: ids. Read off the engine's news, without
 * a question to it; what another program made is left to a plan.
 */
export function staleLimits(session: AppSession, name: string): ReadonlySet<string> {
  const app = session.model();
  const service = session.service(name);
  const containers = session.containers();
  const { placed: placedNow } = session.placer.known(containers);
  const stale = containers.filter((container) => {
    const settings = parseSettings(container.labels[SETTINGS_LABEL]);
    if (container.service !== name || settings === undefined || !isLive(container)) return false;
    const { limits } = container;
    const placed = placedNow(service, container.index);
    if (placed === undefined) return false;
    const wanted = settingsOf(app, placed);
    const names = differingSettings(effectiveSettings(settings, placed, wanted, limits), wanted);
    return names.length > 0 && appliesLive(names, placed, { limits, settings });
  });
  return new Set(stale.map(({ id }) => id));
}
