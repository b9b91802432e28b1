import { parseArgs } from 'node:util';
import { replicasSchema } from '#shared/contract/calls.ts';
import { MAX_REPLICAS, MAX_WAIT_MS } from '#shared/domain/limits.ts';
import { nearestKey } from '#shared/compose/knownKeys.ts';
import { FlotillaError } from '#shared/contract/errors.ts';

const OPTIONS = {
  json: { type: 'boolean' },
  host: { type: 'string' },
  data: { type: 'string' },
  help: { type: 'boolean', short: 'h' },
  version: { type: 'boolean' },
  'no-cache': { type: 'boolean' },
  builder: { type: 'string' },
  progress: { type: 'string' },
  build: { type: 'boolean' },
  'no-build': { type: 'boolean' },
  'allow-dangers': { type: 'boolean' },
  allow: { type: 'string', multiple: true },
  'remove-orphans': { type: 'boolean' },
  'retry-failed': { type: 'boolean' },
  wait: { type: 'boolean' },
  'wait-timeout': { type: 'string' },
  follow: { type: 'boolean', short: 'f' },
  tail: { type: 'string' },
  since: { type: 'string' },
  grep: { type: 'string' },
  level: { type: 'string' },
  service: { type: 'string', multiple: true },
  timestamps: { type: 'boolean', short: 't' },
  volumes: { type: 'boolean', short: 'v' },
  services: { type: 'boolean' },
  images: { type: 'boolean' },
  profiles: { type: 'boolean' },
  file: { type: 'string', multiple: true },
  'env-file': { type: 'string', multiple: true },
  env: { type: 'string', multiple: true },
  profile: { type: 'string', multiple: true },
  port: { type: 'string' },
  open: { type: 'boolean' },
  min: { type: 'string' },
  max: { type: 'string' },
  cpu: { type: 'string' },
  interval: { type: 'string' },
  verbose: { type: 'boolean' },
  workers: { type: 'string' },
  reps: { type: 'string' },
  'max-reps': { type: 'string' },
  'cpus-per-worker': { type: 'string' },
  quick: { type: 'boolean' },
  mode: { type: 'string' },
  seed: { type: 'string' },
  cooldown: { type: 'string' },
  timeout: { type: 'string' },
  from: { type: 'string' },
  to: { type: 'string' },
  name: { type: 'string' },
  compare: { type: 'string' },
  resume: { type: 'boolean' },
  assert: { type: 'boolean' },
  junit: { type: 'string' },
  watch: { type: 'boolean' },
  csv: { type: 'boolean' },
  prometheus: { type: 'boolean' },
  report: { type: 'string' },
  svg: { type: 'string' },
  runs: { type: 'string' },
  measures: { type: 'string' },
  price: { type: 'string' },
  'gpu-price': { type: 'string' },
  forecast: { type: 'string' },
  collect: { type: 'boolean' },
  keep: { type: 'boolean' },
  tag: { type: 'string', multiple: true },
  note: { type: 'string' },
  filter: { type: 'string' },
  limit: { type: 'string' },
  all: { type: 'boolean' },
  output: { type: 'string', short: 'o' },
  grid: { type: 'string', multiple: true },
  jobs: { type: 'string' },
  retries: { type: 'string' },
  command: { type: 'string' },
  column: { type: 'string', multiple: true },
  result: { type: 'string', multiple: true },
} as const;

type OptionName = keyof typeof OPTIONS;
const EVERYWHERE: OptionName[] = ['json', 'host', 'data', 'help', 'version'];

