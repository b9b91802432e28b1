import type { AppView } from '#shared/domain/AppView.ts';

/** Findings of an app's files with which nothing is started. */
export const countErrors = ({ diagnostics }: Pick<AppView, 'diagnostics'>): number =>
  diagnostics.filter(({ severity }) => severity === 'error').length;
