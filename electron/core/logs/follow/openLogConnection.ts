import { connect as connectPlain, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { FlotillaError } from '#shared/contract/errors.ts';
import { type EngineAddress, tlsOptions } from '../../engine/engineAddress.ts';
import { HttpBodyReader } from '../bytes/HttpBodyReader.ts';

const CONNECT_MS = 15_000;
const LONGEST_ERROR_BODY = 8 * 1024;

export interface LogConnectionListener {
  /** The engine has begun to answer: the log is open. */
  onOpen(): void;
  /** `bytes[start, end)` of the log, valid until the call returns. @throws what is wrong with them; the connection is then closed */
  onBytes(bytes: Buffer, start: number, end: number): void;
  /** Called once, last, unless it was closed by us. `complete`: the engine said that the log is over. */
  onClose(outcome: { complete: boolean; status: number; error?: Error | undefined; message?: string }): void;
}

/** Where an engine is and which version of its API is spoken. */
export interface EnginePlace {
  address: EngineAddress;
  apiVersion: string;
}

/**
 * Opens a container's log on a connection of its own (a log stream has it for itself for as long as it lasts, in any client).
 * Reading is as fast as the listener: while it is busy nothing is read, and the engine waits.
 */
export function openLogConnection(
  engine: EnginePlace,
  containerId: string,
  query: Record<string, string>,
  listener: LogConnectionListener,
): { close(): void } {
  const { address } = engine;
  const socket: Socket =
    address.kind === 'socket'
      ? connectPlain(address.socketPath)
      : address.tls === undefined
        ? connectPlain(address.port, address.host)
        : connectTls({
            host: address.host,
            port: address.port,
            ...tlsOptions(address.tls),
            // A name is asked for by its certificate; an IP address has none to send.
            ...(/^[\d.:]+$/.test(address.host) ? {} : { servername: address.host }),
          });
  let status = 0;
  let errorBody = '';
  let failure: Error | undefined;
  let closed = false;
  const reader = new HttpBodyReader({
    onHead(code) {
      status = code;
      socket.setTimeout(0);
      if (code < 400) listener.onOpen();
    },
    onBody(bytes, start, end) {
      if (status < 400) listener.onBytes(bytes, start, end);
      else if (errorBody.length < LONGEST_ERROR_BODY) errorBody += bytes.toString('utf8', start, end);
    },
    onEnd: () => void socket.destroy(),
  });
  const host = address.kind === 'socket' ? 'engine' : `${address.host}:${address.port}`;
  const path = `/v${engine.apiVersion}/containers/${containerId}/logs?${new URLSearchParams(query).toString()}`;
  socket.once(address.kind === 'tcp' && address.tls !== undefined ? 'secureConnect' : 'connect', () =>
    socket.write(`GET ${path} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`),
  );
  // Until the engine answers; a quiet log may be quiet for days.
  socket.setTimeout(CONNECT_MS, () =>
    socket.destroy(new FlotillaError('timeout', `The engine did not answer within ${CONNECT_MS / 1000} s.`)),
  );
  socket.setKeepAlive(true, 30_000);
  socket.on('data', (bytes: Buffer) => {
    if (closed) return;
    try {
      reader.push(bytes);
    } catch (error) {
      socket.destroy(error as Error);
    }
  });
  socket.on('error', (error) => (failure = error));
  socket.once('close', () => {
    if (closed) return;
    closed = true;
    const complete = reader.close();
    listener.onClose({
      complete,
      status,
      error: failure,
      ...(status >= 400 ? { message: messageOf(errorBody) } : {}),
    });
  });
  return {
    close() {
      closed = true;
      socket.destroy();
    },
  };
}

/** The engine writes its errors as `{"message": …}`. */
function messageOf(body: string): string {
  try {
    const { message } = JSON.parse(body) as { message?: unknown };
    if (typeof message === 'string') return message;
  } catch {
    // Not the engine's own form: shown as it came.
  }
  return body.trim().slice(0, 300);
}
