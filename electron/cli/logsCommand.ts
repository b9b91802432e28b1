import { FlotillaError } from '#shared/contract/errors.ts';
import type { AppView } from '#shared/domain/AppView.ts';
import { LOG_LEVELS, type LogLevel } from '#shared/domain/LogLine.ts';
import { formatLogJson, formatLogText } from '#shared/logs/formatLogLine.ts';
import { compileLogQuery } from '#shared/logs/compileLogQuery.ts';
import type { LogQuery } from '#shared/logs/LogQuery.ts';
import { listWords } from '#shared/reconcile/listWords.ts';
import { asUsage } from './asUsage.ts';
import { opened } from './opened.ts';
import { parseSince } from './parseSince.ts';
import { type Command, parseWhole } from './parseArguments.ts';
import type { CommandContext } from './runCommand.ts';

/** `flotilla logs`: the merged log on standard output, one line each; what is missing from it on standard error. */
export async function logsCommand(context: CommandContext): Promise<number> {
  const { core, command, output, signal } = context;
  const { options } = command;
  const sinceMs = options.since === undefined ? undefined : parseSince(options.since, Date.now());
  const tail = options.tail === undefined ? undefined : parseWhole(options.tail, 'tail', 0, 1_000_000_000);
  const query: LogQuery = {
    ...(options.level === undefined ? {} : { levels: levelsFrom(options.level) }),
    ...(options.grep === undefined
      ? {}
      : { include: [{ text: options.grep, regex: true, matchCase: true }] }),
  };
  asUsage(() => compileLogQuery(query), '--grep: ');
  const app = await opened(context);
  const { services, workers } = chosenOf(app, [...command.words, ...(options.service ?? [])]);
  if (workers.length > 0) query.workers = workers;
  const follow = options.follow === true;
  const stream = core.logs.follow(
    {
      appId: app.id,
      services: services.length === 0 ? undefined : services,
      query,
      tail,
      sinceMs,
      follow,
    },
    signal,
  );
  let isEmpty = true;
  for await (const items of stream) {
    const text: string[] = [];
    for (const item of items) {
      if (item.kind === 'lines')
        for (const line of item.lines)
          text.push(
            output.isJson
              ? formatLogJson(line)
              : formatLogText(line, { timestamps: options.timestamps === true }),
          );
      else if (item.notice.kind === 'unavailable')
        output.warn(`${item.notice.worker}: ${item.notice.message}`);
      else if (item.notice.kind === 'skipped')
        output.warn(
          `${item.notice.count} lines of ${item.notice.worker ?? 'the app'} are not kept any more.`,
        );
    }
    if (text.length > 0) {
      isEmpty = false;
      output.raw(`${text.join('\n')}\n`);
    }
    // A full pipe makes the reader wait.
    if (process.stdout.writableNeedDrain)
      await new Promise<void>((resolve) => {
        process.stdout.once('drain', resolve);
        process.stdout.once('close', resolve);
        signal.addEventListener('abort', () => resolve(), { once: true });
      });
  }
  if (isEmpty && !follow && !signal.aborted) output.warn(noLine(app, [...services, ...workers], options));
  return follow && signal.aborted ? 130 : 0;
}

/** Of whom there is none, and what was asked of it; of an app without containers, that. */
function noLine(app: AppView, chosen: readonly string[], options: Command['options']): string {
  const asked = (['tail', 'since', 'grep', 'level'] as const).flatMap((option) =>
    options[option] === undefined ? [] : [`--${option} ${options[option]}`],
  );
  const such = asked.length === 0 ? '' : ` with ${listWords(asked)}`;
  const why = app.workers.length === 0 ? `: ${app.title} has no containers` : '';
  return `There is no line in the log of ${chosen.length === 0 ? app.title : listWords(chosen)}${such}${why}.`;
}

/** Names of services, or of single workers such as `worker-2`; of services with a worker chosen, those workers alone. */
function chosenOf(app: AppView, words: readonly string[]): { services: string[]; workers: string[] } {
  const services: string[] = [];
  const workers: string[] = [];
  for (const word of words) {
    const of = app.services.find(
      ({ name }) => word.startsWith(`${name}-`) && /^\d+$/.test(word.slice(name.length + 1)),
    );
    if (app.services.some(({ name }) => name === word)) services.push(word);
    else if (of !== undefined) workers.push(word);
    else
      throw new FlotillaError('not-found', `${app.title} has no service or worker “${word}”.`, {
        hint: `It has: ${app.services.map((service) => service.name).join(', ')}.`,
        detail: { usage: true },
      });
  }
  if (services.length > 0 && workers.length > 0)
    throw new FlotillaError('invalid-input', 'Choose services or single workers, not both.', {
      hint: `Ask for ${services.join(', ')} and for ${workers.join(', ')} one after the other.`,
      detail: { usage: true },
    });
  return { services, workers };
}

/** A level and those above it. */
function levelsFrom(word: string): LogLevel[] {
  const lowest = LOG_LEVELS.indexOf(word.toLowerCase() as LogLevel);
  if (lowest === -1)
    throw new FlotillaError('invalid-input', `--level ${word}: there is no such level.`, {
      hint: `Levels are ${LOG_LEVELS.slice(1).join(', ')}.`,
      detail: { usage: true },
    });
  return LOG_LEVELS.slice(lowest);
}
