import type { Findings } from '../../Findings.ts';
import type { Located, LocatedMap, LocatedScalar } from '../../Located.ts';
import { parseExtraHost } from '../canonical/parseExtraHost.ts';
import { asSequence } from '../merge/asSequence.ts';
import { formatScalar } from '../scalars/formatScalar.ts';
import type { EitherShape, Field, ObjectShape, ScalarShape, Shape } from '../shapes/Shape.ts';
import { encodeScalar } from './encodeScalar.ts';
import type { Json } from './Json.ts';
import { refuse } from '../sources/refuse.ts';

type Object = { [key: string]: Json };

/**
 * The canonical tree as compose writes it: keys in its order, values of its kinds, what is empty left out.
 * @param form compose's JSON says `command: null` and `ipam: {}` and drops the `x-` keys inside of things; its YAML does the opposite
 */
export function encodeConfig(
  root: Located,
  shape: Shape,
  findings: Findings,
  form: 'json' | 'yaml' = 'json',
): Json {
  return encode(root, shape, { findings, form })?.value ?? {};
}

interface Place {
  findings: Findings;
  form: 'json' | 'yaml';
  /** Undefined at the root. */
  within?: { place: Place; name: string };
}

const below = (place: Place, name: string): Place => ({
  findings: place.findings,
  form: place.form,
  within: { place, name },
});

function pathOf({ within }: Place): string[] {
  return within === undefined ? [] : [...pathOf(within.place), within.name];
}

/** Undefined for what was told as wrong. */
type Encoded = { value: Json; isZero: boolean } | undefined;

function encode(node: Located, shape: Shape, place: Place): Encoded {
  switch (shape.is) {
    case 'any':
      return { value: plain(node), isZero: false };
    case 'scalar':
      return node.kind === 'scalar' ? encodeOne(node, shape, place) : undefined;
    case 'list': {
      if (node.kind !== 'list') return undefined;
      const items = node.items.flatMap((item) => {
        const encoded = encode(item, shape.item, place);
        return encoded === undefined ? [] : [encoded.value];
      });
      return { value: items, isZero: items.length === 0 };
    }
    case 'either':
      return encodeEither(node, shape, place);
    case 'map': {
      if (node.kind !== 'map') return undefined;
      const names = [...node.entries.keys()].sort();
      const pairs = names.flatMap((name): [string, Json][] => {
        const value = node.entries.get(name)?.value;
        const encoded = value === undefined ? undefined : encode(value, shape.value, below(place, name));
        if (encoded === undefined) return [];
        const isText = shape.value.is === 'scalar' && shape.value.made === 'text';
        return [[name, isText ? (encoded.value ?? '') : encoded.value]];
      });
      return { value: Object.fromEntries(pairs), isZero: pairs.length === 0 };
    }
    case 'pairs': {
      const pairs = asSequence(node).items.map((item): [string, string | null] => {
        const [key = '', ...value] = textOfScalar(item).split('=');
        return [key, value.length > 0 ? value.join('=') : shape.withoutValue === 'null' ? null : ''];
      });
      if (shape.asList === true) {
        const words = pairs.map(([key, value]) => (value === null ? key : `${key}=${value}`)).sort();
        return { value: words, isZero: words.length === 0 };
      }
      const sorted = Object.fromEntries(new Map(pairs.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))));
      return { value: sorted, isZero: pairs.length === 0 };
    }
    case 'hosts':
      return encodeHosts(node, place);
    case 'object':
      return encodeObject(node, shape, place);
  }
}

function encodeOne(node: LocatedScalar, shape: ScalarShape, place: Place): Encoded {
  const encoded = told(encodeScalar(node, shape), node, place);
  if (encoded?.isZero !== true || shape.zeroIsEmpty !== true) return encoded;
  return { value: place.form === 'json' ? {} : { soft: 0, hard: 0 }, isZero: false };
}

