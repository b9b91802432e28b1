import { get, type Located, type LocatedMap, textOf } from '../../Located.ts';
import { locatedList } from '../tree/locatedList.ts';
import { locatedMap } from '../tree/locatedMap.ts';
import { locatedText } from '../tree/locatedText.ts';
import { locatedValue } from '../tree/locatedValue.ts';
import { asMapping } from './asMapping.ts';
import { asSequence } from './asSequence.ts';

interface Merging {
  path: readonly string[];
  mergeMaps(below: LocatedMap, above: LocatedMap, path: readonly string[]): LocatedMap;
  cannot(below: Located, above: Located, path: readonly string[]): Located;
}

type Rule = (below: Located, above: Located, merging: Merging) => Located;

/** The later one counts as a whole. */
export const replaceRule: Rule = (_below, above) => above;

/** Both as lists of `KEY=value`, one after the other; `uniqueItems` then keeps the later of equal keys. */
const append: Rule = (below, above) =>
  locatedList(above, [...asSequence(below).items, ...asSequence(above).items]);

/** A host may have several addresses, but each once. */
const extraHosts: Rule = (below, above) => {
  const lower = asSequence(below).items;
  const present = new Set(lower.map(textOf));
  const added = asSequence(above).items.filter((item) => !present.has(textOf(item)));
  return locatedList(above, [...lower, ...added]);
};

const asMaps =
  (convert: (node: Located) => Located): Rule =>
  (below, above, merging) => {
    const [lower, upper] = [convert(below), convert(above)];
    return lower.kind === 'map' && upper.kind === 'map'
      ? merging.mergeMaps(lower, upper, merging.path)
      : merging.cannot(below, above, merging.path);
  };

const build = asMaps((node) => (node.kind === 'scalar' ? locatedMap(node, [['context', node]]) : node));

const dependsOn = asMaps((node) =>
  asMapping(node, (item) =>
    locatedMap(item, [
      ['condition', locatedText(item, 'service_started')],
      ['required', locatedValue(item, true)],
    ]),
  ),
);

const networks = asMaps((node) => asMapping(node, (item) => locatedValue(item, null)));

/** Options of different drivers do not mix. */
const logging: Rule = (below, above, merging) => {
  const [lower, upper] = [textOf(get(below, 'driver')), textOf(get(above, 'driver'))];
  if (lower !== undefined && upper !== undefined && lower !== upper) return above;
  return asMaps((node) => node)(below, above, merging);
};

const ulimit: Rule = (below, above, merging) =>
  below.kind === 'map' && above.kind === 'map' ? merging.mergeMaps(below, above, merging.path) : above;

/** The pools of the override, each laid upon the one of the same subnet; compose drops the others. */
const ipamConfig: Rule = (below, above, merging) => {
  if (below.kind !== 'list' || above.kind !== 'list') return merging.cannot(below, above, merging.path);
  const subnets = new Map(below.items.map((pool) => [textOf(get(pool, 'subnet')), pool]));
  const pools = above.items.map((pool) => {
    const present = subnets.get(textOf(get(pool, 'subnet')));
    return present?.kind === 'map' && pool.kind === 'map'
      ? merging.mergeMaps(present, pool, merging.path)
      : pool;
  });
  return locatedList(above, pools);
};

const RULES: Record<string, Rule> = {
  'networks.*.ipam.config': ipamConfig,
  'networks.*.labels': append,
  'volumes.*.labels': append,
  'services.*.annotations': append,
  'services.*.build': build,
  'services.*.build.args': append,
  'services.*.build.additional_contexts': append,
  'services.*.build.extra_hosts': extraHosts,
  'services.*.build.labels': append,
  'services.*.command': replaceRule,
  'services.*.depends_on': dependsOn,
  'services.*.deploy.labels': append,
  'services.*.dns': append,
  'services.*.dns_opt': append,
  'services.*.dns_search': append,
  'services.*.entrypoint': replaceRule,
  'services.*.env_file': append,
  'services.*.label_file': append,
  'services.*.environment': append,
  'services.*.extra_hosts': extraHosts,
  'services.*.healthcheck.test': replaceRule,
  'services.*.labels': append,
  'services.*.logging': logging,
  'services.*.networks': networks,
  'services.*.sysctls': append,
  'services.*.tmpfs': append,
  'services.*.ulimits.*': ulimit,
};

/** The exceptions to “mappings are merged, lists appended” (Compose specification, Merge). */
export const mergeRules: readonly { pattern: readonly string[]; rule: Rule }[] = Object.entries(RULES).map(
  ([pattern, rule]) => ({ pattern: pattern.split('.'), rule }),
);
