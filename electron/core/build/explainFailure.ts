import { lstat } from 'node:fs/promises';
import { join } from 'node:path';
import { SourceText } from '#shared/compose/SourceText.ts';
import { validatorFindings } from '#shared/dockerfile/advice/validatorFindings.ts';
import { parseDockerfile } from '#shared/dockerfile/parseDockerfile.ts';
import type { BuildFailure } from '#shared/domain/Build.ts';
import { copySources } from './copySources.ts';
import { excerptAround } from './excerptAround.ts';
import { hintInOutput } from './hintInOutput.ts';
import type { BuildFiles } from './locateDockerfile.ts';
import type { PlannedStep } from './planSteps.ts';

/** How builders tell that a command failed: the classic one, BuildKit old and new, Podman's. */
const EXIT_CODE = /(?:returned a non-zero code|exit code|exit status):? (\d+)$/;
/** What BuildKit puts before the reason. */
const WRAPPING =
  /^(?:Error response from daemon: |failed to solve(?: with frontend \S+)?: |rpc error: code = \w+ desc = |failed to create LLB definition: |failed to (?:compute|calculate|load) (?:the )?cache key: |failed to calculate checksum of ref \S+: )+/;

/** Where BuildKit keeps the context it was sent, in the engine's file system. */
const OWN_PLACE = /\/\S*\/buildkit-mount\d+\//g;

/**
 * Puts an engine's account of a failed build at its place in the Dockerfile, with what to do about it.
 * `step` is the one that was under way; undefined when the engine refused the Dockerfile as a whole. `output` are the
 * last lines of what it printed.
 */
export async function explainFailure(
  message: string,
  files: BuildFiles,
  step: PlannedStep | undefined,
  { output = [] }: { output?: readonly string[] } = {},
): Promise<BuildFailure> {
  const text = message.trim().replace(WRAPPING, '').replaceAll(OWN_PLACE, '');
  const lines = files.dockerfileText.split('\n');
  const line =
    step?.line ??
    lineInMessage(text) ??
    lineOfFirstMount(text, lines) ??
    lineOfKeyword(text, files.dockerfileText);
  const hint = await hintFor(text, files, step, output);
  return {
    message: readable(text, step),
    file: files.dockerfile,
    ...(line === undefined ? {} : { line, excerpt: excerptAround(lines, line, step?.endLine ?? line) }),
    ...(hint === undefined ? {} : { hint }),
  };
}

/** The engine's own `dockerfile parse error line 3: …` or `Dockerfile:3`. */
function lineInMessage(message: string): number | undefined {
  const found = /(?:parse error (?:on )?line |Dockerfile:|\bline )(\d+)/i.exec(message)?.[1];
  return found === undefined ? undefined : Number(found);
}

/** `ENV must have two arguments`, without saying which: the only one there is, else the first that the linter finds fault with. */
function lineOfKeyword(message: string, dockerfile: string): number | undefined {
  const keyword = /^(?:Dockerfile )?([A-Z]{2,}) (?:must|requires|takes|names|can)\b/.exec(message)?.[1];
  if (keyword === undefined) return undefined;
  const places = parseDockerfile(dockerfile)
    .instructions.filter((one) => one.keyword.toUpperCase() === keyword)
    .map(({ range, endLine }) => ({ line: range.line, endLine }));
  if (places.length < 2) return places[0]?.line;
  const source = new SourceText(dockerfile);
  const wrong = validatorFindings(dockerfile).map(({ start = 0 }) => source.range(start, start).line);
  return places.find(({ line, endLine }) => wrong.some((at) => at >= line && at <= endLine))?.line;
}

/** Engines refuse BuildKit's options without saying where. */
function lineOfFirstMount(message: string, lines: string[]): number | undefined {
  const option = /the (--[a-z]+) option requires BuildKit/i.exec(message)?.[1];
  if (option === undefined) return undefined;
  const index = lines.findIndex((line) => line.includes(option) && !line.trimStart().startsWith('#'));
  return index === -1 ? undefined : index + 1;
}

function readable(message: string, step: PlannedStep | undefined): string {
  const exit = EXIT_CODE.exec(message)?.[1];
  if (exit !== undefined && step !== undefined) {
    const command = step.text.replace(/\s+/g, ' ');
    const shown = command.length > 160 ? `${command.slice(0, 160)}…` : command;
    return `\`${shown}\` ended with exit code ${exit}.`;
  }
  return step?.keyword === 'FROM'
    ? `The base image \`${baseOf(step)}\` could not be fetched: ${message}`
    : message;
}

