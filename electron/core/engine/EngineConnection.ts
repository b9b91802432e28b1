import { createRequire } from 'node:module';
import http, { type ClientRequest, type IncomingMessage } from 'node:http';
import https from 'node:https';
import { Readable } from 'node:stream';
import type Docker from 'dockerode';
import type { Endpoint, EngineInfo } from '#shared/domain/Engine.ts';
import type { EngineClient, EngineRequest, EngineStream } from './EngineApi.ts';
import { HeardEvents } from './HeardEvents.ts';
import { type EngineAddress, engineAddress, tlsOptions } from './engineAddress.ts';
import type { LiveStreamRegistry } from './LiveStreamRegistry.ts';
import { errorBodyText, httpError, toEngineError } from './toEngineError.ts';

const LONGEST_ERROR_BODY = 64 * 1024;
/** Sockets kept open for the next call; more than this many calls at once open sockets of their own. */
const KEPT_SOCKETS = 16;

/** One negotiated connection: dockerode for its typed verbs, plain requests on the same socket for the rest. */
export class EngineConnection implements EngineClient {
  readonly endpoint: Endpoint;
  readonly info: EngineInfo;
  readonly heard = new HeardEvents();
  #docker: Docker | undefined;
  readonly #address: EngineAddress;
  readonly #agent: http.Agent;
  readonly #streams: LiveStreamRegistry;
  readonly #open = new Set<() => void>();

  constructor(endpoint: Endpoint, info: EngineInfo, streams: LiveStreamRegistry) {
    this.endpoint = endpoint;
    this.info = info;
    this.#address = engineAddress(endpoint);
    this.#streams = streams;
    this.#agent = createAgent(this.#address);
  }

  get docker(): Docker {
    this.#docker ??= createDockerode(this.#address, this.info.apiVersion, this.#agent);
    return this.#docker;
  }

  async request<Answer>(request: EngineRequest): Promise<Answer> {
    const response = await this.#send(request);
    const text = await readText(response, request, this.endpoint.host);
    // Podman says OK where Docker says nothing.
    if (['', 'OK'].includes(text.trim())) return undefined as Answer;
    try {
      return JSON.parse(text) as Answer;
    } catch (error) {
      throw toEngineError(
        error instanceof Error ? { message: `its answer is cut or no JSON (${error.message})` } : error,
        describe(request),
        this.endpoint.host,
      );
    }
  }

  async openStream(request: EngineRequest & { purpose: string }): Promise<EngineStream> {
    const release = this.#streams.add(request.purpose);
    let response: IncomingMessage;
    try {
      response = await this.#send(request);
    } catch (error) {
      release();
      throw error;
    }
    const close = (): void => {
      this.#open.delete(close);
      release();
      response.destroy();
    };
    this.#open.add(close);
    response.once('close', close);
    return { statusCode: response.statusCode ?? 0, headers: response.headers, body: response, close };
  }