const COMMANDS: Record<string, { options: OptionName[]; folder: boolean; words: 'none' | 'any' | 'some' }> = {
  check: { options: [], folder: true, words: 'none' },
  config: {
    options: ['services', 'volumes', 'images', 'profiles', 'file', 'env-file', 'env', 'profile'],
    folder: true,
    words: 'none',
  },
  build: {
    options: ['no-cache', 'builder', 'progress', 'allow', 'allow-dangers'],
    folder: true,
    words: 'any',
  },
  up: {
    options: [
      'build',
      'no-build',
      'allow',
      'allow-dangers',
      'remove-orphans',
      'retry-failed',
      'wait',
      'wait-timeout',
    ],
    folder: true,
    words: 'none',
  },
  run: {
    options: [
      'build',
      'allow',
      'allow-dangers',
      'wait',
      'collect',
      'keep',
      'name',
      'tag',
      'timeout',
      'assert',
    ],
    folder: true,
    words: 'none',
  },
  runs: { options: ['filter', 'limit', 'all', 'output', 'name', 'note', 'tag'], folder: false, words: 'any' },
  plan: { options: ['remove-orphans', 'retry-failed'], folder: true, words: 'none' },
  placement: { options: ['workers'], folder: true, words: 'none' },
  ps: { options: [], folder: true, words: 'none' },
  scale: { options: [], folder: true, words: 'some' },
  autoscale: { options: ['min', 'max', 'cpu', 'interval', 'verbose'], folder: true, words: 'any' },
  study: {
    options: [
      ...['workers', 'reps', 'quick', 'mode', 'service', 'seed', 'cooldown', 'timeout', 'from', 'to'],
      ...['name', 'compare', 'resume', 'assert', 'junit'],
      ...['report', 'svg', 'runs', 'measures', 'max-reps', 'cpus-per-worker', 'price', 'forecast', 'allow'],
      ...['build', 'gpu-price'],
    ] as OptionName[],
    folder: true,
    words: 'none',
  },
  metrics: { options: ['watch', 'csv', 'prometheus'], folder: true, words: 'any' },
  studies: {
    options: ['report', 'svg', 'runs', 'measures', 'price', 'gpu-price', 'forecast'],
    folder: false,
    words: 'some',
  },
  sweep: {
    options: [
      ...['grid', 'service', 'jobs', 'retries', 'timeout', 'command', 'column', 'result', 'name'],
      ...['csv', 'output', 'resume', 'retry-failed', 'allow'],
    ] as OptionName[],
    folder: true,
    words: 'any',
  },
  sweeps: { options: ['csv', 'output'], folder: false, words: 'some' },
  door: { options: [], folder: true, words: 'none' },
  logs: {
    options: ['follow', 'tail', 'since', 'grep', 'level', 'service', 'timestamps'],
    folder: true,
    words: 'any',
  },
  stop: { options: [], folder: true, words: 'none' },
  down: { options: ['volumes'], folder: true, words: 'none' },
  images: { options: [], folder: false, words: 'none' },
  pull: { options: [], folder: false, words: 'some' },
  push: { options: [], folder: false, words: 'some' },
  engine: { options: [], folder: false, words: 'some' },
  serve: { options: ['port', 'open'], folder: false, words: 'none' },
};

/** What a command wants at least one of. */
const NEEDED_WORDS: Record<string, string> = {
  scale: 'SERVICE=N, as in worker=6',
  engine: 'one of ls, start, stop',
  studies: 'a project folder, or show ID, export ID, compare BEFORE AFTER',
  sweeps: 'a project folder, or show ID, log ID JOB, export ID, delete ID',
  pull: 'an image, as in python:3.11-slim',
  push: 'an image, as in localhost:5000/team/solver:2',
};

export interface Command {
  name: string;
  /** As given, not resolved. */
  folder: string;
  words: string[];
  options: {
    [Name in OptionName]?: (typeof OPTIONS)[Name] extends { multiple: true }
      ? string[]
      : (typeof OPTIONS)[Name]['type'] extends 'boolean'
        ? boolean
        : string;
  };
}

/** The command that a command line is about, however wrong the rest of it is. */
export function commandIn(argv: readonly string[]): string | undefined {
  const isCommand = (word: string): boolean => Object.hasOwn(COMMANDS, word);
  try {
    return parse(argv).positionals.slice(0, 1).find(isCommand);
  } catch {
    // What belongs to an option that is none is not known.
    return parseArgs({ ...settingsOf(argv), strict: false }).positionals.find(isCommand);
  }
}

