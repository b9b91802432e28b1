import { runCommand } from './runCommand.ts';

process.exitCode = await runCommand(process.argv.slice(2));
// Keep-alive sockets of the engine must not hold the shell's prompt.
process.exit();
