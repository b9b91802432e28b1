import type { Findings } from '../../Findings.ts';
import { get, type Located, type LocatedMap, textOf } from '../../Located.ts';
import { asMapping } from '../merge/asMapping.ts';
import { formatScalar } from '../scalars/formatScalar.ts';
import { locatedList } from '../tree/locatedList.ts';
import { locatedMap } from '../tree/locatedMap.ts';
import { locatedText } from '../tree/locatedText.ts';
import { locatedValue } from '../tree/locatedValue.ts';
import { mapAt } from '../tree/mapAt.ts';
import { withEntry } from '../tree/withEntry.ts';
import { portExpander } from './portExpander.ts';
import { canonicalVolume } from './canonicalVolume.ts';
import { refuse } from '../sources/refuse.ts';

type Change = (node: Located, findings: Findings) => Located;

const textAs =
  (key: string): Change =>
  (node) =>
    node.kind === 'scalar' ? locatedMap(node, [[key, node]]) : node;

const textAsList: Change = (node) => (node.kind === 'scalar' ? locatedList(node, [node]) : node);

/** A text or a list, each item either a path or a mapping that has one. */
const envFiles: Change = (node) => {
  const items = node.kind === 'list' ? node.items : [node];
  return locatedList(
    node,
    items.map((item) => {
      const map = item.kind === 'map' ? item : locatedMap(item, [['path', item]]);
      return get(map, 'required') === undefined ? withEntry(map, 'required', locatedValue(item, true)) : map;
    }),
  );
};

const dependsOn: Change = (node) => {
  const map = asMapping(node, (item) =>
    locatedMap(item, [['condition', locatedText(item, 'service_started')]]),
  );
  return mapAt(map, '*', (entry) =>
    entry.kind === 'map' && get(entry, 'required') === undefined
      ? withEntry(entry, 'required', locatedValue(entry, true))
      : entry,
  );
};

const networks: Change = (node) => asMapping(node, (item) => locatedValue(item, null));

/** `SOURCE[:TARGET[:PERMISSIONS]]` */
const device: Change = (node, findings) => {
  if (node.kind !== 'scalar') return node;
  const parts = (textOf(node) ?? '').split(':');
  if (parts.length > 3) {
    refuse(
      findings,
      node,
      'bad-device',
      `“${textOf(node) ?? ''}” is no device.`,
      'Write SOURCE, SOURCE:TARGET or SOURCE:TARGET:PERMISSIONS, or use the long form.',
    );
    return node;
  }
  const [source = '', target, permissions = 'rwm'] = parts;
  return locatedMap(node, [
    ['source', locatedText(node, source)],
    ['target', locatedText(node, target || source)],
    ['permissions', locatedText(node, permissions)],
  ]);
};

/** `default`, `ID` or `ID=PATH`, as text, list or mapping: one mapping of id to path. */
const ssh: Change = (node) => {
  const items = node.kind === 'list' ? node.items : node.kind === 'scalar' ? [node] : undefined;
  if (items === undefined) return node;
  return locatedMap(
    node,
    items.map((item) => {
      const [id = '', ...path] = (textOf(item) ?? '').split('=');
      return [id, path.length === 0 ? locatedValue(item, null) : locatedText(item, path.join('='))] as const;
    }),
  );
};

const keyValues: Change = (node) =>
  node.kind === 'list'
    ? locatedMap(
        node,
        node.items.map((item) => {
          const [key = '', ...value] = (textOf(item) ?? '').split('=');
          return [key, locatedText(item, value.join('='))] as const;
        }),
      )
    : node;

/** The deprecated `external: { name: X }` is `external: true` and `name: X`. */
const external: Change = (node, findings) => {
  const value = get(node, 'external');
  if (node.kind !== 'map' || value?.kind !== 'map') return node;
  const [inner, outer] = [get(value, 'name'), get(node, 'name')];
  const map: LocatedMap = withEntry(node, 'external', locatedValue(value, true));
  if (inner === undefined) return map;
  if (outer !== undefined && textOf(outer) !== textOf(inner))
    refuse(
      findings,
      inner,
      'two-names',
      'name and external.name (deprecated) say different names.',
      'Keep name only.',
    );
  return withEntry(map, 'name', inner);
};

const gpus: Change = (node) => {
  if (node.kind !== 'scalar') return node;
  return locatedList(node, [locatedMap(node, [['count', locatedText(node, 'all')]])]);
};

/** `all` is -1 on the engine. */
const deviceCount: Change = (node, findings) => {
  const text = node.kind === 'scalar' && typeof node.value === 'string' ? node.value : undefined;
  if (text === undefined) return node;
  if (text.toLowerCase() === 'all') return locatedValue(node, -1n);
  if (/^-?\d{1,18}$/.test(text)) return locatedValue(node, BigInt(text));
  refuse(findings, node, 'bad-value', `“${text}” is no count of devices.`, 'Write a number or all.');
  return node;
};

const CHANGES: readonly (readonly [pattern: string, change: Change])[] = [
  ['services.*.build', textAs('context')],
  ['services.*.build.secrets.*', textAs('source')],
  ['services.*.build.additional_contexts', keyValues],
  ['services.*.build.ssh', ssh],
  ['services.*.depends_on', dependsOn],
  ['services.*.env_file', envFiles],
  ['services.*.label_file', textAsList],
  ['services.*.extends', textAs('service')],
  ['services.*.gpus', gpus],
  ['services.*.gpus.*.count', deviceCount],
  ['services.*.deploy.resources.reservations.devices.*.count', deviceCount],
  ['services.*.networks', networks],
  ['services.*.volumes.*', canonicalVolume],
  ['services.*.dns', textAsList],
  ['services.*.devices.*', device],
  ['services.*.secrets.*', textAs('source')],
  ['services.*.configs.*', textAs('source')],
  ['volumes.*', external],
  ['networks.*', external],
  ['secrets.*', external],
  ['configs.*', external],
];

/** Every short form written out as its long one (Compose specification). What is no such form is told and stays as it is. */
export function toCanonical(root: Located, findings: Findings): Located {
  let tree = mapAt(root, 'services.*.ports', portExpander(findings));
  for (const [pattern, change] of CHANGES) tree = mapAt(tree, pattern, (node) => change(node, findings));
  // `dns: ""`, as an unset variable leaves it, counts as absent.
  return mapAt(tree, 'services.*.dns', (node) => {
    const items = node.kind === 'list' ? node.items.filter((item) => scalarText(item) !== '') : [];
    return items.length === 0 ? undefined : locatedList(node, items);
  });
}

function scalarText(node: Located): string | undefined {
  return node.kind === 'scalar' && node.value !== null ? formatScalar(node.value) : '';
}
