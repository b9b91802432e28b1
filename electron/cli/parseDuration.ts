import { parseGoDuration } from '#shared/compose/config/encode/parseGoDuration.ts';
import { usage } from './parseArguments.ts';

/** `10s` or `1m30s` in milliseconds; undefined when the option was not given. @throws FlotillaError `invalid-input` */
export function parseDuration(
  text: string | undefined,
  option: string,
  leastMs: number,
  mostMs: number,
): number | undefined {
  if (text === undefined) return undefined;
  const ms = Number(parseGoDuration(text) ?? -1n) / 1e6;
  if (ms >= leastMs && ms <= mostMs) return ms;
  throw usage(`--${option} ${text}: give a time such as 10s or 1m30s`);
}
