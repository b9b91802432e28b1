import { createHash } from 'node:crypto';
import { hostname } from 'node:os';
import type { LiveStreams } from '#core/engine/EngineApi.ts';
import type { Builder, BuildJob } from '../Builder.ts';
import type { CredentialsFor } from '../CredentialsFor.ts';
import { readSecret } from '../readSecret.ts';
import { openSession } from './openSession.ts';
import { sessionFolders } from './sessionFolders.ts';
import type { SessionAnswers } from './sessionServices.ts';
import { solve } from './solve.ts';
import { findSyntaxLine, FrontendUnreachable, withoutSyntaxLine } from './syntaxLine.ts';

/** An engine that tells nothing of its first steps must not wait for ever. */
const MOST_WAIT_FOR_NEWS_MS = 1_000;

/**
 * BuildKit inside the engine, through a session of its API, from which it fetches what it does not have of the context
 * yet. (A tar would be sent whole each time, and each would stay in the engine's cache.)
 */
export function createBuildKitBuilder(options: {
  liveStreams: LiveStreams;
  credentialsFor?: CredentialsFor | undefined;
}): Builder {
  return {
    kind: 'buildkit',
    async build(job) {
      const { request } = job.record;
      // A secret that cannot be read is told before anything is built.
      for (const secret of request.build.secrets ?? []) await readSecret(request.projectRoot, secret);
      try {
        return await attempt(job, job.files.dockerfileText, options);
      } catch (error) {
        return await attempt(job, textWithoutSyntax(job, error), options);
      }
    },
  };
}

/** A session is for one text: what the engine has fetched from it once, it takes for what is still served. */
async function attempt(
  job: BuildJob,
  dockerfile: string,
  options: { liveStreams: LiveStreams; credentialsFor?: CredentialsFor | undefined },
): Promise<string> {
  const { request, signal } = job.record;
  let folder: SessionAnswers['folder'] = () => undefined;
  const session = await openSession(job.client, {
    liveStreams: options.liveStreams,
    purpose: `build session ${request.tag}`,
    sharedKey: keyOfContext(job),
    signal,
    answers: {
      credentialsFor: options.credentialsFor,
      secret: async (id) => {
        const secret = request.build.secrets?.find((candidate) => candidate.id === id);
        return secret === undefined ? undefined : readSecret(request.projectRoot, secret);
      },
      folder: (name, only) => folder(name, only),
    },
  });
  try {
    const tree = await job.tree();
    const packing = new AbortController();
    job.record.resend();
    const heard = hearing();
    folder = sessionFolders({ ...job, tree, dockerfile, ready: heard.ready }, (problem) =>
      packing.abort(problem),
    );
    return await solve(job, session, { broken: packing.signal, onFirstNews: heard.now });
  } finally {
    session.close();
  }
}

/** The Dockerfile for a second attempt, where only the program of its `# syntax=` line was missing; else throws `error`. */
function textWithoutSyntax({ record, files }: BuildJob, error: unknown): string {
  const syntax = findSyntaxLine(files.dockerfileText);
  if (syntax === undefined || !(error instanceof FrontendUnreachable)) throw error;
  record.warn({
    message: `\`${syntax.image}\`, the build program this line asks for, could not be fetched; the engine’s own was used instead.`,
    line: syntax.line,
  });
  return withoutSyntaxLine(files.dockerfileText);
}

/** By which the engine knows what an earlier build of the same image sent, to be sent only what changed since. */
function keyOfContext({ record, files }: BuildJob): string {
  const known = [hostname(), files.contextRoot, files.ignore.source.text, record.request.tag];
  return createHash('sha256').update(JSON.stringify(known)).digest('hex').slice(0, 32);
}

/**
 * An engine that fails at once, before anybody listens to the build's progress, tells only that it failed, not at which
 * step. It is given no Dockerfile until its first news has come.
 */
function hearing(): { ready: Promise<void>; now: () => void } {
  let now = (): void => {};
  const ready = new Promise<void>((resolve) => {
    now = resolve;
    setTimeout(resolve, MOST_WAIT_FOR_NEWS_MS).unref();
  });
  return { ready, now };
}
