import { FlotillaError } from '../contract/errors.ts';

/** The registry that a reference without a host means. */
export const DOCKER_HUB = 'docker.io';

/** An image reference, taken apart as docker does it. */
export interface ImageReference {
  /** Host and port, e.g. `docker.io`, `localhost:5000`. */
  registry: string;
  /** Within the registry, e.g. `library/busybox`, `team/solver`. */
  repository: string;
  /** The name as engines show it: `busybox` for `docker.io/library/busybox`. */
  name: string;
  tag?: string | undefined;
  /** `sha256:…` */
  digest?: string | undefined;
}

const LONGEST_NAME = 255;
const LONGEST_TAG = 128;
const HOST = /^[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?(?:\.[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?)*$/;
const ADDRESS_6 = /^\[[0-9a-fA-F:]+\]$/;
const PATH_PART = /^[a-z0-9]+(?:(?:\.|_{1,2}|-+)[a-z0-9]+)*$/;
const TAG = /^\w[\w.-]*$/;
const DIGEST = /^[A-Za-z][A-Za-z0-9]*(?:[-_+.][A-Za-z][A-Za-z0-9]*)*:[0-9a-fA-F]{32,}$/;

/**
 * Takes a reference apart by docker's own grammar (distribution/reference): `[HOST[:PORT]/]NAME[:TAG][@DIGEST]`. The first part is a host
 * only when it has a dot or a colon, or is `localhost`.
 *
 * @throws FlotillaError `invalid-input` that says what is wrong with it
 */
export function parseReference(text: string): ImageReference {
  return takeApart(
    text,
    (reason) =>
      new FlotillaError('invalid-input', refusal(text, reason), {
        hint: 'Write [registry/]name[:tag], as in python:3.11-slim or localhost:5000/team/solver:2.',
      }),
  );
}

function takeApart(text: string, refuse: Refuse): ImageReference {
  if (text === '') throw refuse('it is empty');
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(text)) throw refuse('it is an address; leave out the part up to “//”');
  const foreign = /[^\x21-\x7e]/u.exec(text);
  if (foreign !== null) throw refuse(`it contains ${nameOfSign(foreign[0])}`);
  const at = text.indexOf('@');
  const digest = at === -1 ? undefined : text.slice(at + 1);
  if (digest !== undefined) checkDigest(digest, refuse);
  const named = at === -1 ? text : text.slice(0, at);
  const colon = named.lastIndexOf(':');
  const hasTag = colon > named.lastIndexOf('/');
  const tag = hasTag ? named.slice(colon + 1) : undefined;
  if (tag !== undefined) checkTag(tag, refuse);
  const path = hasTag ? named.slice(0, colon) : named;
  const { registry, rest } = splitHost(path);
  if (registry !== undefined) checkHost(registry, refuse);
  const parts = rest.split('/');
  for (const part of parts) checkPart(part, registry === undefined && parts.length === 1, refuse);
  if (registry === undefined && /^[0-9a-f]{64}$/.test(rest))
    throw refuse('64 hexadecimal digits are an image’s id');
  const isHub = registry === undefined || registry === DOCKER_HUB || registry === `index.${DOCKER_HUB}`;
  const repository = isHub && !rest.includes('/') ? `library/${rest}` : rest;
  const name = isHub ? repository.replace(/^library\/(?=[^/]+$)/, '') : `${registry}/${rest}`;
  if (`${isHub ? DOCKER_HUB : registry}/${repository}`.length > LONGEST_NAME)
    throw refuse(`its name is longer than ${LONGEST_NAME} characters`);
  return { registry: isHub ? DOCKER_HUB : (registry ?? DOCKER_HUB), repository, name, tag, digest };
}

/** The reference as engines show it; without tag and digest it means `latest`. */
export function formatReference({
  name,
  tag,
  digest,
}: Pick<ImageReference, 'name' | 'tag' | 'digest'>): string {
  if (digest !== undefined) return `${name}${tag === undefined ? '' : `:${tag}`}@${digest}`;
  return `${name}:${tag ?? 'latest'}`;
}

/** Why a text is no reference, as a sentence; undefined where it is one. */
export function referenceProblem(text: string): string | undefined {
  const fault = referenceFault(text);
  return fault === undefined ? undefined : refusal(text, fault);
}

/** Why a text is no reference, to go on with after a colon; undefined where it is one. */
export function referenceFault(text: string): string | undefined {
  try {
    takeApart(text, (reason) => new ReferenceFault(reason));
    return undefined;
  } catch (error) {
    if (error instanceof ReferenceFault) return error.message;
    throw error;
  }
}

class ReferenceFault extends Error {}

const refusal = (text: string, reason: string): string =>
  `“${shortened(text)}” is no image reference: ${reason}.`;

type Refuse = (reason: string) => Error;

function splitHost(path: string): { registry: string | undefined; rest: string } {
  const slash = path.indexOf('/');
  const first = path.slice(0, slash === -1 ? 0 : slash);
  // Docker also takes a first part with capitals (`BB/x`) for a host; who typed it meant a name, and is told so.
  if (slash === -1 || !(/[.:]/.test(first) || first === 'localhost'))
    return { registry: undefined, rest: path };
  return { registry: first, rest: path.slice(slash + 1) };
}

function checkHost(registry: string, refuse: Refuse): void {
  const port = /:([^:\]]*)$/.exec(registry);
  const host = port === null ? registry : registry.slice(0, port.index);
  if (
    port !== null &&
    !(/^\d{1,5}$/.test(port[1] ?? '') && Number(port[1]) >= 1 && Number(port[1]) <= 65_535)
  )
    throw refuse(`“${shortened(port[1] ?? '')}” is no port`);
  if (!HOST.test(host) && !ADDRESS_6.test(host)) throw refuse(`“${shortened(host)}” is no host`);
}

