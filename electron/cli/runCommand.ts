import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Core } from '#core/Core.ts';
import { createCore } from '#core/createCore.ts';
import { dataFolder } from '#core/store/dataFolder.ts';
import { FlotillaError } from '#shared/contract/errors.ts';
import { appCommands } from './appCommands.ts';
import { checkProject } from './checkProject.ts';
import { exitCodeOf, shapeOf } from './commandFailure.ts';
import { configCommand } from './configCommand.ts';
import { engineCommand } from './engineCommand.ts';
import { imageCommands } from './imageCommands.ts';
import { type Output, createOutput } from './Output.ts';
import { type Command, commandIn, parseArguments } from './parseArguments.ts';
import { serve } from './serve.ts';
import { usageText } from './usageText.ts';
import { withBuildLog } from './withBuildLog.ts';

/** The installed product's folder: the built command lies two folders below it. */
const productRoot = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/** What a command has at hand. */
export interface CommandContext {
  command: Command;
  output: Output;
  core: Core;
  /** Aborts at Ctrl-C. */
  signal: AbortSignal;
  /** Absolute path of the project folder, for commands that take one. */
  folder: string;
  productRoot: string;
  version: string;
}

/** Runs one command line to its end and answers its exit code; never rejects. */
export async function runCommand(argv: readonly string[]): Promise<number> {
  const asJson = argv.includes('--json');
  const output = createOutput(asJson);
  const interrupted = new AbortController();
  let core: Core | undefined;
  const onSignal = (): void => {
    // A second one means it.
    if (interrupted.signal.aborted) process.exit(130);
    interrupted.abort();
  };
  process.on('SIGINT', onSignal);
  process.on('SIGTERM', onSignal);
  process.stdout.on('error', () => interrupted.abort()); // e.g. `| head`
  try {
    const command = parseArguments(argv);
    const version = (
      JSON.parse(readFileSync(join(productRoot, 'package.json'), 'utf8')) as { version: string }
    ).version;
    if (command.name === 'version') {
      output.result({ version }, version);
      return 0;
    }
    if (command.name === 'help') {
      const text = usageText(command.words[0]);
      output.result({ usage: text }, text);
      return 0;
    }
    const folder = resolve(command.folder);
    if (command.name === 'check') return await checkProject(folder, output);
    if (command.name === 'config')
      return await configCommand({ ...command, folder }, output, {
        env: process.env,
        homeDirectory: homedir(),
      });
    core = await createCore({
      dataFolder:
        command.options.data === undefined
          ? dataFolder(process.env, homedir())
          : resolve(command.options.data),
      env: process.env,
      homeDirectory: homedir(),
      templatesFolder: join(productRoot, 'resources', 'templates'),
      onlyHost: command.options.host,
      logWorkerFile: join(productRoot, 'dist', 'cli', 'logWorker.mjs'),
      keepLogs: command.name === 'serve',
      keepDoors: command.name === 'serve' || command.name === 'door',
    });
    const context: CommandContext = {
      command,
      output,
      core,
      signal: interrupted.signal,
      folder,
      productRoot,
      version,
    };
    if (command.name === 'serve') return await serve(context);
    if (command.name === 'engine') return await engineCommand(context);
    const run = appCommands[command.name] ?? imageCommands[command.name];
    if (run === undefined) throw new FlotillaError('internal', `“${command.name}” is not built in.`);
    return await run(context);
  } catch (error) {
    const name = commandIn(argv);
    const told = shapeOf(error, interrupted.signal, name);
    // `build` has printed it already.
    const shape = core === undefined || name === 'build' ? told : withBuildLog(told, core.builds);
    output.error(shape);
    return exitCodeOf(shape);
  } finally {
    process.off('SIGINT', onSignal);
    process.off('SIGTERM', onSignal);
    await core?.dispose();
  }
}
