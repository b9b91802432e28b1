import { get, type Located, textOf } from '../../Located.ts';

/** A service that must be started before, because a key other than `depends_on` refers to it. */
export interface ImpliedDependency {
  name: string;
  at: Located;
  /** Restarted with it: what is shared goes away with the other's container. */
  restart: boolean;
}

/** Services that `links`, `volumes_from` and shared namespaces of a service refer to. */
export function impliedDependencies(service: Located): ImpliedDependency[] {
  const found: ImpliedDependency[] = [];
  for (const at of itemsOf(get(service, 'links')))
    found.push({ name: (textOf(at) ?? '').split(':', 1)[0] ?? '', at, restart: true });
  for (const key of ['network_mode', 'ipc', 'pid', 'uts', 'cgroup']) {
    const at = get(service, key);
    const name = /^service:(.+)$/.exec(textOf(at) ?? '')?.[1];
    if (at !== undefined && name !== undefined) found.push({ name, at, restart: true });
  }
  for (const at of itemsOf(get(service, 'volumes_from'))) {
    const text = textOf(at) ?? '';
    if (!text.startsWith('container:')) found.push({ name: text.split(':', 1)[0] ?? '', at, restart: false });
  }
  return found;
}

function itemsOf(node: Located | undefined): readonly Located[] {
  return node?.kind === 'list' ? node.items : [];
}
