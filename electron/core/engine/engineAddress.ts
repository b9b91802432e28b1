import type { Endpoint } from '#shared/domain/Engine.ts';
import { FlotillaError } from '#shared/contract/errors.ts';

export type EngineAddress =
  | { kind: 'socket'; socketPath: string }
  | { kind: 'tcp'; host: string; port: number; tls: Endpoint['tls'] };

/**
 * How to reach an endpoint.
 * @throws FlotillaError `engine-unsupported` for ssh and unknown schemes, `invalid-input` for an address that is none.
 */
export function engineAddress(endpoint: Pick<Endpoint, 'host' | 'tls'>): EngineAddress {
  const { host } = endpoint;
  if (host.startsWith('unix://')) {
    const socketPath = host.slice('unix://'.length);
    if (!socketPath.startsWith('/')) throw invalid(host);
    return { kind: 'socket', socketPath };
  }
  if (host.startsWith('npipe://'))
    return { kind: 'socket', socketPath: host.slice('npipe://'.length).replaceAll('/', '\\') };
  if (host.startsWith('ssh://')) {
    throw new FlotillaError('engine-unsupported', `${host}: engines over ssh are not reached directly.`, {
      hint: `Forward the socket instead: ssh -nNT -L /tmp/remote-docker.sock:/var/run/docker.sock ${host.slice(6)}, then set DOCKER_HOST=unix:///tmp/remote-docker.sock.`,
    });
  }
  if (/^(tcp|http|https):\/\//.test(host)) {
    let url: URL;
    try {
      url = new URL(host.replace(/^tcp:/, endpoint.tls === undefined ? 'http:' : 'https:'));
    } catch {
      throw invalid(host);
    }
    const secure = endpoint.tls !== undefined || url.protocol === 'https:';
    return {
      kind: 'tcp',
      host: url.hostname.replace(/^\[|\]$/g, ''),
      port: url.port === '' ? (secure ? 2376 : 2375) : Number(url.port),
      tls: endpoint.tls ?? (secure ? { skipVerify: false } : undefined),
    };
  }
  throw new FlotillaError('engine-unsupported', `${host}: addresses of this kind are not supported.`, {
    hint: 'Use unix:///path/to/docker.sock, npipe:////./pipe/docker_engine or tcp://host:port.',
  });
}

/** What a TLS connection to an engine is opened with. */
export const tlsOptions = (tls: NonNullable<Endpoint['tls']>) => ({
  ca: tls.ca,
  cert: tls.cert,
  key: tls.key,
  rejectUnauthorized: !tls.skipVerify,
});

function invalid(host: string): FlotillaError {
  return new FlotillaError('invalid-input', `${host} is no address of an engine.`, {
    hint: 'For example: unix:///var/run/docker.sock or tcp://host:2375.',
  });
}
