import type { NetworkModel } from '../domain/ServiceModel.ts';
import { digestText } from './digestText.ts';

/** Label of a network that holds {@link networkDigest} of what it was made with. */
export const NETWORK_SETTINGS_LABEL = 'io.flotilla.network';

/** A digest of what a network is made with that the engine's own account of it does not show as it was asked for; empty for none. */
export function networkDigest({ driverOpts, attachable, ipv6, addresses }: NetworkModel): string {
  const said = [driverOpts, attachable, ipv6, addresses].map((value) =>
    value === undefined ? null : sorted(value),
  );
  return said.every((value) => value === null) ? '' : digestText(JSON.stringify(said));
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .map(([key, inner]) => [key, sorted(inner)] as const)
      .sort(([one], [other]) => (one < other ? -1 : 1)),
  );
}