  /** Ends every stream and idle socket. */
  dispose(): void {
    for (const close of [...this.#open]) close();
    this.#agent.destroy();
  }

  async #send(request: EngineRequest): Promise<IncomingMessage> {
    const response = await sendRequest(
      this.#address,
      `/v${this.info.apiVersion}`,
      request,
      this.#agent,
      this.endpoint.host,
    );
    if ((response.statusCode ?? 0) < 400) return response;
    const body = await readLimited(response, LONGEST_ERROR_BODY);
    throw httpError(response.statusCode ?? 0, errorBodyText(body), describe(request));
  }
}

/** One HTTP request; resolves with the answer's head, its body paused. */
export function sendRequest(
  address: EngineAddress,
  prefix: string,
  request: EngineRequest,
  agent: http.Agent | undefined,
  where: string,
): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const { body, signal } = request;
    const raw = body instanceof Readable || Buffer.isBuffer(body);
    const payload = body === undefined || raw ? undefined : Buffer.from(JSON.stringify(body));
    const headers: Record<string, string | number> = { host: 'engine', ...request.headers };
    if (payload !== undefined) headers['content-type'] = 'application/json';
    const bytes = payload ?? (Buffer.isBuffer(body) ? body : undefined);
    if (bytes !== undefined) headers['content-length'] = bytes.length;
    else if (body === undefined && (request.method ?? 'GET') !== 'GET') headers['content-length'] = 0;
    const options = {
      method: request.method ?? 'GET',
      path: `${prefix}${request.path}${queryText(request.query)}`,
      headers,
      ...(agent === undefined ? {} : { agent }),
      ...(signal === undefined ? {} : { signal }),
    };
    const call: ClientRequest =
      address.kind === 'socket'
        ? http.request({ ...options, socketPath: address.socketPath })
        : (address.tls === undefined ? http : https).request({
            ...options,
            host: address.host,
            port: address.port,
            headers: { ...headers, host: `${address.host}:${address.port}` },
            ...(address.tls === undefined ? {} : tlsOptions(address.tls)),
          });
    call.once('response', resolve);
    call.on('error', (error) => reject(toEngineError(error, describe(request), where, signal)));
    if (body instanceof Readable) {
      body.once('error', (error) => call.destroy(error));
      body.pipe(call);
      call.once('close', () => body.destroy());
    } else {
      call.end(bytes);
    }
  });
}

async function readText(response: IncomingMessage, request: EngineRequest, where: string): Promise<string> {
  try {
    const chunks: Buffer[] = [];
    for await (const chunk of response) chunks.push(chunk as Buffer);
    return Buffer.concat(chunks).toString('utf8');
  } catch (error) {
    throw toEngineError(error, describe(request), where, request.signal);
  }
}

async function readLimited(response: IncomingMessage, limit: number): Promise<string> {
  const chunks: Buffer[] = [];
  let total = 0;
  try {
    for await (const chunk of response) {
      chunks.push(chunk as Buffer);
      total += (chunk as Buffer).length;
      if (total > limit) break;
    }
  } catch {
    // What came is what we show.
  }
  return Buffer.concat(chunks).toString('utf8').slice(0, limit);
}

function queryText(query: EngineRequest['query']): string {
  if (query === undefined) return '';
  const pairs = Object.entries(query).flatMap(([key, value]) =>
    value === undefined ? [] : [[key, String(value)] as [string, string]],
  );
  return pairs.length === 0 ? '' : `?${new URLSearchParams(pairs).toString()}`;
}

function describe(request: EngineRequest): string {
  return `${request.method ?? 'GET'} ${request.path}`;
}

function createAgent(address: EngineAddress): http.Agent {
  const options = { keepAlive: true, maxFreeSockets: KEPT_SOCKETS, timeout: 0 };
  return address.kind === 'tcp' && address.tls !== undefined
    ? new https.Agent(options)
    : new http.Agent(options);
}

function createDockerode(address: EngineAddress, apiVersion: string, agent: http.Agent): Docker {
  // Loading it takes a tenth of a second, which no command should pay that has no use for it.
  const Dockerode = createRequire(import.meta.url)('dockerode') as typeof Docker;
  const version = `v${apiVersion}`;
  // An explicit empty host keeps docker-modem from preferring DOCKER_HOST to the socket it is given.
  if (address.kind === 'socket')
    return new Dockerode({
      socketPath: address.socketPath,
      host: '',
      version,
      agent,
    } as Docker.DockerOptions);
  const tls = address.tls;
  return new Dockerode({
    host: address.host,
    port: address.port,
    protocol: tls === undefined ? 'http' : 'https',
    version,
    agent,
    ...(tls?.ca === undefined ? {} : { ca: tls.ca }),
    ...(tls?.cert === undefined ? {} : { cert: tls.cert }),
    ...(tls?.key === undefined ? {} : { key: tls.key }),
  } as Docker.DockerOptions);
}
