import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve, sep } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { FlotillaError } from '#shared/contract/errors.ts';
import { isRemote } from '#shared/compose/config/paths/isRemote.ts';
import type { Endpoint } from '#shared/domain/Engine.ts';
import type { Builder, BuildJob } from '../Builder.ts';
import { BuildProblem } from '../BuildProblem.ts';
import { INSTALL_BUILDX } from '../chooseBuilder.ts';
import { explainSolve } from '../explainSolve.ts';
import { recordProgress } from '../recordProgress.ts';
import type { SolveProgress } from '../SolveProgress.ts';
import { readIndentedJson } from '../readJsonLines.ts';
import { readSecret } from '../readSecret.ts';
import { explainContext } from './explainContext.ts';
import { buildxArguments } from './buildxArguments.ts';
import { commandEnvironment } from './commandEnvironment.ts';
import { readRawJson } from './readRawJson.ts';

/** How long buildx may take to break a build off before it is killed. */
const GRACE_MS = 1_500;
/** Lines that are no progress, kept to say why it failed. */
const MOST_WORDS = 40;

/** The `docker buildx` command, for what the engine's session does not serve. */
export function createBuildxBuilder({ env }: { env: NodeJS.ProcessEnv }): Builder {
  return {
    kind: 'buildx',
    async build(job) {
      const folder = await mkdtemp(join(tmpdir(), 'flotilla-buildx-'));
      try {
        return await run(job, folder, env);
      } finally {
        await rm(folder, { recursive: true, force: true });
      }
    },
  };
}

async function run(job: BuildJob, folder: string, env: NodeJS.ProcessEnv): Promise<string> {
  const { record, client, files, shared } = job;
  const { request, signal } = record;
  const imageIdFile = join(folder, 'image-id');
  const secretVariables = new Map<string, string>();
  const variables: Record<string, string> = {};
  for (const [index, secret] of (request.build.secrets ?? []).entries()) {
    const name = `FLOTILLA_SECRET_${index}`;
    variables[name] = (await readSecret(request.projectRoot, secret)).toString('utf8');
    secretVariables.set(secret.id, name);
  }
  const places = {
    imageIdFile,
    secretVariables,
    ssh: await sshValues(request.projectRoot, request.build.ssh ?? []),
    contexts: await contextValues(request.projectRoot, request.build.additionalContexts ?? {}),
    dockerfile: files.isCarried ? await writeDockerfile(folder, files) : undefined,
  };
  const context = files.isCarried ? undefined : await job.context();
  // One that cannot be read, or is too large, is told before the command is asked.
  if (context === undefined) await job.tree();
  const progress = recordProgress({ record, files, shared });
  const words: string[] = [];
  signal.throwIfAborted();
  record.enter('building');
  const child = spawn('docker', buildxArguments(request, files, places), {
    cwd: folder,
    env: { ...commandEnvironment(env), ...variables, ...(await engineVariables(client.endpoint, folder)) },
    stdio: ['pipe', 'ignore', 'pipe'],
    windowsHide: true,
  });
  const ended = exitOf(child);
  const stop = (): void => end(child);
  signal.addEventListener('abort', stop, { once: true });
  try {
    // What breaks it is told by the exit code and by `broken`.
    const sending = pipeline(context?.body ?? Readable.from([]), child.stdin).catch(() =>
      child.stdin.destroy(),
    );
    for await (const line of readIndentedJson(child.stderr)) {
      const status = line.ok ? readRawJson(line.value) : undefined;
      if (status !== undefined) progress.accept(status);
      else {
        const text = line.ok ? JSON.stringify(line.value) : line.text;
        record.line({ step: 0, text });
        words.push(text);
        if (words.length > MOST_WORDS) words.shift();
      }
    }
    await sending;
    const code = await ended;
    if (signal.aborted) throw new FlotillaError('cancelled', 'The build was cancelled.');
    if (context?.broken.reason instanceof BuildProblem) throw context.broken.reason;
    if (code !== 0) throw new BuildProblem(await explain(words, job, progress, code));
    const said = (await readFile(imageIdFile, 'utf8').catch(() => '')).trim();
    progress.close('done');
    return said;
  } catch (error) {
    progress.close(signal.aborted ? 'cancelled' : 'failed');
    throw error;
  } finally {
    signal.removeEventListener('abort', stop);
    context?.body.destroy();
    end(child);
    await ended.catch(() => undefined);
  }
}

/**
 * BuildKit goes by no ignore rules in a tar, so a Dockerfile that is only carried there would get into the image: it is
 * given as a file, with the rules that go with it, and the command reads the context’s folder.
 */