function encodeEither(node: Located, shape: EitherShape, place: Place): Encoded {
  const option = shape.options.find((candidate) =>
    node.kind === 'map'
      ? candidate.is === 'object' || candidate.is === 'map' || candidate.is === 'pairs'
      : node.kind === 'list'
        ? candidate.is === 'list' || candidate.is === 'pairs'
        : candidate.is === 'scalar',
  );
  if (option === undefined) return undefined;
  // One text where a list may stand is a list of one.
  const list = shape.options.find((candidate) => candidate.is === 'list');
  if (
    node.kind === 'scalar' &&
    option.is === 'scalar' &&
    option.made === 'text' &&
    list !== undefined &&
    shape.options.length === 2 &&
    list.item.is === 'scalar'
  )
    return encode(
      { kind: 'list', file: node.file, start: node.start, end: node.end, items: [node] },
      list,
      place,
    );
  const encoded = encode(node, option, place);
  const scalar = shape.options.find((candidate): candidate is ScalarShape => candidate.is === 'scalar');
  if (node.kind !== 'list' || scalar === undefined || encoded === undefined) return encoded;
  if (scalar.made === 'words') return { ...encoded, isZero: false };
  return encoded;
}

const fields = new WeakMap<ObjectShape, [string, Field][]>();

/** What a shape has, listed once: a service has a hundred fields, and a project may have thousands of services. */
function fieldsOf(shape: ObjectShape): [string, Field][] {
  let found = fields.get(shape);
  if (found === undefined) fields.set(shape, (found = Object.entries(shape.fields)));
  return found;
}

function encodeObject(node: Located, shape: ObjectShape, place: Place): Encoded {
  if (node.kind === 'scalar') return node.value === null ? { value: null, isZero: false } : undefined;
  if (node.kind !== 'map') return undefined;
  const made: Object = {};
  for (const [name, field] of fieldsOf(shape)) {
    const value = encodeField(node, name, field, place);
    if (value !== undefined) made[(place.form === 'json' ? field.writtenAs : undefined) ?? name] = value;
  }
  const isRoot = place.within === undefined;
  if (shape.extensible && shape.forgetsExtensions !== true && (isRoot || place.form === 'yaml'))
    for (const name of [...node.entries.keys()].sort()) {
      const entry = node.entries.get(name);
      if (name.startsWith('x-') && entry !== undefined) made[name] = plain(entry.value);
    }
  return { value: made, isZero: false };
}

function encodeField(map: LocatedMap, name: string, field: Field, place: Place): Json | undefined {
  if (field.hidden === true) return undefined;
  const absent = place.form === 'json' ? (field.absent?.() as Json | undefined) : undefined;
  const entry = map.entries.get(name);
  if (entry === undefined) return absent;
  const encoded = encode(entry.value, field.shape, below(place, name));
  // `deploy:` with nothing behind it says nothing.
  if (encoded === undefined || (encoded.value === null && field.keepsZero !== true)) return absent;
  if (encoded.value === null && place.form === 'yaml') return undefined;
  const keepsZero = field.keepsZero ?? (field.keepsZeroInYaml === true && place.form === 'yaml');
  return encoded.isZero && !keepsZero ? absent : encoded.value;
}

/** Sorted `host=address`, brackets taken off. */
function encodeHosts(node: Located, { findings }: Place): Encoded {
  const hosts: string[] = [];
  for (const item of asSequence(node).items) {
    const text = textOfScalar(item);
    const extra = parseExtraHost(text);
    if (extra === undefined) {
      refuse(
        findings,
        item,
        'bad-extra-host',
        `“${text}” gives no address.`,
        'Write HOST=ADDRESS, as in db=10.0.0.5 or host.docker.internal=host-gateway.',
      );
      continue;
    }
    hosts.push(`${extra.host}=${extra.address}`);
  }
  return { value: hosts.sort(), isZero: hosts.length === 0 };
}

function told(encoded: ReturnType<typeof encodeScalar>, node: Located, place: Place): Encoded {
  if (!('problem' in encoded)) return encoded;
  refuse(place.findings, node, 'bad-value', `${pathOf(place).join('.')}: ${encoded.problem}.`, encoded.help);
  return undefined;
}

/** Values the specification does not know, as they are. */
function plain(node: Located): Json {
  if (node.kind === 'list') return node.items.map(plain);
  if (node.kind === 'scalar') return typeof node.value === 'bigint' ? Number(node.value) : node.value;
  const names = [...node.entries.keys()].sort();
  return Object.fromEntries(
    names.flatMap((name): [string, Json][] => {
      const entry = node.entries.get(name);
      return entry === undefined ? [] : [[name, plain(entry.value)]];
    }),
  );
}

function textOfScalar(item: Located): string {
  return item.kind === 'scalar' && item.value !== null ? formatScalar(item.value) : '';
}
