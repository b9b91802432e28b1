import type { LoadContext } from '../LoadContext.ts';

/** True once something was told that compose refuses, unless the rest is wanted all the same. */
export function mustStop({ findings, readsOn }: Pick<LoadContext, 'findings' | 'readsOn'>): boolean {
  return findings.hasErrors && !readsOn;
}
