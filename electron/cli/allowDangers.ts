import type { DangerView } from '#shared/domain/Diagnostic.ts';
import { FlotillaError, type ErrorShape } from '#shared/contract/errors.ts';

/** How `--allow` names a setting. Several settings never have the same. */
export const itemOf = ({ service, kind, value }: Pick<DangerView, 'service' | 'kind' | 'value'>): string =>
  `${service}:${kind}:${value}`;

/**
 * Ids of the dangers that `--allow ITEM` names, by {@link itemOf} or by their id.
 * @throws FlotillaError `invalid-input` for one that the project does not ask for
 */
export function allowedIds(items: readonly string[], dangers: readonly DangerView[]): string[] {
  return items.map((item) => {
    const danger = dangers.find((candidate) => candidate.id === item || itemOf(candidate) === item);
    if (danger !== undefined) return danger.id;
    throw new FlotillaError('invalid-input', `--allow ${item}: the project asks for no such thing.`, {
      hint:
        dangers.length === 0
          ? 'It asks for nothing that needs consent.'
          : `It asks for: ${dangers.map(itemOf).join(', ')}.`,
      detail: { usage: true },
    });
  });
}

/** The refusal for want of consent as a terminal says it: what, where, why, and how to allow each. */
export function withAllowLines(error: ErrorShape): ErrorShape {
  const { dangers } = error.detail ?? {};
  if (error.code !== 'consent-required' || !Array.isArray(dangers)) return error;
  const lines = (dangers as DangerView[]).map(
    (danger) =>
      `    --allow '${itemOf(danger).replaceAll("'", `'\\''`)}'  ${danger.file}${danger.line === undefined ? '' : `:${danger.line}`}: ${danger.explanation}${danger.grantedBefore ? ' (Allowed before; its files have changed since.)' : ''}`,
  );
  return {
    ...error,
    hint: `Take it out of the compose file, or allow each that you trust with flotilla up DIR (or build, run or study DIR):\n${lines.join('\n')}`,
  };
}
