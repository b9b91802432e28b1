import { FlotillaError } from '#shared/contract/errors.ts';
import type { AppView } from '#shared/domain/AppView.ts';

/** @throws FlotillaError as wrong usage for a name that is none of the app's services */
export function assertServices(app: AppView, names: readonly string[]): void {
  const unknown = names.find((name) => !app.services.some((service) => service.name === name));
  if (unknown === undefined) return;
  throw new FlotillaError('not-found', `${app.title} has no service “${unknown}”.`, {
    hint: `It has: ${app.services.map((service) => service.name).join(', ')}.`,
    detail: { usage: true },
  });
}
