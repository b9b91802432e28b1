import type { LocatedMap } from '../Located.ts';
import { checkConsistency } from './checks/checkConsistency.ts';
import { encodeConfig } from './encode/encodeConfig.ts';
import type { LoadContext } from './LoadContext.ts';
import { applyProfiles } from './normalize/applyProfiles.ts';
import { projectShape } from './shapes/projectShape.ts';

/**
 * The services of a loaded project that are on, and the names of those that are off by their profiles. What compose refuses of the whole
 * is told.
 * @param profiles those switched on, beside the ones of COMPOSE_PROFILES
 */
export function checkProject(
  root: LocatedMap,
  { findings, variables }: LoadContext,
  profiles: readonly string[],
): { root: LocatedMap; disabled: ReadonlySet<string> } {
  // Services that are off must make sense too.
  encodeConfig(root, projectShape, findings);
  const enabled = applyProfiles(root, [...profiles, ...split(variables.get('COMPOSE_PROFILES'))]);
  checkConsistency(enabled.root, enabled.disabled, findings);
  return enabled;
}

function split(text: string | undefined): string[] {
  return (text ?? '').split(',').flatMap((part) => (part.trim() === '' ? [] : [part.trim()]));
}
