import type { Findings } from '../../Findings.ts';
import { UNSUPPORTED_SERVICE_KEYS } from '../../knownKeys.ts';
import { get, isNothing, type Located, type LocatedMap } from '../../Located.ts';

/** These only say how the project is read, which is done by now. */
const READ = new Set(['profiles', 'env_file', 'env_files', 'label_file', 'extends']);

/** Tells what the model has and Flotilla does not hand on to the engine, so that nobody relies on it. */
export function tellUnapplied(root: LocatedMap, findings: Findings): void {
  const services = get(root, 'services');
  for (const [service, { value }] of services?.kind === 'map' ? services.entries : [])
    for (const [name, { key, value: setting }] of value.kind === 'map' ? value.entries : []) {
      if (!UNSUPPORTED_SERVICE_KEYS.has(name) || READ.has(name) || saysNothing(setting)) continue;
      findings.add({
        code: 'unsupported-key',
        severity: 'warning',
        file: key.file,
        start: key.start,
        end: key.end,
        service,
        message: `Flotilla does not act on “${name}” yet.`,
        explanation: 'It is part of the model, and docker compose acts on it.',
      });
    }
}

function saysNothing(node: Located): boolean {
  return isNothing(node) || (node.kind === 'list' && node.items.length === 0);
}
