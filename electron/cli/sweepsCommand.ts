import { resolve } from 'node:path';
import type { SweepSummary, SweepTable } from '#shared/domain/Sweep.ts';
import { countWords } from '#shared/sweep/describeSweep.ts';
import { jobsOf } from '#shared/sweep/sweepJobs.ts';
import { MAX_JOBS } from '#shared/sweep/ParameterTable.ts';
import { usage } from './parseArguments.ts';
import type { CommandContext } from './runCommand.ts';
import { assertTableFile, printTable, writeTable } from './sweepFiles.ts';

/**
 * `flotilla sweeps DIR` lists an app's sweeps; `show ID`, `log ID JOB`, `export ID` and `delete ID` work on those that were made, by the first characters of
 * their ids. None needs an engine.
 */
export async function sweepsCommand(context: CommandContext): Promise<number> {
  const [verb = '', ...rest] = context.command.words;
  const act = Object.hasOwn(VERBS, verb) ? VERBS[verb] : undefined;
  return act === undefined ? list(context, verb, rest) : act(context, rest);
}

async function list(
  { core, output }: CommandContext,
  folder: string,
  more: readonly string[],
): Promise<number> {
  if (more.length > 0)
    throw usage(`“sweeps” knows show, log, export and delete; “${folder} ${more.join(' ')}” is none of them`);
  const remembered = (await core.apps.recents()).map(({ id }) => id);
  const { id, services } = await core.apps.open(resolve(folder));
  const sweeps = await core.sweeps.list(id);
  if (services.length === 0 && sweeps.length === 0 && !remembered.includes(id))
    await core.apps.close(id, { forget: true });
  output.result(
    { sweeps },
    sweeps.length === 0 ? 'No sweep of this app was made yet.' : sweeps.map(headOf).join('\n'),
  );
  return 0;
}

function headOf({ id, createdAt, name, service, parameters, counts }: SweepSummary): string {
  const date = new Date(createdAt).toISOString().slice(0, 16).replace('T', ' ');
  const called = name === undefined ? '' : `“${name}”, `;
  return `${id}  ${date}  ${called}${service} by ${parameters.join(', ')}: ${countWords(counts)}`;
}

const VERBS: Record<string, (context: CommandContext, words: string[]) => Promise<number>> = {
  async show(context, words) {
    printTable(context.output, await tableOf(context, words, 'show'), context.command.options.csv === true);
    return 0;
  },
  async export(context, words) {
    const { output: file } = context.command.options;
    if (file === undefined) throw usage('“sweeps export” needs --output, a name that ends in .csv or .json');
    assertTableFile(file);
    const path = await writeTable(await tableOf(context, words, 'export'), file);
    context.output.result({ file: path }, path);
    return 0;
  },
  async log({ core, output }, words) {
    const [id, job, ...more] = words;
    if (id === undefined || job === undefined || more.length > 0)
      throw usage('“sweeps log” needs a sweep and the number of a job');
    const lines = await core.sweeps.log(id, jobNumber(job) - 1);
    output.result({ lines }, lines.join('\n'));
    return 0;
  },
  async delete({ core, output }, words) {
    if (words.length === 0) throw usage('“sweeps delete” needs a sweep');
    for (const id of words) await core.sweeps.remove(id);
    output.result(
      { deleted: words },
      `${words.length === 1 ? 'The sweep is' : `${words.length} sweeps are`} deleted.`,
    );
    return 0;
  },
};

function jobNumber(text: string): number {
  const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (!(value >= 1 && value <= MAX_JOBS)) throw usage(`“${text}” is no number of a job`);
  return value;
}

async function tableOf(
  { core }: CommandContext,
  words: readonly string[],
  verb: string,
): Promise<SweepTable> {
  const [id, ...more] = words;
  if (id === undefined || more.length > 0)
    throw usage(`“sweeps ${verb}” needs the id of one sweep, as “sweeps DIR” lists them`);
  const record = await core.sweeps.find(id);
  return { plan: record.plan, jobs: jobsOf(record) };
}
