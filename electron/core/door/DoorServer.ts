import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import type { Disposable } from '#shared/domain/Disposable.ts';
import { toErrorShape } from '#shared/contract/errors.ts';
import { answerDoor, type DoorApp } from './answerDoor.ts';
import { type DoorAnswer, DoorGuard, type DoorLimits, refusal } from './DoorGuard.ts';

const MOST_BODY_BYTES = 1024;
const MOST_HEADER_BYTES = 4096;
const MOST_CONNECTIONS = 64;
const MOST_CONNECTIONS_OF_ONE = 8;
const REQUESTS_OF_A_CONNECTION = 100;

export interface DoorServerOptions {
  /** Address to listen at. */
  address: string;
  /** 0: any that is free. */
  port: number;
  /** The host that callers are told, as it stands in a URL. */
  urlHost: string;
  token: string;
  /** Whether somebody with this address may connect at all. */
  admits: (address: string) => boolean;
  app: DoorApp;
  limits?: DoorLimits | undefined;
  /** Within which a request must be there, headers and body. Default 5 s. */
  requestMs?: number | undefined;
}

/** The listening end of one app's control door. It knows two requests (see answerDoor), and is stingy with everything else. */
export class DoorServer implements Disposable {
  readonly port: number;
  readonly url: string;
  readonly token: string;
  readonly #server: Server;
  readonly #sockets: ReadonlySet<Socket>;

  private constructor(
    server: Server,
    sockets: ReadonlySet<Socket>,
    port: number,
    options: DoorServerOptions,
  ) {
    this.#server = server;
    this.#sockets = sockets;
    this.port = port;
    this.token = options.token;
    this.url = `http://${options.urlHost}:${port}`;
  }

  /** @throws what the system says of the address or the port, e.g. `EADDRINUSE`, `EADDRNOTAVAIL` */
  static async open(options: DoorServerOptions): Promise<DoorServer> {
    const requestMs = options.requestMs ?? 5_000;
    let guard: DoorGuard | undefined;
    const server = createServer(
      {
        maxHeaderSize: MOST_HEADER_BYTES,
        headersTimeout: requestMs,
        requestTimeout: requestMs,
        keepAliveTimeout: requestMs,
        connectionsCheckingInterval: Math.max(50, requestMs / 10),
      },
      (request, response) => {
        if (guard === undefined) request.socket.destroy();
        else void respond(request, response, guard, options.app);
      },
    );
    server.maxConnections = MOST_CONNECTIONS;
    server.maxRequestsPerSocket = REQUESTS_OF_A_CONNECTION;
    const sockets = admitOnly(server, options);
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen({ port: options.port, host: options.address, exclusive: true }, () => {
        server.off('error', reject);
        resolve();
      });
    });
    const { port } = server.address() as AddressInfo;
    guard = new DoorGuard([`${options.urlHost}:${port}`], options.token, options.limits);
    return new DoorServer(server, sockets, port, options);
  }

  async dispose(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    for (const socket of this.#sockets) socket.destroy();
    await closed;
  }
}

/** Drops connections of those who have no business here, and of one that holds too many. */
function admitOnly(server: Server, { admits }: DoorServerOptions): ReadonlySet<Socket> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    const from = socket.remoteAddress ?? '';
    const others = [...sockets].filter(({ remoteAddress }) => remoteAddress === from).length;
    if (!admits(from) || others >= MOST_CONNECTIONS_OF_ONE) {
      socket.destroy();
      return;
    }
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  return sockets;
}

async function respond(
  request: IncomingMessage,
  response: ServerResponse,
  guard: DoorGuard,
  app: DoorApp,
): Promise<void> {
  const refused = guard.refuse(request.headers);
  if (refused !== undefined) {
    if (refused.status === 401) app.refused('a request without the right token');
    return send(request, response, refused);
  }
  const body = await readBody(request);
  if (body === undefined)
    return send(request, response, refusal(413, `A body has at most ${MOST_BODY_BYTES} bytes.`));
  let answer: DoorAnswer;
  try {
    answer = answerDoor(
      {
        method: request.method ?? '',
        path: request.url ?? '',
        contentType: request.headers['content-type'],
        body,
      },
      app,
    );
  } catch (error) {
    // What went wrong inside is nobody's business outside.
    app.refused(toErrorShape(error).message);
    answer = refusal(500, 'Flotilla failed.');
  }
  send(request, response, answer);
}

/** Undefined for one that is too long, or is not sent to its end. */
function readBody(request: IncomingMessage): Promise<string | undefined> {
  if (Number(request.headers['content-length'] ?? 0) > MOST_BODY_BYTES) return Promise.resolve(undefined);
  const chunks: Buffer[] = [];
  let bytes = 0;
  // Not by iteration: that would close the socket at the end, before the answer.
  return new Promise((resolve) => {
    request.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes <= MOST_BODY_BYTES) chunks.push(chunk);
      else {
        request.pause();
        resolve(undefined);
      }
    });
    request.once('end', () => resolve(Buffer.concat(chunks).toString('utf8')));
    request.once('close', () => resolve(undefined));
  });
}

function send(
  request: IncomingMessage,
  response: ServerResponse,
  { status, body, headers }: DoorAnswer,
): void {
  if (response.destroyed) return;
  const text = `${JSON.stringify(body)}\n`;
  // A body that is not read to its end would be taken for the next request.
  const isWhole = request.complete;
  response.writeHead(status, {
    'Content-Type': 'application/json',
    'Content-Length': Buffer.byteLength(text),
    'Cache-Control': 'no-store',
    'X-Content-Type-Options': 'nosniff',
    ...(isWhole ? {} : { Connection: 'close' }),
    ...headers,
  });
  response.end(text, () => {
    if (!isWhole) request.socket.destroy();
  });
}
