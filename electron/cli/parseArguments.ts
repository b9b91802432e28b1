import { parseArgs } from 'node:util';
import { replicasSchema } from '#shared/contract/calls.ts';
import { MAX_REPLICAS, MAX_WAIT_MS } from '#shared/domain/limits.ts';
import { FlotillaError } from '#shared/contract/errors.ts';

export const USAGE = `flotilla - run, scale and understand compute apps in containers

Usage: flotilla COMMAND [DIR] [options]

  check DIR                  problems of the project's files, as file:line:column
  config DIR                 the compose files as docker compose understands them: merged, filled in, written out
                             --services, --volumes, --images or --profiles (names only),
                             --file F (instead of compose.yaml, repeatable, relative to DIR), --env-file F,
                             --env NAME[=VALUE], --profile P
  build DIR [SERVICE...]     build the images                     --no-cache, --builder buildkit|buildx|classic,
                             --progress plain|json, --allow ITEM, --allow-dangers
  up DIR                     start everything, or what changed    --build, --no-build, --allow ITEM, --allow-dangers,
                             --remove-orphans, --retry-failed,
                             --wait (until all run and are healthy), --wait-timeout SECONDS
  run DIR                    up as a run of its own               --build, --allow ITEM, --name NAME, --tag TAG,
                             --wait (until main ends, then down; exit code 1 unless it went well), --keep (stop only),
                             --collect (and until the results are copied), --timeout 1h,
                             --assert (exit code 1 unless it meets the file's requirements of time, memory, core-seconds)
  runs [DIR]                 the runs and studies there were      --filter "tag:x is:failed kind:study word", --limit N, --all
  runs show|delete|rerun ID  one of them: all about it, away with it, again from its very images
  runs compare ID ID         what was different
  runs export ID             to a folder or an archive            --output FOLDER|FILE.tar
  runs annotate ID           --name NAME, --note TEXT, --tag TAG ("" takes away)
  plan DIR                   what up would do, and why            --remove-orphans, --retry-failed
  placement DIR              which CPUs, NUMA nodes and GPUs each replica gets, and which are short
                             --workers N (as if there were so many; exit code 1 where one can have no place)
  ps DIR                     the app's containers
  scale DIR SERVICE=N...     change the number of replicas
  autoscale DIR [SERVICE...] scale by CPU, queue or schedule, as the file says, until Ctrl-C
                             --min N, --max N, --cpu PERCENT, --interval 5s, --verbose
  study DIR --workers 1,2,4  how the app scales: speedup, efficiency, fits, verdict
                             --reps N (7), --quick (3), --max-reps N (more runs while the interval is wide),
                             --cpus-per-worker N (bound to them), --mode strong|weak, --service NAME, --seed N,
                             --cooldown 1s, --timeout 10m (of a run), --from TEXT, --to TEXT (lines of the log that
                             begin and end the time), --name NAME, --compare NAME, --resume,
                             --assert (exit code 1 unless the file's requirements are met), --junit FILE,
                             --report FILE.html, --svg FILE (plots), --runs FILE (all of them, CSV), --measures FILE (CSV),
                             --price P (of a core-hour), --gpu-price P, --forecast 16,32 (what a run with so many takes and costs),
                             --build (first; otherwise only what is missing is), --allow ITEM
  studies DIR                the studies of an app                show ID, compare BEFORE AFTER (ids),
                             export ID with --report, --svg, --runs, --measures; --price, --forecast
  sweep DIR [PARAMS.csv]     a job for each row: a container with the parameters in its environment
                             --grid seed=1..5 (repeatable: all combinations), --service NAME, --jobs N (at once),
                             --retries N, --timeout 10m (of a try), --command "solve --seed {seed}",
                             --column 'loss=loss ([0-9.]+)' (from the log), --result 'loss=out.json:a.b[0]',
                             --name NAME, --csv, --output FILE.csv|FILE.json, --allow ITEM
  sweep DIR --resume [ID]    go on where it was broken off       --retry-failed
  sweeps DIR                 the sweeps of an app                show ID, log ID JOB, delete ID...,
                             export ID --output FILE.csv|FILE.json
  metrics DIR [SERVICE...]   cores, throttling, memory, network, disk and GPUs of each worker
                             --watch (every second, and names workers that lag), --csv, --prometheus
  door DIR                   keep main's control door open, and tell what it asks for, until Ctrl-C
  logs DIR [SERVICE...]      the merged log of all workers, oldest first: everything, or
                             --tail N (of each worker), --since 10m|2026-11-24T08:00:00Z
                             --follow, --grep RE, --level warn (and above), --service NAME, --timestamps
  stop DIR                   stop, keep the containers
  down DIR                   stop and remove                      --volumes
  images                     the engine's images, newest first
  pull IMAGE...              get images from their registries, with the sign-in of docker's configuration
  push IMAGE...              send images to the registries in their names
  engine ls|start|stop       engines that answer; Flotilla's own engine
  serve                      Flotilla in the browser, on 127.0.0.1  --port N, --open

Options of every command
  --json                     machine-readable output
  --host ADDRESS             use this engine only, e.g. unix:///var/run/docker.sock
  --data FOLDER              where Flotilla keeps its own files
  --help, --version

Exit codes: 0 done, 1 failed, 2 wrong usage, 3 the project has errors, 4 no engine, 5 consent needed, 130 interrupted
`;

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

/** @throws FlotillaError `invalid-input` for wrong usage */
export function parseArguments(argv: readonly string[]): Command {
  let parsed: ReturnType<typeof parse>;
  try {
    parsed = parse(argv);
  } catch (error) {
    throw usage(optionProblem((error as Error).message));
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
  if (!(value >= least && value <= most))
    throw usage(`--${option} ${text}: give a whole number from ${least} to ${most}`);
  return value;
}

/** What `parseArgs` of Node says, for people; one value that begins with a dash makes it write an essay. */
function optionProblem(words: string): string {
  const ambiguous = /^Option '([^']+)' argument is ambiguous/.exec(words)?.[1];
  if (ambiguous !== undefined)
    return `${ambiguous} needs a value (one that begins with a dash is written ${ambiguous}=-VALUE)`;
  return words.split('. ')[0] ?? 'Wrong usage';
}

function parse(argv: readonly string[]) {
  return parseArgs({ args: [...argv], options: OPTIONS, allowPositionals: true, strict: true });
}

/** The error for wrong usage, which ends a command with exit code 2. */
export function usage(message: string): FlotillaError {
  return new FlotillaError('invalid-input', `${message}.`, {
    hint: 'flotilla --help shows what there is.',
    detail: { usage: true },
  });
}