async function hintFor(
  message: string,
  files: BuildFiles,
  step: PlannedStep | undefined,
  output: readonly string[],
): Promise<string | undefined> {
  if (/requires BuildKit/i.test(message) || /unknown flag: (mount|chmod|link)/i.test(message))
    return 'The image is built with the engine’s classic builder, which lacks this option. Remove it from the line; a `--mount=type=cache` only saves time.';
  const exit = EXIT_CODE.exec(message)?.[1];
  if (exit !== undefined) return hintInOutput(output) ?? hintForExit(Number(exit));
  if (/no space left on device/i.test(message)) return hintInOutput([message]);
  const secret = /secret ([^\s:]+)(?::| )\s*not found/.exec(message)?.[1];
  if (secret !== undefined)
    return `Add \`${secret}\` to \`secrets\` in the build section of the compose file, with a file of the project or a variable of .env.`;
  if (step?.keyword === 'FROM') return hintForBase(message, step);
  if (step?.keyword === 'COPY' || step?.keyword === 'ADD') return hintForCopy(step, files);
  if (/unknown instruction/i.test(message))
    return 'Check the spelling of the instruction, and that the line before ends in `\\` if it is meant to go on. Texts between `<<EOF` marks need a newer BuildKit: Docker 23, or the line `# syntax=docker/dockerfile:1` at the top and a network.';
  if (/no build stage|file with no instructions/i.test(message))
    return 'The first instruction must be `FROM`, the image to build on, e.g. `FROM python:3.11-slim`.';
  if (/target .* (?:could not be found|not found)|failed to reach build target/i.test(message))
    return 'Name one of the Dockerfile’s stages (`FROM … AS name`) in `build.target`.';
  return undefined;
}

function hintForExit(code: number): string {
  if (code === 127)
    return 'Exit code 127: the program is not in the image at that step. Install it before, or correct its name.';
  if (code === 126)
    return 'Exit code 126: the file is there but cannot be executed. Check its mode and its first line.';
  if (code === 139)
    return 'Exit code 139: the program crashed (segmentation fault), in a statically linked one often while it looked up a host name: is there a network?';
  if (code === 137) return 'Exit code 137: the process was killed, most often because memory ran out.';
  return 'The step’s output says what the command did not like.';
}

function hintForBase(message: string, step: PlannedStep): string {
  const image = baseOf(step);
  if (/toomanyrequests|too many requests|\b429\b|rate limit/i.test(message))
    return 'The registry allows no more downloads for now: log in to it, or wait and build again.';
  if (
    /no such host|dial tcp|i\/o timeout|connection refused|network is unreachable|TLS handshake|deadline exceeded|timeout|connection reset|\bEOF\b/i.test(
      message,
    )
  )
    return `\`${image}\` is not on this engine and its registry cannot be reached: check the network, or load the image into the engine.`;
  if (
    /denied|unauthorized|authentication required|no basic auth|authorization failed|forbidden|\b40[13]\b/i.test(
      message,
    )
  )
    return `Check the name \`${image}\`: no such image is public. If it is private, log in to its registry first.`;
  if (/manifest (?:unknown|for)|not found/i.test(message))
    return `The registry knows no such tag: check the part after the colon in \`${image}\`.`;
  return `\`${image}\` could not be fetched: check its name and the network.`;
}

function baseOf(step: PlannedStep): string {
  return /^FROM\s+(?:--\S+\s+)*(\S+)/i.exec(step.text)?.[1] ?? '?';
}

/** Tells "ignored" from "not there" by looking. */
async function hintForCopy(step: PlannedStep, files: BuildFiles): Promise<string> {
  const sources = copySources(step);
  for (const path of sources) {
    if (path === '' || path.startsWith('../') || /[*?[$]/.test(path)) continue;
    const verdict = files.ignore.judgeDeep(path);
    const there = (await lstat(join(files.contextRoot, path)).catch(() => undefined)) !== undefined;
    if (!there)
      return `There is no \`${path}\` in the build context; check its spelling (upper and lower case count).`;
    if (verdict.ignored)
      return `\`${path}\` exists, but line ${verdict.line} of ${files.ignoreFile ?? '.dockerignore'} leaves it out. Add a line \`!${path}\` after it.`;
  }
  if (sources.some((source) => source.includes('../')))
    return 'COPY reaches only into the build context: a path with `..` leaves it.';
  return 'Check that the files are in the build context and not left out by .dockerignore.';
}
