import { execFile } from 'node:child_process';
import { commandEnvironment } from './commandEnvironment.ts';

const ANSWER_MS = 5_000;
/** A command that was just installed is found without a restart. */
const BELIEVED_MS = 30_000;

/**
 * Looks for `docker buildx` and answers its version, e.g. `v0.14.0`, or undefined where there is none. An answer is
 * believed for 30 s.
 */
export function createFindBuildx(env: NodeJS.ProcessEnv): () => Promise<string | undefined> {
  let asked: { at: number; answer: Promise<string | undefined> } | undefined;
  return () => {
    if (asked === undefined || Date.now() - asked.at > BELIEVED_MS)
      asked = { at: Date.now(), answer: ask(env) };
    return asked.answer;
  };
}

function ask(env: NodeJS.ProcessEnv): Promise<string | undefined> {
  if (env['PATH'] === undefined) return Promise.resolve(undefined);
  return new Promise((resolve) => {
    execFile(
      'docker',
      ['buildx', 'version'],
      { env: commandEnvironment(env), timeout: ANSWER_MS, windowsHide: true },
      (error, output) => {
        // `github.com/docker/buildx v0.14.0 171fcbe`
        resolve(error === null ? (/\bv?\d+\.\d+\.\d+\S*/.exec(output)?.[0] ?? undefined) : undefined);
      },
    );
  });
}