function checkPart(part: string, isWhole: boolean, refuse: Refuse): void {
  if (part === '') throw refuse(isWhole ? 'it has no name' : 'a part of its name between two “/” is empty');
  if (part === '.' || part === '..') throw refuse(`“${part}” cannot be part of a name`);
  if (/[A-Z]/.test(part)) throw refuse('names are written in lower case');
  const sign = /[^a-z0-9._-]/.exec(part);
  if (sign !== null) throw refuse(`its name contains “${sign[0]}”`);
  if (!PATH_PART.test(part))
    throw refuse(`“${shortened(part)}” must begin and end with a letter or digit, with single signs between`);
}

function checkTag(tag: string, refuse: Refuse): void {
  if (tag === '') throw refuse('nothing stands behind the colon');
  if (tag.length > LONGEST_TAG) throw refuse(`its tag is longer than ${LONGEST_TAG} characters`);
  if (!TAG.test(tag))
    throw refuse(
      `“${shortened(tag)}” is no tag: letters, digits, “_”, “.” and “-” only, no “.” or “-” first`,
    );
}

function checkDigest(digest: string, refuse: Refuse): void {
  const isSha256 = digest.startsWith('sha256:');
  if (isSha256 ? !/^sha256:[0-9a-f]{64}$/.test(digest) : !DIGEST.test(digest))
    throw refuse('its digest is not sha256: and 64 hexadecimal digits');
}

function nameOfSign(sign: string): string {
  if (sign === ' ') return 'a space';
  if (sign === '\n' || sign === '\r') return 'a line break';
  const code = (sign.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0');
  return `a sign that names cannot have (U+${code})`;
}

/** For a message: control and bidirectional signs would garble it. */
function shortened(text: string): string {
  const plain = text.replace(/[^\x20-\x7e]/gu, '\ufffd');
  return plain.length > 80 ? `${plain.slice(0, 79)}…` : plain;
}
