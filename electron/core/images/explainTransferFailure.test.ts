import { describe, expect, it } from 'vitest';
import { explainTransferFailure } from './explainTransferFailure.ts';

const attempt = (credentials?: { username: string; secret: string }, registry = 'r.lab') => ({
  reference: `${registry}/x:1`,
  direction: 'pull' as const,
  registry,
  found: { credentials, asked: ['/home/ada/.docker/config.json'], problem: undefined },
});

/** Words of engines 20.10 to 29, of Podman and of Docker Hub. */
describe('the engine’s words', () => {
  it.each([
    ['toomanyrequests: You have reached your pull rate limit', 'rate-limited', 'engine-error'],
    ['error parsing HTTP 429 response body: invalid character', 'rate-limited', 'engine-error'],
    ['write /var/lib/docker/tmp/GetImageBlob1: no space left on device', 'disk-full', 'engine-error'],
    [
      'Get "https://r.lab/v2/": http: server gave HTTP response to HTTPS client',
      'tls-mismatch',
      'engine-error',
    ],
    ['Get "https://r.lab/v2/": x509: certificate signed by unknown authority', 'tls', 'engine-error'],
    ['Get "https://r.lab/v2/": dial tcp: lookup r.lab on 10.0.0.1:53: no such host', 'dns', 'engine-error'],
    ['dial tcp: lookup r.lab: dial udp 10.0.0.1:53: connect: network is unreachable', 'dns', 'engine-error'],
    ['net/http: request canceled (Client.Timeout exceeded while awaiting headers)', 'timeout', 'timeout'],
    ['net/http: TLS handshake timeout', 'timeout', 'timeout'],
    ['dial tcp 10.0.0.1:443: connect: connection refused', 'unreachable', 'engine-error'],
    ['unexpected EOF', 'unreachable', 'engine-error'],
    ['An image does not exist locally with the tag: r.lab/x', 'unknown-image', 'not-found'],
    ['no matching manifest for linux/arm64/v8 in the manifest list entries', 'platform', 'not-found'],
    ['manifest for r.lab/x:1 not found: manifest unknown: manifest unknown', 'not-found', 'not-found'],
    ['unauthorized: authentication required', 'no-credentials', 'permission-denied'],
    [
      "pull access denied for x, repository does not exist or may require 'docker login': denied",
      'denied',
      'permission-denied',
    ],
    ['invalid reference format: repository name must be lowercase', 'bad-name', 'invalid-input'],
    ['something else entirely', 'other', 'engine-error'],
  ])('%s', (words, reason, code) => {
    const error = explainTransferFailure(attempt(), words);
    expect(error).toMatchObject({ code, detail: { reason } });
    expect(error.message).toMatch(/^The image r\.lab\/x:1 could not be pulled: .*[^.]\.$/);
    expect(error.hint).toBeTruthy();
  });

  it('with a sign-in, blames it and never shows its secret', () => {
    const error = explainTransferFailure(attempt({ username: 'ada', secret: 'hunter2' }), 'unauthorized: x');
    expect(error.message).toContain('does not accept the sign-in of ada');
    expect(error.detail).toMatchObject({ reason: 'wrong-credentials' });
    expect(JSON.stringify(error)).not.toContain('hunter2');
  });

  it('for Docker Hub the way to sign in has no host', () => {
    expect(explainTransferFailure(attempt(undefined, 'docker.io'), 'unauthorized').hint).toMatch(
      /docker login$/,
    );
  });
});
