import { get, type Located, textOf } from '../../Located.ts';
import type { LoadContext } from '../LoadContext.ts';
import { formatScalar } from '../scalars/formatScalar.ts';
import { refuse } from '../sources/refuse.ts';
import { parseVolumeText } from '../canonical/parseVolumeText.ts';
import { isResolved } from '../paths/isResolved.ts';
import { mapAt } from '../tree/mapAt.ts';

/** @param shown an absolute path as seen from the project */
type KeyOf = (item: Located, shown: (path: string) => string) => string | undefined;

/** `KEY` of `KEY=value`. */
const pair: KeyOf = (item) => plain(item)?.split('=', 1)[0];

const mount =
  (folder: string): KeyOf =>
  (item) =>
    item.kind === 'map'
      ? (textOf(get(item, 'target')) ?? `${folder}/${textOf(get(item, 'source')) ?? ''}`)
      : `${folder}/${plain(item) ?? ''}`;

const volume: KeyOf = (item) => {
  if (item.kind === 'map') return textOf(get(item, 'target'));
  const parsed = parseVolumeText(plain(item) ?? '');
  return 'problem' in parsed ? undefined : parsed.target;
};

const device: KeyOf = (item) => {
  if (item.kind === 'map') return textOf(get(item, 'target'));
  const [source, target] = (plain(item) ?? '').split(':');
  return target ?? source;
};

const port: KeyOf = (item) => {
  if (item.kind !== 'map') return plain(item);
  const part = (key: string) => plain(get(item, key));
  const published = get(item, 'published');
  // Compose does not see a number here, though the specification does: 82 and "82" are different keys to it.
  const isText = published?.kind === 'scalar' && typeof published.value === 'string';
  return `${part('host_ip') ?? '0.0.0.0'}:${isText ? (part('published') ?? '') : ''}:${part('target') ?? ''}/${part('protocol') ?? 'tcp'}`;
};

/** What an extended file names is one with what the project names, though it was made absolute already. */
const envFile: KeyOf = (item, shown) => {
  const node = item.kind === 'map' ? get(item, 'path') : item;
  const path = plain(node);
  return path?.startsWith('/') === true && node !== undefined && isResolved(node) ? shown(path) : path;
};

/** Where a list may hold each key once only, and what the key is (Compose specification, Merge, “Unique resources”). */
const UNIQUE: Record<string, KeyOf> = {
  'networks.*.labels': pair,
  'services.*.annotations': pair,
  'services.*.build.args': pair,
  'services.*.build.extra_hosts': pair,
  'services.*.build.tags': pair,
  'services.*.build.labels': pair,
  'services.*.cap_add': pair,
  'services.*.cap_drop': pair,
  'services.*.devices': device,
  'services.*.configs': mount(''),
  'services.*.deploy.labels': pair,
  'services.*.dns': pair,
  'services.*.dns_opt': pair,
  'services.*.dns_search': pair,
  'services.*.environment': pair,
  'services.*.env_file': envFile,
  'services.*.expose': plain,
  'services.*.labels': pair,
  'services.*.links': pair,
  'services.*.networks.*.aliases': pair,
  'services.*.networks.*.link_local_ips': pair,
  'services.*.ports': port,
  'services.*.profiles': pair,
  'services.*.secrets': mount('/run/secrets'),
  'services.*.sysctls': pair,
  'services.*.tmpfs': pair,
  'services.*.volumes': volume,
};

/** The long forms of these are nothing without `target`. */
const TARGETED = new Set(['services.*.devices', 'services.*.ports', 'services.*.volumes']);

/** The tree with lists that hold a key twice shortened: the later item takes the earlier one's place. */
export function uniqueItems(
  root: Located,
  { findings, shown }: Pick<LoadContext, 'findings' | 'shown'>,
): Located {
  let tree = root;
  for (const [pattern, keyOf] of Object.entries(UNIQUE))
    tree = mapAt(tree, pattern, (node, { path }) => {
      if (node.kind !== 'list') return node;
      const kept = new Map<string, Located>();
      for (const [at, item] of node.items.entries()) {
        const key = keyOf(item, shown);
        if (item.kind === 'map' && TARGETED.has(pattern) && get(item, 'target') === undefined)
          refuse(
            findings,
            item,
            'missing-target',
            `${path.join('.')}: an entry has no target.`,
            'Write target: with the path or port inside the container.',
          );
        kept.set(key ?? `#${at}`, item);
      }
      return kept.size === node.items.length ? node : { ...node, items: [...kept.values()] };
    });
  return tree;
}

function plain(item: Located | undefined): string | undefined {
  return item?.kind === 'scalar' && item.value !== null ? formatScalar(item.value) : undefined;
}
