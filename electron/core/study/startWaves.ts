import type { ServiceModel } from '#shared/domain/ServiceModel.ts';
import { startOrder } from '#shared/reconcile/startOrder.ts';

/**
 * Which services of an app start together in a timed run: what others depend on first, and a main that nobody depends on last of all, so that its start is the
 * moment at which all workers are there.
 */
export function startWaves(services: readonly ServiceModel[]): ServiceModel[][] {
  const isAwaited = (name: string): boolean =>
    services.some(({ dependsOn }) => dependsOn.some((dependency) => dependency.service === name));
  const last = services.filter(({ role, name }) => role === 'main' && !isAwaited(name));
  const waves = startOrder(services.filter((service) => !last.includes(service)));
  return last.length === 0 ? waves : [...waves, last];
}
