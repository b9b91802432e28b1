import { get, type Located, textOf } from '../../Located.ts';
import { locatedText } from '../tree/locatedText.ts';
import { locatedValue } from '../tree/locatedValue.ts';
import { mapAt } from '../tree/mapAt.ts';
import { withEntry } from '../tree/withEntry.ts';

/** A canonical tree with what compose assumes where nothing is said. */
export function setDefaults(root: Located): Located {
  let tree = mapAt(
    root,
    'services.*.build',
    withDefault('context', (at) => locatedText(at, '.')),
  );
  tree = mapAt(
    tree,
    'services.*.secrets.*',
    withDefault('target', (at) => locatedText(at, `/run/secrets/${textOf(get(at, 'source')) ?? ''}`)),
  );
  tree = mapAt(
    tree,
    'services.*.ports.*',
    withDefault('protocol', (at) => locatedText(at, 'tcp')),
  );
  tree = mapAt(
    tree,
    'services.*.ports.*',
    withDefault('mode', (at) => locatedText(at, 'ingress')),
  );
  for (const devices of ['deploy.resources.reservations.devices', 'gpus'])
    tree = mapAt(tree, `services.*.${devices}.*`, (device) =>
      get(device, 'device_ids') === undefined
        ? withDefault('count', (at) => locatedValue(at, -1n))(device)
        : device,
    );
  return tree;
}

function withDefault(key: string, make: (at: Located) => Located): (node: Located) => Located {
  return (node) => (node.kind === 'map' && !node.entries.has(key) ? withEntry(node, key, make(node)) : node);
}
