import type { AppModel } from '../domain/ServiceModel.ts';
import type { PlanNote } from './ChangePlan.ts';
import { hangingOn, usedNetworks } from './decideNetworks.ts';
import { volumesOf } from './decideVolumes.ts';
import { isLive } from './decideReplicas.ts';
import type { ContainerFacts, EngineFacts, NetworkFacts } from './EngineFacts.ts';

const HINT = 'Orphans are removed with --remove-orphans.';

/**
 * Finds what the project has on the engine and the file has no word of any more: to be removed when that was asked for, else noted. A
 * network stays, asked for or not, while a container is on it that stays; so do volumes, because they hold data.
 *
 * @param leaves the plan removes or replaces the container
 */
export function noteOrphans(
  app: AppModel,
  facts: EngineFacts,
  removeOrphans: boolean,
  leaves: (container: ContainerFacts) => boolean,
  notes: PlanNote[],
): { orphans: ContainerFacts[]; idleNetworks: NetworkFacts[] } {
  const services = new Set(app.services.map(({ name }) => name));
  const orphans = facts.containers.filter(
    ({ own, service, state }) => own && !services.has(service) && state !== 'removing',
  );
  const used = usedNetworks(app.services);
  const names = new Set(app.networks.filter(({ key }) => used.has(key)).map(({ name }) => name));
  const gone = new Set(removeOrphans ? orphans : []);
  const holds = (container: ContainerFacts): boolean =>
    !container.own || (isLive(container) && !gone.has(container) && !leaves(container));
  const idleNetworks = facts.networks.filter(
    (network) => network.own && !names.has(network.name) && !hangingOn(network, facts).some(holds),
  );
  const mounted = new Set(app.services.flatMap(volumesOf));
  const volumes = new Set(app.volumes.filter(({ key }) => mounted.has(key)).map(({ name }) => name));
  for (const { name, own } of facts.volumes)
    if (own && !volumes.has(name))
      notes.push({
        kind: 'orphan',
        subject: name,
        text: `volume ${name} is used by no service; it stays, because it holds data`,
        hint: `To remove it: docker volume rm ${name}`,
      });
  if (removeOrphans) return { orphans, idleNetworks };
  for (const orphan of orphans)
    notes.push({
      kind: 'orphan',
      subject: orphan.name,
      text: `${orphan.name} is an orphan (${isLive(orphan) ? 'it runs' : 'it does not run'}): the file has no service “${orphan.service}”`,
      hint: HINT,
      asks: 'removeOrphans',
    });
  for (const { name } of idleNetworks)
    notes.push({
      kind: 'orphan',
      subject: name,
      text: `network ${name} is used by no service`,
      hint: HINT,
      asks: 'removeOrphans',
    });
  return { orphans: [], idleNetworks: [] };
}