async function writeDockerfile(folder: string, files: BuildJob['files']): Promise<string> {
  const place = join(folder, 'Dockerfile');
  await writeFile(place, files.dockerfileText);
  await writeFile(`${place}.dockerignore`, files.ignore.source.text);
  return place;
}

async function explain(
  words: readonly string[],
  { files, record }: BuildJob,
  progress: SolveProgress,
  code: number | string,
): ReturnType<typeof explainSolve> {
  const said = words.findLast((line) => line.startsWith('ERROR: ')) ?? words.at(-1) ?? '';
  const failure = await explainSolve(
    said.replace(/^ERROR: /, '') || `\`docker buildx\` ended with ${code}.`,
    files,
    progress,
  );
  const contexts = record.request.build.additionalContexts ?? {};
  const context = await explainContext(progress.failures, contexts, files);
  if (context !== undefined) return context;
  if (failure.message.includes('unsupported frontend capability moby.buildkit.frontend.contexts'))
    return {
      ...failure,
      message: 'The builder of this engine is too old for further contexts (`additional_contexts`).',
      hint: 'Docker has them since 23.0. With a network, the line `# syntax=docker/dockerfile:1` at the top of the Dockerfile fetches a newer one.',
    };
  if (failure.message.startsWith('Attestation is not supported'))
    return {
      ...failure,
      message: 'This engine cannot keep `provenance` and `sbom` beside its images.',
      hint: 'Its containerd image store can: turn that on in the engine’s settings, or take both out of the build section.',
    };
  if (failure.hint !== undefined) return failure;
  const hint =
    /cache export (?:is not supported|feature is currently not supported)|not supported for the docker driver|multiple platforms feature/i.test(
      said,
    )
      ? 'The builder in use cannot do this: make one that can with `docker buildx create --use`.'
      : undefined;
  return { ...failure, ...(hint === undefined ? {} : { hint }) };
}

/** `name=folder` with the folder inside the project and made absolute, or `name=` and what the engine has or fetches. */
async function contextValues(
  projectRoot: string,
  contexts: Readonly<Record<string, string>>,
): Promise<string[]> {
  const root = await realpath(projectRoot);
  return Promise.all(
    Object.entries(contexts).map(async ([name, source]) => {
      if (isRemote(source)) return `${name}=${source}`;
      const place = await realpath(resolve(root, source)).catch(() => undefined);
      if (place === root || place?.startsWith(root + sep) === true) return `${name}=${place}`;
      throw new BuildProblem({
        message: `The context \`${name}\` (${source}) is not in the project.`,
        hint: 'Put the folder itself into the project folder, or correct additional_contexts.',
      });
    }),
  );
}

/** `default`, or `name=path` with the path inside the project and made absolute. */
async function sshValues(projectRoot: string, values: readonly string[]): Promise<string[]> {
  const root = await realpath(projectRoot);
  return Promise.all(
    values.map(async (value) => {
      const equals = value.indexOf('=');
      if (equals === -1) return value;
      const path = value.slice(equals + 1);
      const place = await realpath(resolve(root, path)).catch(() => undefined);
      if (place === undefined || !place.startsWith(root + sep))
        throw new BuildProblem({
          message: `The SSH key \`${path}\` is not in the project.`,
          hint: 'Use `ssh: [default]`, which asks the agent, or put the key into the project folder.',
        });
      return `${value.slice(0, equals)}=${place}`;
    }),
  );
}

/** Points the command at the engine Flotilla is connected to, whatever context it has of its own. */
async function engineVariables({ host, tls }: Endpoint, folder: string): Promise<Record<string, string>> {
  if (tls === undefined) return { DOCKER_HOST: host };
  for (const [name, content] of Object.entries({
    'ca.pem': tls.ca,
    'cert.pem': tls.cert,
    'key.pem': tls.key,
  }))
    if (content !== undefined) await writeFile(join(folder, name), content, { mode: 0o600 });
  return {
    DOCKER_HOST: host,
    DOCKER_CERT_PATH: folder,
    ...(tls.skipVerify ? {} : { DOCKER_TLS_VERIFY: '1' }),
  };
}

async function exitOf(child: ChildProcess): Promise<number | string> {
  const failed = once(child, 'error').then(([error]: unknown[]) => {
    throw new BuildProblem({
      message: `\`docker buildx\` could not be started: ${error instanceof Error ? error.message : String(error)}.`,
      hint: INSTALL_BUILDX,
    });
  });
  const closed = once(child, 'close').then(([code, by]: unknown[]) =>
    typeof code === 'number' ? code : `signal ${String(by)}`,
  );
  return Promise.race([failed, closed]);
}

/** SIGTERM, which breaks the build off in the engine, and SIGKILL when that is not heard. */
function end(child: ChildProcess): void {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), GRACE_MS);
  child.once('exit', () => clearTimeout(timer));
}
