import type { LogLine } from '../domain/LogLine.ts';
import type { LogRow } from '../domain/LogView.ts';
import { readJsonFields } from './readJsonFields.ts';
import { withoutColours } from './withoutColours.ts';

type Line = Pick<LogLine, 'worker' | 'timestamp' | 'level' | 'text' | 'stream'>;
type Row = Pick<LogRow, 'worker' | 'timestamp' | 'level' | 'text' | 'kind'>;

/** Epoch nanoseconds, a decimal string not below 0, as RFC 3339 in UTC with nine decimals. */
export function rfc3339(nanoseconds: string): string {
  const digits = nanoseconds.padStart(10, '0');
  const seconds = new Date(Number(digits.slice(0, -9)) * 1000).toISOString().slice(0, -'.000Z'.length);
  return `${seconds}.${digits.slice(-9)}Z`;
}

/** A line for reading: `2026-11-24T08:00:00.000000001Z worker-1 | text`. */
export function formatLogText(
  line: Pick<LogLine, 'worker' | 'timestamp' | 'text'>,
  options: { timestamps: boolean },
): string {
  const text = `${line.worker} | ${line.text}`;
  return options.timestamps ? `${rfc3339(line.timestamp)} ${text}` : text;
}

/** A line for programs: one line of JSON. `fields` where the text is a JSON object, flattened; `stream` may also be `notice` or `gap`. */
export function formatLogJson(line: Line | Row): string {
  const fields = readJsonFields(withoutColours(line.text));
  return JSON.stringify({
    time: rfc3339(line.timestamp),
    worker: line.worker,
    stream: 'stream' in line ? line.stream : line.kind,
    level: line.level,
    text: line.text,
    ...(fields === null ? {} : { fields }),
  });
}
