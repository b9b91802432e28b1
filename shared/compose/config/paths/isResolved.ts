import type { Located } from '../../Located.ts';

/** True for a path that `resolvePaths` has seen. */
export function isResolved(node: Located): boolean {
  return node.kind === 'scalar' && node.resolved === true;
}
