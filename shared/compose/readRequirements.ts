import { MAX_REPLICAS } from '../domain/limits.ts';
import type { Requirement } from '../study/Requirement.ts';
import { checkKeys } from './checkKeys.ts';
import type { Findings } from './Findings.ts';
import { get, isNothing, kindName, type Located, textOf } from './Located.ts';
import { parsePercent } from './quantities.ts';
import { ServiceReader } from './ServiceReader.ts';

const WHAT = 'requirements';
const CODE = 'bad-requirement';
const MEASURES = ['efficiency', 'time', 'slowdown', 'memory', 'core_seconds'] as const;
const KEYS = new Set<string>(['at', ...MEASURES, 'baseline']);
const EXAMPLE =
  'Write a list such as - { at: 8, efficiency: 0.7 }, - { at: 8, time: 120s }, - { slowdown: 5%, baseline: v1 }, - { memory: 2g }.';

/**
 * What the performance of the app has to be: `x-flotilla: { requirements: […] }` at the top of the file. Those that cannot be understood are told and
 * left out.
 */
export function readRequirements(root: Located, findings: Findings): Requirement[] {
  const extension = get(root, 'x-flotilla');
  const node = get(extension, WHAT);
  if (extension === undefined || node === undefined || isNothing(node)) return [];
  const reader = new ServiceReader('x-flotilla', extension, findings);
  if (node.kind !== 'list') {
    reader.error(CODE, node, `${WHAT} must be a list, not ${kindName(node)}.`, EXAMPLE);
    return [];
  }
  return node.items.flatMap((item) => {
    const before = findings.errorsSaid;
    const requirement = readOne(reader, item);
    return requirement === undefined || findings.errorsSaid > before ? [] : [requirement];
  });
}

function readOne(reader: ServiceReader, item: Located): Requirement | undefined {
  if (item.kind !== 'map') {
    reader.error(CODE, item, `${WHAT}: an entry must be a mapping, not ${kindName(item)}.`, EXAMPLE);
    return undefined;
  }
  checkKeys(reader, item, KEYS, `an entry of ${WHAT}`, CODE);
  const said = MEASURES.filter((measure) => !isNothing(get(item, measure)));
  const [measure] = said;
  if (measure === undefined || said.length > 1) {
    reader.error(
      CODE,
      item,
      measure === undefined
        ? `${WHAT}: an entry says nothing to be held to.`
        : `${WHAT}: an entry says ${said.join(' and ')}.`,
      measure === undefined ? EXAMPLE : 'Write an entry for each.',
    );
    return undefined;
  }
  const at = reader.number(get(item, 'at'), `${WHAT}.at`, { least: 1, most: MAX_REPLICAS, whole: true });
  const baseline = get(item, 'baseline');
  if (measure !== 'slowdown' && baseline !== undefined && !isNothing(baseline))
    reader.error(
      CODE,
      baseline,
      `${WHAT}: baseline belongs to slowdown.`,
      'It names the study that the app must not be slower than.',
    );
  const value = get(item, measure) ?? item;
  switch (measure) {
    case 'efficiency': {
      const least = reader.number(value, `${WHAT}.efficiency`, { least: 0, most: 10, whole: false });
      return least === undefined ? undefined : { kind: 'efficiency', at, least };
    }
    case 'time': {
      const mostMs = reader.duration(value, `${WHAT}.time`);
      return mostMs === undefined ? undefined : { kind: 'time', at, mostMs };
    }
    case 'memory': {
      const mostBytes = reader.bytes(value, `${WHAT}.memory`);
      return mostBytes === undefined ? undefined : { kind: 'memory', at, mostBytes };
    }
    case 'core_seconds': {
      const most = reader.number(value, `${WHAT}.core_seconds`, { least: 0, most: 1e12, whole: false });
      return most === undefined ? undefined : { kind: 'coreSeconds', at, most };
    }
    case 'slowdown':
      return readSlowdown(reader, item, value, at);
  }
}

function readSlowdown(
  reader: ServiceReader,
  item: Located,
  value: Located,
  at: number | undefined,
): Requirement | undefined {
  const text = textOf(value);
  const most = parsePercent(text ?? '');
  if (most === undefined)
    reader.error(
      CODE,
      value,
      `${WHAT}.slowdown: “${text ?? kindName(value)}” is no percentage.`,
      'Write 5% for at most one twentieth slower.',
    );
  const baseline = reader.text(get(item, 'baseline'), `${WHAT}.baseline`);
  if (baseline === undefined && isNothing(get(item, 'baseline')))
    reader.error(
      CODE,
      item,
      `${WHAT}: slowdown needs a baseline.`,
      'Name a study: flotilla study DIR --name v1 makes one, baseline: v1 refers to it.',
    );
  return most === undefined || baseline === undefined ? undefined : { kind: 'slowdown', at, most, baseline };
}