/** @throws FlotillaError `invalid-input` for wrong usage */
export function parseArguments(argv: readonly string[]): Command {
  let parsed: ReturnType<typeof parse>;
  try {
    parsed = parse(argv);
  } catch (error) {
    throw usage(optionProblem((error as Error).message, commandIn(argv)));
  }
  const [name, ...rest] = parsed.positionals;
  const options = parsed.values;
  if (options.help === true || options.version === true || name === undefined)
    return {
      name: options.version === true ? 'version' : 'help',
      folder: '',
      words: name === undefined ? [] : [name],
      options,
    };
  if (name === 'help') return { name, folder: '', words: rest, options };
  if (!Object.hasOwn(COMMANDS, name)) throw usage(`There is no command “${name}”`);
  const command = COMMANDS[name];
  if (command === undefined) throw usage(`There is no command “${name}”`);
  for (const option of Object.keys(options) as OptionName[]) {
    if (!EVERYWHERE.includes(option) && !command.options.includes(option))
      throw usage(`“${name}” has no option --${option}`);
  }
  const [first, ...others] = rest;
  if (command.folder && first === undefined) throw usage(`“${name}” needs the project folder`);
  const words = command.folder ? others : rest;
  if (command.words === 'none' && words.length > 0)
    throw usage(`“${name}” does not know what to do with “${words[0] ?? ''}”`);
  if (command.words === 'some' && words.length === 0)
    throw usage(`“${name}” needs ${NEEDED_WORDS[name] ?? 'more'}`);
  return { name, folder: command.folder ? (first ?? '') : '', words, options };
}

/** `worker=6` as service and replicas. @throws FlotillaError `invalid-input` */
export function parseScale(word: string): { service: string; replicas: number } {
  const at = word.lastIndexOf('=');
  const service = word.slice(0, at);
  const number = word.slice(at + 1);
  const replicas = /^-?\d+(\.\d+)?(e\d+)?$/i.test(number) ? Number(number) : Number.NaN;
  if (at < 1) throw usage(`“${word}” is no SERVICE=N, as in worker=6`);
  if (!replicasSchema.safeParse(replicas).success)
    throw usage(`“${number}” is no number of replicas: a whole number from 0 to ${MAX_REPLICAS}`);
  return { service, replicas };
}

/** How long `up` is to wait; `--wait-timeout` alone means it, too. @throws FlotillaError `invalid-input` */
export function parseWait(options: Command['options']): { timeoutMs?: number } | undefined {
  const timeout = options['wait-timeout'];
  if (timeout !== undefined)
    return { timeoutMs: 1000 * parseWhole(timeout, 'wait-timeout', 1, MAX_WAIT_MS / 1000) };
  return options.wait === true ? {} : undefined;
}

/** One of a few words; undefined when the option was not given. @throws FlotillaError `invalid-input` */
export function parseChoice<Choice extends string>(
  text: string | undefined,
  option: string,
  choices: readonly Choice[],
): Choice | undefined {
  const found = choices.find((choice) => choice === text);
  if (text !== undefined && found === undefined)
    throw usage(`--${option} ${text}: give one of ${choices.join(', ')}`);
  return found;
}

/** A whole number in a range. @throws FlotillaError `invalid-input` */
export function parseWhole(text: string, option: string, least: number, most: number): number {
  const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (text === '') throw usage(`--${option}: a number is missing; give whole ones from ${least} to ${most}`);
  if (!(value >= least && value <= most))
    throw usage(`--${option} ${text}: give a whole number from ${least} to ${most}`);
  return value;
}

/** What `parseArgs` of Node says, for people; one value that begins with a dash makes it write an essay. */
function optionProblem(words: string, command?: string): string {
  const unknown = /^Unknown option '--([^']+)'/.exec(words)?.[1];
  if (unknown !== undefined) {
    const known = command === undefined ? [] : [...(COMMANDS[command]?.options ?? []), ...EVERYWHERE];
    // Words of a name are joined by _ where names are compared.
    const near = nearestKey(
      unknown,
      known.map((name) => name.replaceAll('-', '_')),
    )?.replaceAll('_', '-');
    return `There is no option --${unknown}${near === undefined ? '' : `, but --${near}`}`;
  }
  const ambiguous = /^Option '([^']+)' argument is ambiguous/.exec(words)?.[1];
  if (ambiguous !== undefined)
    return `${ambiguous} needs a value (one that begins with a dash is written ${ambiguous}=-VALUE)`;
  return words.split('. ')[0] ?? 'Wrong usage';
}

const settingsOf = (argv: readonly string[]) =>
  ({ args: [...argv], options: OPTIONS, allowPositionals: true }) as const;

function parse(argv: readonly string[]) {
  return parseArgs({ ...settingsOf(argv), strict: true });
}

/** Of wrong usage that has nothing more to say. */
export const USAGE_HINT = 'flotilla --help shows what there is.';

/** The error for wrong usage, which ends a command with exit code 2. @see commandIn, whose own help is then named */
export function usage(message: string): FlotillaError {
  return new FlotillaError('invalid-input', `${message}.`, {
    hint: USAGE_HINT,
    detail: { usage: true },
  });
}
