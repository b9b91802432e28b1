import { MAX_REPLICAS } from '#shared/domain/limits.ts';
import type { AutoscaleNews } from '#shared/domain/Autoscale.ts';
import { parseGoDuration } from '#shared/compose/config/encode/parseGoDuration.ts';
import { autoscaleWords } from '#shared/scaling/autoscaleWords.ts';
import { FlotillaError } from '#shared/contract/errors.ts';
import { assertServices } from './assertServices.ts';
import { opened } from './opened.ts';
import { parseWhole } from './parseArguments.ts';
import type { CommandContext } from './runCommand.ts';

const LONGEST_INTERVAL_MS = 3_600_000;

/**
 * `flotilla autoscale`: scales until it is interrupted, and tells each change and each problem in a line (with `--verbose` each look, too);
 * with `--json` one object a line.
 */
export async function autoscaleCommand(context: CommandContext): Promise<number> {
  const { core, command, output, signal } = context;
  const { min, max, cpu, interval, verbose } = command.options;
  const change = {
    ...(min === undefined ? {} : { min: parseWhole(min, 'min', 0, MAX_REPLICAS) }),
    ...(max === undefined ? {} : { max: parseWhole(max, 'max', 1, MAX_REPLICAS) }),
    ...(cpu === undefined ? {} : { cpuTarget: parseWhole(cpu.replace(/%$/, ''), 'cpu', 1, 10_000) / 100 }),
    ...(interval === undefined ? {} : { intervalMs: parseInterval(interval) }),
  };
  const app = await opened(context);
  const services = [...new Set(command.words)];
  assertServices(app, services);
  await core.apps.autoscale(app.id, {
    services: services.length === 0 ? undefined : services,
    change,
    signal,
    onNews: (news) => {
      if (news.kind === 'look' && verbose !== true) return;
      output.line(news, sentence(news));
    },
  });
  return 130;
}

function sentence(news: AutoscaleNews): string {
  return `${new Date(news.at).toTimeString().slice(0, 8)} ${news.service}: ${autoscaleWords(news)}`;
}

function parseInterval(text: string): number {
  const ms = Number(parseGoDuration(text) ?? -1n) / 1e6;
  if (ms >= 1_000 && ms <= LONGEST_INTERVAL_MS) return ms;
  throw new FlotillaError('invalid-input', `--interval ${text}: give a time from 1s to 1h.`, {
    detail: { usage: true },
  });
}
