import type { ContainerFacts } from '#shared/reconcile/EngineFacts.ts';
import { parseSettings, SETTINGS_LABEL } from '#shared/reconcile/settingsOf.ts';
import {
  type ContainerSummary,
  exitCodeOf,
  NUMBER_LABEL,
  ONE_OFF_LABEL,
  PROJECT_LABEL,
  SERVICE_LABEL,
  stateOf,
} from '../engine/containerRecord.ts';
import { CONFIG_HASH_LABEL, CREATOR, VERSION_LABEL } from './containerSpec.ts';

/** An element of `GET /containers/json` with the networks that the container is on. */
export type NetworkedSummary = ContainerSummary & {
  NetworkSettings?: { Networks?: Record<string, { NetworkID?: string } | null> | null } | null;
};

/**
 * What a list entry tells a plan of a container.
 *
 * @param owns whether a container with these labels is of the app's folder
 */
export function containerFacts(
  summary: NetworkedSummary,
  project: string,
  owns: (labels: Readonly<Record<string, string>>) => boolean,
): ContainerFacts {
  const labels = summary.Labels ?? {};
  const networks = summary.NetworkSettings?.Networks;
  const settings = parseSettings(labels[SETTINGS_LABEL]);
  return {
    id: summary.Id,
    name: (summary.Names?.[0] ?? summary.Id.slice(0, 12)).replace(/^\//, ''),
    own:
      labels[PROJECT_LABEL] === project &&
      labels[NUMBER_LABEL] !== undefined &&
      labels[ONE_OFF_LABEL] !== 'True' &&
      owns(labels),
    service: labels[SERVICE_LABEL] ?? '',
    index: Number(labels[NUMBER_LABEL] ?? '1') || 1,
    state: stateOf(summary.State),
    exitCode: exitCodeOf(summary),
    createdAt: typeof summary.Created === 'number' ? summary.Created * 1000 : 0,
    imageId: summary.ImageID ?? '',
    byFlotilla: labels[VERSION_LABEL] === CREATOR,
    configHash: labels[CONFIG_HASH_LABEL],
    ...(settings === undefined ? {} : { settings }),
    ...(networks === undefined || networks === null
      ? {}
      : {
          networks: Object.entries(networks).map(([name, place]) => {
            const { NetworkID: id = '' } = place ?? {};
            // Podman writes the name there, which tells nothing of which network of that name it is.
            return { name, id: id === name ? '' : id };
          }),
        }),
  };
}
