import { FlotillaError } from '#shared/contract/errors.ts';
import { LOG_LEVELS, type LogLevel } from '#shared/domain/LogLine.ts';
import { formatLogJson, formatLogText } from '#shared/logs/formatLogLine.ts';
import type { LogQuery } from '#shared/logs/LogQuery.ts';
import { opened } from './opened.ts';
import { parseSince } from './parseSince.ts';
import { parseWhole } from './parseArguments.ts';
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
  const app = await opened(context);
  const services = [...command.words, ...(options.service ?? [])];
  for (const word of services) {
    if (!app.services.some((service) => service.name === word))
      throw new FlotillaError('not-found', `${app.title} has no service “${word}”.`, {
        hint: `It has: ${app.services.map((service) => service.name).join(', ')}.`,
      });
  }
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
    if (text.length > 0) output.raw(`${text.join('\n')}\n`);
    // A full pipe makes the reader wait.
    if (process.stdout.writableNeedDrain)
      await new Promise<void>((resolve) => {
        process.stdout.once('drain', resolve);
        process.stdout.once('close', resolve);
        signal.addEventListener('abort', () => resolve(), { once: true });
      });
  }
  return follow && signal.aborted ? 130 : 0;
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
