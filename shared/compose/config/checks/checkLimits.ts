import { parseBytes } from '../../quantities.ts';
import type { Findings } from '../../Findings.ts';
import { get, type Located } from '../../Located.ts';
import { formatScalar } from '../scalars/formatScalar.ts';
import { refuse } from '../sources/refuse.ts';

/** What a service may say in two ways, which must then agree. */
const PAIRS: readonly { own: string; deploy: string; isSize?: boolean }[] = [
  { own: 'scale', deploy: 'deploy.replicas' },
  { own: 'cpus', deploy: 'deploy.resources.limits.cpus' },
  { own: 'mem_limit', deploy: 'deploy.resources.limits.memory', isSize: true },
  { own: 'mem_reservation', deploy: 'deploy.resources.reservations.memory', isSize: true },
  { own: 'pids_limit', deploy: 'deploy.resources.limits.pids' },
];

/** Tells a service that gives one limit twice with different values, or contradicts itself in its build, devices or number of containers. */
export function checkLimits(name: string, service: Located, findings: Findings): void {
  for (const { own, deploy, isSize = false } of PAIRS) {
    const [first, second] = [at(service, own), at(service, deploy)];
    if (first === undefined || second === undefined) continue;
    const [a, b] = [amount(first, isSize), amount(second, isSize)];
    if (a === undefined || b === undefined || a === b || (own !== 'scale' && a === 0)) continue;
    refuse(
      findings,
      first,
      'two-values',
      `${name} has different values for ${own} and ${deploy}.`,
      'Keep one of the two.',
    );
  }
  const pids = at(service, 'pids_limit');
  const limits = at(service, 'deploy.resources.limits');
  // To compose limits without pids say 0 here, and only here.
  if (
    pids !== undefined &&
    limits?.kind === 'map' &&
    !limits.entries.has('pids') &&
    amount(pids, false) !== 0
  )
    refuse(
      findings,
      pids,
      'two-values',
      `${name} has pids_limit and deploy.resources.limits without pids.`,
      'Compose takes that for two different limits; write pids there too.',
    );
  const containerName = get(service, 'container_name');
  const scale = at(service, 'scale') ?? at(service, 'deploy.replicas');
  if (containerName !== undefined && scale !== undefined && (amount(scale, false) ?? 1) > 1)
    refuse(
      findings,
      containerName,
      'container-name-scaled',
      `${name} has container_name and several replicas.`,
      'Two containers cannot have one name; remove container_name.',
    );
  for (const list of ['deploy.resources.reservations.devices', 'gpus']) {
    const devices = at(service, list);
    for (const device of devices?.kind === 'list' ? devices.items : [])
      if (get(device, 'count') !== undefined && get(device, 'device_ids') !== undefined)
        refuse(
          findings,
          device,
          'count-and-ids',
          `${name} asks for devices by count and by device_ids.`,
          'Only one of the two can count.',
        );
  }
}

function at(node: Located, path: string): Located | undefined {
  return path.split('.').reduce<Located | undefined>((inner, key) => get(inner, key), node);
}

function amount(node: Located, isSize: boolean): number | undefined {
  if (node.kind !== 'scalar' || node.value === null) return undefined;
  if (typeof node.value !== 'string') return Math.fround(Number(node.value));
  return isSize ? parseBytes(node.value) : Math.fround(Number(formatScalar(node.value)));
}
