import type { LiveStreams } from '#core/engine/EngineApi.ts';
import type { Builder, BuildJob } from '../Builder.ts';
import type { CredentialsFor } from '../CredentialsFor.ts';
import { readSecret } from '../readSecret.ts';
import { openSession } from './openSession.ts';
import { mustHide, SERVED_DOCKERFILE, sessionFolders } from './sessionFolders.ts';
import type { SessionAnswers } from './sessionServices.ts';
import { solve } from './solve.ts';
import { findSyntaxLine, FrontendUnreachable, withoutSyntaxLine } from './syntaxLine.ts';

/** BuildKit inside the engine, through a session of its API. */
export function createBuildKitBuilder(options: {
  liveStreams: LiveStreams;
  credentialsFor?: CredentialsFor | undefined;
}): Builder {
  return {
    kind: 'buildkit',
    async build(job) {
      const { request, signal } = job.record;
      const secrets = request.build.secrets ?? [];
      let folder: SessionAnswers['folder'] = () => undefined;
      const session = await openSession(job.client, {
        liveStreams: options.liveStreams,
        purpose: `build session ${request.tag}`,
        signal,
        answers: {
          credentialsFor: options.credentialsFor,
          secret: async (id) => {
            const secret = secrets.find((candidate) => candidate.id === id);
            return secret === undefined ? undefined : readSecret(request.projectRoot, secret);
          },
          folder: (name, only) => folder(name, only),
        },
      });
      const attempt = async (dockerfile: string): Promise<string> => {
        if (!mustHide(job.files))
          return solve(job, session, { kind: 'tar', ...(await job.context({ dockerfile })) });
        const tree = await job.tree();
        const packing = new AbortController();
        job.record.resend();
        folder = sessionFolders(job.files, tree, dockerfile, job.record, (problem) => packing.abort(problem));
        return solve(job, session, {
          kind: 'session',
          dockerfile: SERVED_DOCKERFILE,
          broken: packing.signal,
        });
      };
      try {
        // A secret that cannot be read is told before anything is built.
        for (const secret of secrets) await readSecret(request.projectRoot, secret);
        return await attempt(job.files.dockerfileText);
      } catch (error) {
        return await attempt(textWithoutSyntax(job, error));
      } finally {
        session.close();
      }
    },
  };
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
