import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { TokenBucket } from './TokenBucket.ts';

/** What the door answers: an HTTP status and a JSON body. */
export interface DoorAnswer {
  status: number;
  body: object;
  headers?: Record<string, string>;
}

export interface DoorLimits {
  /** Requests with the right token: at once, and a second in the long run. */
  burst: number;
  perSecond: number;
  /** Requests without it are counted apart, so that they cannot use up what main has. */
  strangerBurst: number;
  strangersPerSecond: number;
}

export const DOOR_LIMITS: DoorLimits = { burst: 30, perSecond: 5, strangerBurst: 20, strangersPerSecond: 1 };

export const refusal = (status: number, error: string, headers?: Record<string, string>): DoorAnswer => ({
  status,
  body: { error },
  ...(headers === undefined ? {} : { headers }),
});

/**
 * Lets those requests through that main's program sends: to the address it was told, with the token it was told, no more often than allowed.
 * A browser's requests are none of those, whatever they carry.
 */
export class DoorGuard {
  readonly #hosts: ReadonlySet<string>;
  readonly #token: Buffer;
  readonly #own: TokenBucket;
  readonly #strangers: TokenBucket;

  /** @param hosts what `Host` may say, `ADDRESS:PORT` */
  constructor(hosts: Iterable<string>, token: string, limits: DoorLimits = DOOR_LIMITS) {
    this.#hosts = new Set(hosts);
    this.#token = digest(token);
    this.#own = new TokenBucket(limits.burst, limits.perSecond);
    this.#strangers = new TokenBucket(limits.strangerBurst, limits.strangersPerSecond);
  }

  /** Why a request is turned away; undefined: it may pass. */
  refuse(headers: IncomingHttpHeaders): DoorAnswer | undefined {
    const wrong = this.#wrongWith(headers);
    const waitMs = (wrong === undefined ? this.#own : this.#strangers).take(1);
    if (waitMs > 0)
      return refusal(429, 'Too many requests.', { 'Retry-After': String(Math.ceil(waitMs / 1000)) });
    return wrong;
  }

  #wrongWith(headers: IncomingHttpHeaders): DoorAnswer | undefined {
    // A name that leads here (DNS rebinding) is not the address that main was told.
    if (headers.host === undefined || !this.#hosts.has(headers.host.toLowerCase()))
      return refusal(421, 'This door is not called by that name.');
    if (headers.origin !== undefined || headers['sec-fetch-site'] !== undefined)
      return refusal(403, 'Pages in a browser have no business here.');
    const given = /^Bearer ([\w-]{1,128})$/.exec(headers.authorization ?? '')?.[1];
    // Digests are of one length: neither it nor the place of the first difference shows in the time taken.
    if (given === undefined || !timingSafeEqual(digest(given), this.#token))
      return refusal(401, 'Send the token: Authorization: Bearer $FLOTILLA_CONTROL_TOKEN.', {
        'WWW-Authenticate': 'Bearer',
      });
    return undefined;
  }
}

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
