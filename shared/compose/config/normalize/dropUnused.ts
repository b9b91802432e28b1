import { get, type Located, type LocatedMap, textOf } from '../../Located.ts';
import { withEntry } from '../tree/withEntry.ts';

/** The tree without networks, volumes, secrets and configs that no service uses, as compose leaves them out. */
export function dropUnused(root: LocatedMap): LocatedMap {
  const used: Record<string, Set<string>> = {
    networks: new Set(),
    volumes: new Set(),
    secrets: new Set(),
    configs: new Set(),
  };
  const services = get(root, 'services');
  for (const { value: service } of services?.kind === 'map' ? services.entries.values() : []) {
    const networks = get(service, 'networks');
    for (const name of networks?.kind === 'map' ? networks.entries.keys() : []) used['networks']?.add(name);
    for (const mount of itemsOf(get(service, 'volumes')))
      if (textOf(get(mount, 'type')) === 'volume') addSource(used['volumes'], mount);
    for (const secret of itemsOf(get(service, 'secrets'))) addSource(used['secrets'], secret);
    for (const secret of itemsOf(get(get(service, 'build'), 'secrets'))) addSource(used['secrets'], secret);
    for (const config of itemsOf(get(service, 'configs'))) addSource(used['configs'], config);
  }
  let made = root;
  for (const [kind, names] of Object.entries(used)) {
    const present = get(made, kind);
    if (present?.kind !== 'map') continue;
    const entries = new Map([...present.entries].filter(([name]) => names.has(name)));
    made = withEntry(made, kind, entries.size === 0 ? undefined : { ...present, entries });
  }
  return made;
}

function addSource(names: Set<string> | undefined, node: Located): void {
  const source = textOf(get(node, 'source'));
  if (source !== undefined) names?.add(source);
}

function itemsOf(node: Located | undefined): readonly Located[] {
  return node?.kind === 'list' ? node.items : [];
}
