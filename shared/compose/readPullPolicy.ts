import type { ServiceModel } from '../domain/ServiceModel.ts';
import type { ServiceReader } from './ServiceReader.ts';

/** The policies of Compose that Flotilla follows; those that ask again after a time count as `missing`. */
export function readPullPolicy(reader: ServiceReader): ServiceModel['pullPolicy'] {
  const node = reader.at('pull_policy');
  const policy = reader.text(node, 'pull_policy');
  if (policy === 'always' || policy === 'never' || policy === 'build') return policy;
  if (node !== undefined && policy !== undefined && !['missing', 'if_not_present', ''].includes(policy))
    reader.warn(
      'unsupported-key',
      node,
      `pull_policy “${policy}” is not followed.`,
      'The image is fetched when it is not there. Followed are always, never, missing and build.',
    );
  return undefined;
}
