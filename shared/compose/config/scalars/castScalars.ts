import type { Findings } from '../../Findings.ts';
import type { Located } from '../../Located.ts';
import { locatedValue } from '../tree/locatedValue.ts';
import { mapAt } from '../tree/mapAt.ts';
import { parseFlag } from './parseFlag.ts';
import { refuse } from '../sources/refuse.ts';

type Kind = 'whole' | 'float' | 'flag';

const service = (kind: Kind, ...keys: string[]): [string, Kind][] =>
  keys.map((key) => [`services.*.${key}`, kind]);
const top = (kind: Kind, ...keys: string[]): [string, Kind][] => keys.map((key) => [key, kind]);

/** Where compose reads a text as a number or a flag, because a variable can only give it text. */
const CASTS: readonly [string, Kind][] = [
  ...service('whole', 'configs.*.mode', 'secrets.*.mode', 'cpu_count', 'cpu_period', 'cpu_quota'),
  ...service('whole', 'cpu_rt_period', 'cpu_rt_runtime', 'cpu_shares', 'deploy.replicas'),
  ...service('whole', 'deploy.update_config.parallelism', 'deploy.rollback_config.parallelism'),
  ...service('whole', 'deploy.restart_policy.max_attempts', 'deploy.placement.max_replicas_per_node'),
  ...service('whole', 'healthcheck.retries', 'oom_score_adj', 'pids_limit', 'ports.*.target', 'scale'),
  ...service('whole', 'ulimits.*', 'ulimits.*.hard', 'ulimits.*.soft'),
  ...service('float', 'cpus', 'cpu_percent'),
  ...service('float', 'deploy.update_config.max_failure_ratio', 'deploy.rollback_config.max_failure_ratio'),
  ...service('flag', 'depends_on.*.restart', 'healthcheck.disable', 'init'),
  ...service('flag', 'oom_kill_disable', 'privileged', 'read_only', 'stdin_open', 'tty'),
  ...service('flag', 'volumes.*.read_only', 'volumes.*.volume.nocopy'),
  ...top('flag', 'networks.*.external', 'networks.*.internal', 'networks.*.attachable'),
  ...top('flag', 'volumes.*.external', 'secrets.*.external', 'configs.*.external'),
];

/** The tree with texts made numbers and flags where the specification wants them (`tty: "${TTY}"`). What is none is told. */
export function castScalars(root: Located, findings: Findings): Located {
  let tree = root;
  for (const [pattern, kind] of CASTS)
    tree = mapAt(tree, pattern, (node, { path }) => {
      if (node.kind !== 'scalar' || typeof node.value !== 'string') return node;
      const cast = castText(node.value, kind);
      // What stood in quotes is still known to.
      if (cast !== undefined)
        return { ...locatedValue(node, cast), quoted: node.quoted && !node.interpolated };
      const wanted = { whole: 'a whole number', float: 'a number', flag: 'true or false' }[kind];
      refuse(
        findings,
        node,
        'bad-value',
        `${path.join('.')} must be ${wanted}, not “${node.value.slice(0, 60)}”.`,
        node.interpolated ? 'A variable gave this text.' : 'docker compose refuses the file for it.',
      );
      return node;
    });
  return tree;
}

function castText(text: string, kind: Kind): bigint | number | boolean | undefined {
  if (kind === 'flag') return parseFlag(text);
  if (kind === 'whole') return /^[+-]?\d{1,19}$/.test(text) ? BigInt(text.replace(/^\+/, '')) : undefined;
  const number = Number(text);
  return text.trim() === text && text !== '' && !Number.isNaN(number) ? number : undefined;
}
