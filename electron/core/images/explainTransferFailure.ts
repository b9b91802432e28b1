import { type ErrorCode, FlotillaError } from '#shared/contract/errors.ts';
import type { FoundCredentials } from './credentials/credentialsFor.ts';
import { registryKey } from './credentials/registryKeys.ts';

export interface TransferAttempt {
  reference: string;
  direction: 'pull' | 'push';
  registry: string;
  /** The credentials it was tried with, and who was asked for them. */
  found: FoundCredentials;
}

interface Reason {
  /** In `detail.reason`. */
  name: string;
  matches: RegExp;
  code: ErrorCode;
  /** What happened, as the end of a sentence; `words` are the engine's own. */
  happened: (attempt: TransferAttempt, words: string) => string;
  hint: (attempt: TransferAttempt, words: string) => string;
}

/** The first that matches the engine's words counts. */
const REASONS: readonly Reason[] = [
  {
    name: 'rate-limited',
    matches: /toomanyrequests|too many requests|rate limit|HTTP 429|status(?: code)?:? 429/i,
    code: 'engine-error',
    happened: ({ registry }) => `${registry} takes no more requests from here for now (rate limit, HTTP 429)`,
    hint: ({ registry, found }) =>
      `Registries count pulls per address or user, often over six hours. Try again later${
        found.credentials === undefined ? `, or sign in for a higher limit: ${loginCommand(registry)}` : ''
      }.`,
  },
  {
    name: 'disk-full',
    matches: /no space left on device|disk quota exceeded/i,
    code: 'engine-error',
    happened: ({ direction }) =>
      direction === 'pull' ? 'the engine’s disk is full' : 'a disk is full, the engine’s or the registry’s',
    hint: () => 'Free some space: Prune… on the page about images shows what could go.',
  },
  {
    name: 'tls-mismatch',
    matches: /server gave HTTP response to HTTPS client|first record does not look like a TLS handshake/i,
    code: 'engine-error',
    happened: ({ registry }) => `${registry} speaks plain HTTP, and the engine wants HTTPS`,
    hint: ({ registry }) =>
      `Give the registry a certificate, or name it in “insecure-registries” of the engine’s daemon.json: ["${registry}"].`,
  },
  {
    name: 'tls',
    matches: /x509:|tls: |certificate signed by unknown authority|certificate has expired/i,
    code: 'engine-error',
    happened: ({ registry }, words) => `the engine does not trust the certificate of ${registry} (${words})`,
    hint: ({ registry }) =>
      `Put the certificate of its authority into /etc/docker/certs.d/${registry}/ca.crt of the engine.`,
  },
  {
    name: 'dns',
    matches: /no such host|dial (?:tcp|udp): lookup|server misbehaving|temporary failure in name resolution/i,
    code: 'engine-error',
    happened: ({ registry }) => `the engine cannot find the host ${registry}`,
    hint: () =>
      'Check the name and the network of the engine. Without a network, load the image from a file: docker load.',
  },
  {
    name: 'timeout',
    matches: /timeout|timed out|deadline exceeded|request canceled/i,
    code: 'timeout',
    happened: ({ registry }) => `${registry} did not answer in time`,
    hint: () => 'Try again later. If it goes on, check the registry, or a proxy or firewall between.',
  },
  {
    name: 'unreachable',
    matches:
      /connection refused|connection reset|no route to host|network is unreachable|broken pipe|\bEOF\b/i,
    code: 'engine-error',
    happened: ({ registry }, words) => `the engine cannot reach ${registry}, or lost it (${words})`,
    hint: () =>
      'Check that the registry runs and that the engine’s network reaches it. What was transferred already is not sent again.',
  },
  {
    name: 'unknown-image',
    matches: /does not exist locally|no such image|tag does not exist/i,
    code: 'not-found',
    happened: ({ reference }) => `the engine has no image ${reference}`,
    hint: () => 'Give the image this tag first.',
  },
  {
    name: 'platform',
    matches: /no matching manifest for|does not match the specified platform/i,
    code: 'not-found',
    happened: (_, words) => `there is none for the engine’s kind of machine (${words})`,
    hint: () => 'Ask who makes the image for a build for this platform.',
  },
  {
    name: 'not-found',
    matches:
      /manifest unknown|manifest for .* not found|name unknown|repository name not known|\bnot found\b/i,
    code: 'not-found',
    happened: ({ registry }) => `${registry} has no such image or tag`,
    hint: () => 'Check the image’s name and tag.',
  },
  {
    name: 'wrong-credentials',
    matches:
      /unauthorized|incorrect username or password|authentication required|no basic auth credentials|HTTP 401/i,
    code: 'permission-denied',
    happened: ({ registry, found }) =>
      found.credentials === undefined
        ? `${registry} wants a sign-in, and there is none`
        : `${registry} does not accept the sign-in${found.credentials.username === '' ? '' : ` of ${found.credentials.username}`}`,
    hint: signInHint,
  },
  {
    name: 'denied',
    matches: /denied|forbidden|insufficient_scope|HTTP 403/i,
    code: 'permission-denied',
    happened: ({ registry, direction, found }) =>
      found.credentials === undefined
        ? `${registry} denies it without a sign-in, or has no such repository`
        : `${registry} does not allow ${found.credentials.username === '' ? 'this sign-in' : found.credentials.username} to ${direction} it, or has no such repository`,
    hint: (attempt) =>
      attempt.found.credentials === undefined
        ? signInHint(attempt)
        : 'Check the name, or ask the owner of the repository for the right to it.',
  },
  {
    name: 'bad-name',
    matches: /invalid reference format|invalid repository name|name invalid|NAME_INVALID/i,
    code: 'invalid-input',
    happened: (_, words) => `its name is not allowed (${words})`,
    hint: () => 'Correct the name.',
  },
];

/** Why a pull or push failed, from the engine's words, with what to do; `detail.reason` names the kind. */
export function explainTransferFailure(attempt: TransferAttempt, engineWords: string): FlotillaError {
  const words = engineWords.trim().replace(/\.$/, '').slice(0, 1_000);
  const { reference, direction, registry } = attempt;
  const what = `The image ${reference} could not be ${direction === 'pull' ? 'pulled' : 'pushed'}`;
  const reason = REASONS.find((candidate) => candidate.matches.test(words));
  if (reason === undefined)
    return new FlotillaError('engine-error', `${what}: ${words}.`, {
      hint: `These are the engine’s words about ${registry}.`,
      detail: { reason: 'other', registry },
    });
  const name =
    reason.name === 'wrong-credentials' && attempt.found.credentials === undefined
      ? 'no-credentials'
      : reason.name;
  return new FlotillaError(reason.code, `${what}: ${reason.happened(attempt, words)}.`, {
    hint: reason.hint(attempt, words),
    detail: { reason: name, registry, words },
  });
}

/** Who was asked for credentials, why that failed, and how to sign in. */
function signInHint({ registry, found }: TransferAttempt): string {
  const problem = found.problem === undefined ? '' : `${found.problem.message} `;
  const asked = found.asked.join(' and ');
  return found.credentials === undefined
    ? `${problem}Asked for one: ${asked}. Sign in: ${loginCommand(registry)}`
    : `${problem}It came from ${asked}. Sign in again: ${loginCommand(registry)}`;
}

function loginCommand(registry: string): string {
  return registryKey(registry) === registry ? `docker login ${registry}` : 'docker login';
}
