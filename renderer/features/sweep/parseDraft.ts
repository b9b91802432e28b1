import type { CallInput } from '#shared/contract/calls.ts';
import { parseGoDuration } from '#shared/compose/config/encode/parseGoDuration.ts';
import { wordsOf } from '#shared/compose/edit/commandWords.ts';
import { toErrorShape } from '#shared/contract/errors.ts';
import { MAX_CLIENT_MESSAGE_BYTES } from '#shared/contract/wire.ts';
import { MAX_JOB_MS } from '#shared/domain/limits.ts';
import type { SweepColumn } from '#shared/domain/Sweep.ts';
import { expandGrid, readAxis } from '#shared/sweep/expandGrid.ts';
import { assertColumns, readFileColumn, readLogColumn } from '#shared/sweep/readColumns.ts';
import { readParameters } from '#shared/sweep/readParameters.ts';
import type { SweepDraft } from './sweepDraft.ts';

/** Leaves room for all else in a message. */
const MOST_BYTES = MAX_CLIENT_MESSAGE_BYTES - 64 * 1024;

type Options = Omit<CallInput<'sweeps.start'>, 'appId'>;

export type DraftErrors = Partial<
  Record<'parameters' | 'timeout' | 'logColumns' | 'fileColumns' | 'command', string>
>;

export interface ParsedDraft {
  /** Undefined while something is wrong, or there is no parameter yet. */
  options?: Options | undefined;
  errors: DraftErrors;
}

/** What a sweep is begun with, from what was typed; or what is wrong with it. */
export function parseDraft(draft: SweepDraft): ParsedDraft {
  const errors: DraftErrors = {};
  const tried = <Value>(field: keyof DraftErrors, read: () => Value): Value | undefined => {
    try {
      return read();
    } catch (error) {
      const { message, hint } = toErrorShape(error);
      errors[field] = hint === undefined ? message : `${message} ${hint}`;
      return undefined;
    }
  };
  const isEmpty = (draft.kind === 'grid' ? draft.grid : draft.table).trim() === '';
  const parameters = isEmpty
    ? undefined
    : tried('parameters', () =>
        draft.kind === 'grid'
          ? expandGrid(linesOf(draft.grid).map(({ text, line }) => readAxis(text, `line ${line}:`)))
          : readParameters(draft.table, draft.file === '' ? 'table' : draft.file),
      );
  const columns = (field: 'logColumns' | 'fileColumns', read: (text: string) => SweepColumn) =>
    tried(field, () => linesOf(draft[field]).map(({ text }) => read(text))) ?? [];
  const logColumns = columns('logColumns', readLogColumn);
  const fileColumns = columns('fileColumns', readFileColumn);
  if (parameters !== undefined && bytesOf(parameters.rows) > MOST_BYTES)
    errors.parameters = 'That is more than a window can send: flotilla sweep DIR FILE.csv takes it.';
  if (parameters !== undefined)
    tried(fileColumns.length > 0 ? 'fileColumns' : 'logColumns', () =>
      assertColumns([...logColumns, ...fileColumns], parameters.parameters),
    );
  const command = draft.command.trim() === '' ? undefined : wordsOf(draft.command);
  if (draft.command.trim() !== '' && command === undefined)
    errors.command = 'A quote is not closed, or it needs a shell: sh -c "…".';
  const timeout = draft.timeout.trim();
  const timeoutMs = timeout === '' ? undefined : Number(parseGoDuration(timeout) ?? -1n) / 1e6;
  if (timeoutMs !== undefined && !(timeoutMs >= 1_000 && timeoutMs <= MAX_JOB_MS))
    errors.timeout = 'Give a time such as 90s or 1h30m.';
  if (parameters === undefined || Object.keys(errors).length > 0) return { errors };
  return {
    errors,
    options: {
      ...parameters,
      ...(draft.service === '' ? {} : { service: draft.service }),
      ...(draft.concurrency === 0 ? {} : { concurrency: draft.concurrency }),
      retries: draft.retries,
      ...(timeoutMs === undefined ? {} : { timeoutMs }),
      ...(command === undefined ? {} : { command }),
      columns: [...logColumns, ...fileColumns],
      ...(draft.name.trim() === '' ? {} : { name: draft.name.trim() }),
    },
  };
}

const bytesOf = (value: unknown): number => new TextEncoder().encode(JSON.stringify(value)).length;

/** Lines that are not empty, with their numbers. */
const linesOf = (text: string): { text: string; line: number }[] =>
  text
    .split('\n')
    .map((line, index) => ({ text: line.trim(), line: index + 1 }))
    .filter((line) => line.text !== '');
