import { spawn } from 'node:child_process';
import { FlotillaError } from '#shared/contract/errors.ts';

const NAME = /^[A-Za-z0-9_.-]+$/;
/** A helper may ask a person to unlock a keychain. */
const LIMIT_MS = 60_000;
const LONGEST_ANSWER = 1024 * 1024;
/** What helpers print for a registry they know nothing of (docker-credential-helpers). */
const NOT_FOUND = /credentials not found|no credentials server url|not found in native keychain/i;

export interface HelperOptions {
  /** Its PATH finds the helper. */
  env: NodeJS.ProcessEnv;
  signal?: AbortSignal | undefined;
  limitMs?: number | undefined;
}

/** A name and its secret. With an empty name the secret is an identity token. */
export interface Credentials {
  username: string;
  secret: string;
}

/**
 * Asks `docker-credential-HELPER get`; undefined: it knows nothing of the server.
 * @throws FlotillaError `not-found` (no such program), `timeout`, `permission-denied` (it refused), `invalid-input`
 */
export async function getFromHelper(
  helper: string,
  server: string,
  options: HelperOptions,
): Promise<Credentials | undefined> {
  const { code, output } = await run(helper, 'get', server, options);
  if (code !== 0) {
    if (NOT_FOUND.test(output)) return undefined;
    throw refused(helper, server, output);
  }
  const answer = parseAnswer(helper, output);
  const username = answer['Username'];
  const secret = answer['Secret'];
  if (typeof username !== 'string' || typeof secret !== 'string')
    throw notUnderstood(helper, 'its answer has no Username and Secret');
  if (secret === '') return undefined;
  return { username: username === '<token>' ? '' : username, secret };
}

/** Servers a helper knows, each with its user. @throws FlotillaError as {@link getFromHelper} */
export async function listOfHelper(helper: string, options: HelperOptions): Promise<Map<string, string>> {
  const { code, output } = await run(helper, 'list', '', options);
  if (code !== 0) throw refused(helper, undefined, output);
  const users = new Map<string, string>();
  for (const [server, user] of Object.entries(parseAnswer(helper, output)))
    if (typeof user === 'string') users.set(server, user);
  return users;
}

/** Runs the program itself, never a shell; what it prints to standard error is not kept. */
function run(
  helper: string,
  verb: 'get' | 'list',
  input: string,
  { env, signal, limitMs = LIMIT_MS }: HelperOptions,
): Promise<{ code: number | null; output: string }> {
  if (!NAME.test(helper))
    throw new FlotillaError(
      'invalid-input',
      `“${helper.slice(0, 80)}” is no name of a credential helper: letters, digits, “_”, “.” and “-” only.`,
      { hint: 'Correct credsStore or credHelpers in docker’s config.json.' },
    );
  const program = `docker-credential-${helper}`;
  return new Promise((resolve, reject) => {
    const child = spawn(program, [verb], { env, stdio: ['pipe', 'pipe', 'ignore'], windowsHide: true });
    const chunks: Buffer[] = [];
    let size = 0;
    let failure: FlotillaError | undefined;
    const give = (error: FlotillaError): void => {
      failure ??= error;
      child.kill('SIGKILL');
      // Whoever inherited the pipe must not keep us waiting.
      child.stdout.destroy();
    };
    const timer = setTimeout(
      () =>
        give(
          new FlotillaError('timeout', `${program} did not answer within ${Math.round(limitMs / 1000)} s.`, {
            hint: 'It may wait for a keychain to be unlocked. Unlock it, then try again.',
          }),
        ),
      limitMs,
    );
    const onAbort = (): void => give(new FlotillaError('cancelled', `Cancelled: asking ${program}.`));
    signal?.addEventListener('abort', onAbort, { once: true });
    if (signal?.aborted === true) onAbort();
    child.stdout.on('data', (chunk: Buffer) => {
      chunks.push(chunk);
      size += chunk.length;
      if (size > LONGEST_ANSWER) give(notUnderstood(helper, 'its answer is longer than 1 MiB'));
    });
    // A helper that ends without reading is no failure of ours.
    child.stdin.on('error', () => undefined);
    child.stdin.end(input);
    const settle = (): void => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', onAbort);
    };
    child.once('error', (error: NodeJS.ErrnoException) => {
      settle();
      reject(failure ?? cannotStart(program, error));
    });
    child.once('close', (code) => {
      settle();
      if (failure === undefined) resolve({ code, output: Buffer.concat(chunks).toString('utf8') });
      else reject(failure);
    });
  });
}

function parseAnswer(helper: string, output: string): Record<string, unknown> {
  let answer: unknown;
  try {
    answer = JSON.parse(output);
  } catch {
    throw notUnderstood(helper, 'its answer is no JSON');
  }
  if (typeof answer !== 'object' || answer === null || Array.isArray(answer))
    throw notUnderstood(helper, 'its answer is no JSON object');
  return answer as Record<string, unknown>;
}

function cannotStart(program: string, error: NodeJS.ErrnoException): FlotillaError {
  if (error.code === 'ENOENT')
    return new FlotillaError('not-found', `The credential helper ${program} is not installed.`, {
      hint: 'Install it, or take it out of docker’s config.json (credsStore, credHelpers) and sign in again.',
    });
  return new FlotillaError(
    'permission-denied',
    `The credential helper ${program} cannot be started: ${error.message}.`,
    { hint: 'Check that it may be executed.' },
  );
}

function refused(helper: string, server: string | undefined, output: string): FlotillaError {
  const words = output.trim().split('\n')[0]?.slice(0, 200) ?? '';
  const about = server === undefined ? '' : ` for ${server}`;
  return new FlotillaError(
    'permission-denied',
    `docker-credential-${helper} gave nothing${about}${words === '' ? '' : `: ${words.replace(/\.$/, '')}`}.`,
    { hint: 'Try the helper in a terminal; it may need to be unlocked or signed in.' },
  );
}

/** Its answer is never shown: it may be a secret. */
function notUnderstood(helper: string, reason: string): FlotillaError {
  return new FlotillaError('invalid-input', `docker-credential-${helper} was not understood: ${reason}.`, {
    hint: 'Try the helper in a terminal.',
  });
}
