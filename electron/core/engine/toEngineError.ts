import { FlotillaError } from '#shared/contract/errors.ts';

interface Failure {
  code?: string;
  statusCode?: number;
  name?: string;
  message?: string;
  json?: { message?: string } | Buffer | string | null;
}

const SOCKET_REASONS: Record<
  string,
  { code: 'engine-unavailable' | 'permission-denied'; message: (where: string) => string; hint: string }
> = {
  ENOENT: {
    code: 'engine-unavailable',
    message: (where) => `There is no engine socket at ${where}.`,
    hint: 'Start the engine, or choose another one.',
  },
  EACCES: {
    code: 'permission-denied',
    message: (where) => `You may not use the engine socket ${where}.`,
    hint: 'Add yourself to its group (sudo usermod -aG docker $USER), sign in again, or use a rootless engine.',
  },
  EPERM: {
    code: 'permission-denied',
    message: (where) => `You may not use the engine socket ${where}.`,
    hint: 'Add yourself to its group (sudo usermod -aG docker $USER), sign in again, or use a rootless engine.',
  },
  ECONNREFUSED: {
    code: 'engine-unavailable',
    message: (where) => `Nothing listens at ${where}: the engine is stopped or left its socket behind.`,
    hint: 'Start the engine, then try again.',
  },
  ENOTSOCK: {
    code: 'engine-unavailable',
    message: (where) => `${where} is a plain file, not a socket.`,
    hint: 'Correct the address of the engine.',
  },
  ECONNRESET: {
    code: 'engine-unavailable',
    message: (where) => `The engine at ${where} closed the connection.`,
    hint: 'It may be stopping; Flotilla tries again by itself.',
  },
  EPIPE: {
    code: 'engine-unavailable',
    message: (where) => `The engine at ${where} closed the connection.`,
    hint: 'It may be stopping; Flotilla tries again by itself.',
  },
  ETIMEDOUT: {
    code: 'engine-unavailable',
    message: (where) => `The engine at ${where} did not answer in time.`,
    hint: 'It may hang; restart it if this goes on.',
  },
  ENOTFOUND: {
    code: 'engine-unavailable',
    message: (where) => `The host of ${where} is not known.`,
    hint: 'Check the address of the engine.',
  },
};

/**
 * Any rejection of dockerode, of an HTTP request or of a socket as a FlotillaError. An HTTP answer keeps its status in
 * `detail.statusCode` and the engine's own words (its JSON `message`), never dockerode's.
 *
 * @param what what was tried, as in "create container pi-worker-1"
 * @param where the engine's address, for failures of the connection
 */
export function toEngineError(
  thrown: unknown,
  what: string,
  where: string,
  signal?: AbortSignal,
): FlotillaError {
  if (thrown instanceof FlotillaError) return thrown;
  const failure = (
    typeof thrown === 'object' && thrown !== null ? thrown : { message: String(thrown) }
  ) as Failure;
  if (
    failure.name === 'TimeoutError' ||
    (signal?.aborted === true && signal.reason instanceof Error && signal.reason.name === 'TimeoutError')
  ) {
    return socketError('ETIMEDOUT', where, thrown);
  }
  if (signal?.aborted === true || failure.name === 'AbortError') {
    return new FlotillaError('cancelled', `Cancelled: ${what}.`, { cause: thrown });
  }
  if (typeof failure.statusCode === 'number')
    return httpError(failure.statusCode, bodyMessage(failure), what);
  if (failure.code !== undefined && SOCKET_REASONS[failure.code] !== undefined)
    return socketError(failure.code, where, thrown);
  if (failure.code === 'HPE_INVALID_CONSTANT' || failure.code?.startsWith('HPE_') === true) {
    return new FlotillaError('engine-unavailable', `What answers at ${where} does not speak HTTP.`, {
      hint: 'Correct the address of the engine.',
      cause: thrown,
    });
  }
  return new FlotillaError(
    'engine-unavailable',
    `${capitalise(what)} failed: ${failure.message ?? 'the engine did not answer'}.`,
    {
      hint: 'Check that the engine runs.',
      cause: thrown,
    },
  );
}

/** An HTTP answer ≥ 400 of the engine. */
export function httpError(statusCode: number, message: string, what: string): FlotillaError {
  const code =
    statusCode === 404
      ? 'not-found'
      : statusCode === 409
        ? 'conflict'
        : statusCode === 401 || statusCode === 403
          ? 'permission-denied'
          : 'engine-error';
  const words = message === '' ? `HTTP ${statusCode}` : message.replace(/\.$/, '');
  return new FlotillaError(code, `The engine refused to ${what}: ${words}.`, { detail: { statusCode } });
}

/** The engine's words in an error body: JSON `message`, else plain text; HTML pages are named, not shown. */
export function errorBodyText(body: string): string {
  const text = body.trim();
  try {
    const json: unknown = JSON.parse(text);
    if (typeof json === 'object' && json !== null && 'message' in json && typeof json.message === 'string')
      return json.message;
  } catch {
    // Not JSON.
  }
  if (/^<(!doctype|html)/i.test(text))
    return 'an HTML page came back; this is a proxy or another server, not an engine';
  return text.slice(0, 2000);
}

function bodyMessage(failure: Failure): string {
  const json = failure.json;
  if (json === null || json === undefined) return '';
  if (typeof json === 'string' || Buffer.isBuffer(json)) return errorBodyText(json.toString());
  return typeof json.message === 'string' ? json.message : '';
}

function socketError(code: string, where: string, cause: unknown): FlotillaError {
  const reason = SOCKET_REASONS[code] ?? SOCKET_REASONS['ECONNRESET'];
  if (reason === undefined) throw new Error(`No reason for ${code}`);
  return new FlotillaError(reason.code, reason.message(where), {
    hint: reason.hint,
    detail: { errno: code },
    cause,
  });
}

const capitalise = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
