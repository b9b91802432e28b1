import { randomUUID } from 'node:crypto';
import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { Socket } from 'node:net';
import type { EngineClient, LiveStreams } from '#core/engine/EngineApi.ts';
import { engineAddress, tlsOptions } from '#core/engine/engineAddress.ts';
import { errorBodyText, toEngineError } from '#core/engine/toEngineError.ts';
import { serveGrpc } from './serveGrpc.ts';
import { type SessionAnswers, sessionServices } from './sessionServices.ts';

/** An engine that hangs at the handshake must not hold a build for ever. */
const HANDSHAKE_MS = 10_000;

export interface BuildSession {
  /** Named in the build's request. */
  readonly id: string;
  /** Ends the connection and what it serves. Idempotent. */
  close(): void;
}

/** The engine has no sessions, or gives none. */
export class SessionRefused extends Error {
  readonly statusCode: number;

  constructor(statusCode: number, message: string) {
    super(message);
    this.name = 'SessionRefused';
    this.statusCode = statusCode;
  }
}

/**
 * Opens a BuildKit session: a connection of the engine's API that is turned around, so that the engine asks and this
 * side serves (gRPC over cleartext HTTP/2).
 * @throws SessionRefused when the engine answers anything but 101; FlotillaError when it cannot be reached.
 */
export async function openSession(
  client: EngineClient,
  options: {
    liveStreams: LiveStreams;
    answers: SessionAnswers;
    purpose: string;
    /** Sessions of one key are one sender to the engine: it keeps what they sent. */
    sharedKey: string;
    signal: AbortSignal;
  },
): Promise<BuildSession> {
  const id = randomUUID();
  const services = sessionServices(options.answers);
  const release = options.liveStreams.add(options.purpose);
  let socket: Socket;
  try {
    const signal = AbortSignal.any([options.signal, AbortSignal.timeout(HANDSHAKE_MS)]);
    socket = await upgrade(
      client,
      { id, sharedKey: options.sharedKey, methods: Object.keys(services) },
      signal,
    );
  } catch (error) {
    release();
    throw error;
  }
  const server = serveGrpc(socket, services);
  const close = (): void => {
    release();
    server.close();
    socket.destroy();
  };
  // An engine that dies ends the build's own request too, which tells about it.
  socket.on('error', close);
  socket.once('close', close);
  return { id, close };
}

function upgrade(
  client: EngineClient,
  { id, sharedKey, methods }: { id: string; sharedKey: string; methods: string[] },
  signal: AbortSignal,
): Promise<Socket> {
  const address = engineAddress(client.endpoint);
  const what = 'POST /session';
  const options = {
    method: 'POST',
    path: `/v${client.info.apiVersion}/session`,
    signal,
    // A connection of its own, which never goes back to where others take theirs from.
    agent: false as const,
    headers: {
      host: 'engine',
      connection: 'Upgrade',
      upgrade: 'h2c',
      'x-docker-expose-session-uuid': id,
      'x-docker-expose-session-name': 'flotilla',
      'x-docker-expose-session-sharedkey': sharedKey,
      'x-docker-expose-session-grpc-method': methods,
    },
  };
  return new Promise((resolve, reject) => {
    const call =
      address.kind === 'socket'
        ? httpRequest({ ...options, socketPath: address.socketPath })
        : address.tls === undefined
          ? httpRequest({ ...options, host: address.host, port: address.port })
          : httpsRequest({
              ...options,
              host: address.host,
              port: address.port,
              ...tlsOptions(address.tls),
            });
    call.once('upgrade', (_answer, socket: Socket, head: Buffer) => {
      // The engine speaks first, and its first words may have come with the answer.
      if (head.length > 0) socket.unshift(head);
      resolve(socket);
    });
    call.once('response', (answer) => {
      let body = '';
      answer.setEncoding('utf8');
      answer.on('data', (text: string) => {
        if (body.length < 4096) body += text;
      });
      answer.once('close', () => {
        call.destroy();
        reject(new SessionRefused(answer.statusCode ?? 0, errorBodyText(body)));
      });
    });
    call.on('error', (error) => reject(toEngineError(error, what, client.endpoint.host, signal)));
    call.end();
  });
}
