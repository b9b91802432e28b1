import type { ServiceModel } from '../domain/ServiceModel.ts';
import { get, type Located } from './Located.ts';
import type { ServiceReader } from './ServiceReader.ts';

/** When a service's containers are started again by the engine. */
export function readRestart(reader: ServiceReader): ServiceModel['restart'] {
  const node = reader.at('restart') ?? get(get(reader.at('deploy'), 'restart_policy'), 'condition');
  if (node !== undefined && reader.at('restart') === undefined) return readRestartCondition(reader, node);
  const text = node?.kind === 'scalar' && node.value === false ? 'no' : reader.text(node, 'restart');
  if (text === undefined) return { name: 'no' };
  const [name, count] = text.split(':', 2);
  if ((name === 'no' || name === 'always' || name === 'unless-stopped') && count === undefined)
    return { name };
  if (name === 'on-failure' && (count === undefined || /^\d+$/.test(count)))
    return { name, ...(count === undefined ? {} : { maximumRetryCount: Number(count) }) };
  if (node !== undefined)
    reader.error(
      'bad-restart',
      node,
      `“${text}” is no restart policy.`,
      'There are no, always, unless-stopped and on-failure[:COUNT]. Write "no" in quotes.',
    );
  return { name: 'no' };
}

/** `deploy.restart_policy`, which counts where `restart` says nothing. */
function readRestartCondition(reader: ServiceReader, node: Located): ServiceModel['restart'] {
  const names = {
    none: 'no',
    no: 'no',
    'on-failure': 'on-failure',
    any: 'always',
    always: 'always',
    'unless-stopped': 'unless-stopped',
  } as const;
  const condition = reader.text(node, 'restart_policy condition') ?? 'any';
  const attempts = reader.number(
    get(get(reader.at('deploy'), 'restart_policy'), 'max_attempts'),
    'max_attempts',
    { least: 0, most: 1_000_000, whole: true },
  );
  const name = Object.entries(names).find(([said]) => said === condition)?.[1];
  if (name !== undefined)
    return {
      name,
      // The engine counts attempts of failures only.
      ...(condition === 'on-failure' && attempts !== undefined ? { maximumRetryCount: attempts } : {}),
    };
  reader.error(
    'bad-restart',
    node,
    `“${condition}” is no condition to restart on.`,
    'There are none, on-failure and any.',
  );
  return { name: 'no' };
}
