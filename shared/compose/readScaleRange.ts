import type { ScaleRange } from '../domain/ServiceModel.ts';
import { MAX_REPLICAS } from '../domain/limits.ts';
import { checkKeys } from './checkKeys.ts';
import { get, isNothing, kindName } from './Located.ts';
import type { ServiceReader } from './ServiceReader.ts';

const WHAT = 'x-flotilla.replicas';
const CODE = 'bad-replica-range';
const KEYS = new Set(['min', 'max']);

/** Within which numbers the app's main may ask for replicas of a service; undefined: nothing is said, or nothing that can be followed. */
export function readScaleRange(reader: ServiceReader): ScaleRange | undefined {
  const node = get(reader.at('x-flotilla'), 'replicas');
  if (node === undefined || isNothing(node)) return undefined;
  const example = 'Write replicas: { min: 1, max: 8 }.';
  if (node.kind !== 'map') {
    reader.error(CODE, node, `${WHAT} must be a mapping, not ${kindName(node)}.`, example);
    return undefined;
  }
  const before = reader.findings.errorsSaid;
  checkKeys(reader, node, KEYS, WHAT, CODE);
  const whole = (key: string, least: number): number | undefined =>
    reader.number(get(node, key), `${WHAT}.${key}`, { least, most: MAX_REPLICAS, whole: true });
  const min = whole('min', 0) ?? 1;
  const max = whole('max', 1);
  if (max === undefined && isNothing(get(node, 'max')))
    reader.error(CODE, node, `${WHAT} needs max, the most replicas that main may ask for.`, example);
  else if (max !== undefined && min > max)
    reader.error(
      CODE,
      get(node, 'min') ?? node,
      `${WHAT}: min ${min} is more than max ${max}.`,
      'Write the smaller number as min.',
    );
  return max === undefined || reader.findings.errorsSaid !== before ? undefined : { min, max };
}
