import type { Severity } from '../../../domain/Diagnostic.ts';
import type { Findings } from '../../Findings.ts';
import { UNSUPPORTED_BUILD_KEYS, UNSUPPORTED_SERVICE_KEYS } from '../../knownKeys.ts';
import { isNothing, type Located, type LocatedMap } from '../../Located.ts';
import { mapAt, type Spot } from '../tree/mapAt.ts';

/** What Flotilla does not hand on to the engine, by the mapping it stands in. */
const UNAPPLIED: Readonly<Record<string, readonly string[]>> = {
  'services.*': [...UNSUPPORTED_SERVICE_KEYS],
  'services.*.build': [...UNSUPPORTED_BUILD_KEYS],
  'services.*.deploy': ['endpoint_mode', 'labels', 'mode', 'placement', 'rollback_config', 'update_config'],
  'services.*.deploy.restart_policy': ['delay', 'window'],
  'services.*.deploy.resources.reservations': ['cpus', 'generic_resources', 'pids'],
  'services.*.healthcheck': ['start_interval'],
  'networks.*': ['enable_ipv4'],
  'services.*.networks.*': ['driver_opts', 'gw_priority', 'interface_name'],
};

/**
 * Tells what the model has and Flotilla does not hand on to the engine, so that nobody relies on it.
 * @param nested how seriously, inside of a setting that is otherwise handed on
 */
export function tellUnapplied(root: LocatedMap, findings: Findings, nested: Severity = 'warning'): void {
  for (const [pattern, keys] of Object.entries(UNAPPLIED))
    mapAt(root, pattern, (node, { path }: Spot) => {
      for (const name of node.kind === 'map' ? keys : []) {
        const entry = node.kind === 'map' ? node.entries.get(name) : undefined;
        if (entry === undefined || saysNothing(entry.value)) continue;
        const { file, start, end } = entry.key;
        const inside = path.slice(2).join('.');
        findings.add({
          code: 'unsupported-key',
          severity: inside === '' ? 'warning' : nested,
          file,
          start,
          end,
          service: path[1],
          message: `Flotilla does not act on “${inside === '' ? name : `${inside}.${name}`}” yet.`,
          explanation: 'It is part of the model, and docker compose acts on it.',
        });
      }
      return node;
    });
}

function saysNothing(node: Located): boolean {
  return isNothing(node) || (node.kind === 'list' && node.items.length === 0);
}
