import type { ServiceModel } from '../domain/ServiceModel.ts';
import { get } from './Located.ts';
import { readAutoscale } from './readAutoscale.ts';
import { readDrain, readLoad } from './readHook.ts';
import { readPlacement } from './readPlacement.ts';
import { readProgress } from './readProgress.ts';
import { readResults } from './readResults.ts';
import { readScaleRange } from './readScaleRange.ts';
import type { ServiceReader } from './ServiceReader.ts';

/** What a service says below `x-flotilla`, its role aside; only what is said is there. */
export function readExtension(
  reader: ServiceReader,
): Partial<
  Pick<
    ServiceModel,
    'autoscale' | 'scaleRange' | 'control' | 'drain' | 'load' | 'progress' | 'results' | 'placement'
  >
> {
  const autoscale = readAutoscale(reader);
  const scaleRange = readScaleRange(reader);
  const control = reader.flag(get(reader.at('x-flotilla'), 'control'), 'x-flotilla.control');
  const drain = readDrain(reader);
  const load = readLoad(reader);
  const progress = readProgress(reader);
  const results = readResults(reader);
  const placement = readPlacement(reader);
  return {
    ...(drain === undefined ? {} : { drain }),
    ...(load === undefined ? {} : { load }),
    ...(progress === undefined ? {} : { progress }),
    ...(results === undefined ? {} : { results }),
    ...(placement === undefined ? {} : { placement }),
    ...(autoscale === undefined ? {} : { autoscale }),
    ...(scaleRange === undefined ? {} : { scaleRange }),
    ...(control === true ? { control } : {}),
  };
}
