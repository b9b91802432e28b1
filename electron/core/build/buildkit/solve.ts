import { randomUUID } from 'node:crypto';
import type { EngineStream } from '#core/engine/EngineApi.ts';
import { FlotillaError } from '#shared/contract/errors.ts';
import type { BuildJob } from '../Builder.ts';
import { buildQuery } from '../buildQuery.ts';
import { BuildProblem } from '../BuildProblem.ts';
import { explainSolve } from '../explainSolve.ts';
import { recordProgress } from '../recordProgress.ts';
import { readJsonLines } from '../readJsonLines.ts';
import { refusedBuild } from '../refusedBuild.ts';
import type { SolveProgress } from '../SolveProgress.ts';
import type { BuildSession } from './openSession.ts';
import { SERVED_DOCKERFILE } from './sessionFolders.ts';
import { FrontendUnreachable, isFrontendUnreachable } from './syntaxLine.ts';
import { TraceReader } from './TraceReader.ts';

/**
 * One BuildKit build: a request and its answer, to the image's id. Files are fetched from the session.
 * @throws BuildProblem for a build that failed, FrontendUnreachable, FlotillaError `cancelled`
 */
export async function solve(
  { record, client, files, shared }: BuildJob,
  session: BuildSession,
  {
    broken,
    onFirstNews,
  }: {
    /** Aborts when the session cannot serve what it was asked for. */
    broken: AbortSignal;
    /** The engine has begun to tell of its steps. */
    onFirstNews: () => void;
  },
): Promise<string> {
  const { request, signal } = record;
  const buildId = randomUUID();
  const progress = recordProgress({ record, files, shared });
  const trace = new TraceReader(progress, (text) => record.line({ step: 0, text }));
  let stream: EngineStream | undefined;
  const stop = (): void => {
    stream?.close();
    session.close();
    // A proxy between may keep the request alive: the engine is told too.
    client.request({ method: 'POST', path: '/build/cancel', query: { id: buildId } }).catch(() => undefined);
  };
  signal.addEventListener('abort', stop, { once: true });
  try {
    let transport: unknown;
    try {
      signal.throwIfAborted();
      const args = (request.build.cacheTo ?? []).length > 0 ? { BUILDKIT_INLINE_CACHE: '1' } : {};
      stream = await client.openStream({
        method: 'POST',
        path: '/build',
        query: {
          ...buildQuery(request, files),
          buildargs: JSON.stringify({ ...request.build.args, ...args }),
          version: '2',
          session: session.id,
          buildid: buildId,
          remote: 'client-session',
          dockerfile: SERVED_DOCKERFILE,
        },
        signal: AbortSignal.any([signal, broken]),
        purpose: `build ${request.tag}`,
      });
      signal.throwIfAborted();
      record.enter('building');
      for await (const line of readJsonLines(stream.body)) {
        onFirstNews();
        trace.accept(line);
      }
    } catch (error) {
      transport = error;
    }
    // A cancel that came after the image was made came too late.
    const finished = transport === undefined && trace.imageId !== undefined && trace.error === undefined;
    if (signal.aborted && !finished) throw new FlotillaError('cancelled', 'The build was cancelled.');
    if (broken.reason instanceof BuildProblem) throw broken.reason;
    if (trace.error !== undefined) {
      const failure = await explainSolve(trace.error, files, progress);
      throw progress.failures.some(({ vertex }) => isFrontendUnreachable(vertex))
        ? new FrontendUnreachable(failure)
        : new BuildProblem(failure);
    }
    if (transport !== undefined && stream === undefined) throw await refusedBuild(transport, files);
    if (transport !== undefined || trace.imageId === undefined) throw new BuildProblem(wentAway(progress));

    progress.close('done');
    return trace.imageId;
  } catch (error) {
    progress.close(signal.aborted ? 'cancelled' : 'failed');
    throw error;
  } finally {
    signal.removeEventListener('abort', stop);
    stream?.close();
  }
}

function wentAway(progress: SolveProgress): { message: string; line?: number; hint: string } {
  const step = progress.steps.find((candidate) => candidate.state === 'running');
  return {
    message:
      step === undefined
        ? 'The engine went away before the build was done.'
        : `The engine went away while building step ${step.number} of ${step.total} (${step.instruction.split(/\s/, 1)[0] ?? ''}).`,
    ...(step?.line === undefined ? {} : { line: step.line }),
    hint: 'Wait until the engine answers again, then build once more: finished steps come from its cache.',
  };
}
