import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { type IncomingMessage, type Server, type ServerResponse, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import { resolveAsset } from '#ipc/resolveAsset.ts';
import type { Router } from '#ipc/Router.ts';
import { securityHeaders } from '#ipc/securityHeaders.ts';
import { serveConnection } from '#ipc/serveConnection.ts';
import { FlotillaError } from '#shared/contract/errors.ts';
import type { Disposable } from '#shared/domain/Disposable.ts';
import { MAX_CLIENT_MESSAGE_BYTES } from '#shared/contract/wire.ts';
import { isForeignOrigin, isLoopbackHost } from './loopback.ts';

/** A consumer that takes nothing in for this long while so much waits for it is gone. */
const MOST_BUFFERED_BYTES = 64 * 1024 * 1024;
const PING_MS = 20_000;

export interface WebShellOptions {
  router: Router;
  /** Folder of the built renderer. */
  rendererFolder: string;
  /** 0: any free one. */
  port: number;
}

export interface WebShell extends Disposable {
  port: number;
  /** The private address: holds the token. */
  url: string;
}

/**
 * Flotilla in a browser: the built page and one WebSocket, on 127.0.0.1 only. The token in the address is exchanged for a cookie
 * (HttpOnly, SameSite=Strict), so that it does not stay in the address bar; Host and Origin are checked on every request.
 */
export async function startWebShell({
  router,
  rendererFolder,
  port: wantedPort,
}: WebShellOptions): Promise<WebShell> {
  const token = randomBytes(24).toString('base64url');
  const session = randomBytes(24).toString('base64url');
  let cookieName = '';
  const isSignedIn = (request: IncomingMessage): boolean => same(cookieOf(request, cookieName), session);

  const server = createServer((request, response) => {
    void answer(request, response).catch(() => {
      if (!response.headersSent)
        refuse(response, 500, 'The page could not be read. Build it again: npm run build');
      else response.destroy();
    });
  });

  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { host } = request.headers;
    if (!isLoopbackHost(host))
      return refuse(
        response,
        421,
        'Flotilla answers under 127.0.0.1 and localhost only. Use an ssh tunnel to reach it from elsewhere.',
      );
    if (isForeignOrigin(request.headers.origin, host))
      return refuse(response, 403, 'Requests of other pages are refused.');
    if (request.method !== 'GET' && request.method !== 'HEAD')
      return refuse(response, 405, 'Only GET is answered here.');
    const url = new URL(request.url ?? '/', `http://${host}`);
    const given = url.searchParams.get('token');
    if (given !== null) {
      if (!same(given, token))
        return refuse(
          response,
          401,
          'This address is not valid any more. Open the one that flotilla serve printed last.',
        );
      response.writeHead(303, {
        ...securityHeaders(),
        location: '/',
        'set-cookie': `${cookieName}=${session}; HttpOnly; SameSite=Strict; Path=/`,
      });
      response.end();
      return;
    }
    if (!isSignedIn(request))
      return refuse(response, 401, 'Open the whole address that flotilla serve printed, with its token.');
    const asset = resolveAsset(rendererFolder, url.pathname);
    if (asset === null) return refuse(response, 404, 'There is no such page.');
    let body: Buffer;
    try {
      body = await readFile(asset.path);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT')
        return refuse(response, 404, 'There is no such page.');
      throw error;
    }
    // Built files carry a hash of their content in their names.
    const caching = url.pathname.startsWith('/assets/')
      ? { 'cache-control': 'private, max-age=31536000, immutable' }
      : {};
    response.writeHead(200, {
      ...securityHeaders(),
      ...caching,
      'content-type': asset.contentType,
      'content-length': body.length,
    });
    response.end(request.method === 'HEAD' ? undefined : body);
  };

  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: MAX_CLIENT_MESSAGE_BYTES,
    perMessageDeflate: false,
  });
  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    const { host, origin } = request.headers;
    const isOurs =
      isLoopbackHost(host) &&
      !isForeignOrigin(origin, host) &&
      new URL(request.url ?? '/', `http://${host}`).pathname === '/ws';
    // A socket without Origin comes from a program; the cookie is still asked for.
    const status = !isOurs ? '403 Forbidden' : isSignedIn(request) ? undefined : '401 Unauthorized';
    if (status !== undefined) {
      socket.end(`HTTP/1.1 ${status}\r\nconnection: close\r\ncontent-length: 0\r\n\r\n`);
      return;
    }
    sockets.handleUpgrade(request, socket, head, (webSocket) => serve(webSocket, router));
  });

  await listen(server, wantedPort);
  const { port } = server.address() as AddressInfo;
  cookieName = `flotilla-session-${port}`;
  const pinging = setInterval(() => {
    for (const socket of sockets.clients) socket.ping();
  }, PING_MS);
  pinging.unref();
  return {
    port,
    url: `http://127.0.0.1:${port}/?token=${token}`,
    async dispose() {
      clearInterval(pinging);
      for (const socket of sockets.clients) socket.close(1001, 'Flotilla ends');
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeIdleConnections();
      setTimeout(() => {
        for (const socket of sockets.clients) socket.terminate();
        server.closeAllConnections();
      }, 500).unref();
      await closed;
    },
  };
}

function serve(socket: WebSocket, router: Router): void {
  const connection = serveConnection(router, (message) => {
    if (socket.readyState !== socket.OPEN) return;
    if (socket.bufferedAmount > MOST_BUFFERED_BYTES) return socket.terminate();
    socket.send(JSON.stringify(message));
  });
  socket.on('message', (data: Buffer, isBinary: boolean) => {
    let message: unknown;
    try {
      message = isBinary ? undefined : JSON.parse(data.toString('utf8'));
    } catch {
      message = undefined;
    }
    connection.receive(message);
  });
  socket.on('close', () => connection.close());
  // Too long a message, or broken frames: ws closes the socket, and there is nothing to add.
  socket.on('error', () => undefined);
}

async function listen(server: Server, port: number): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      reject(
        error.code === 'EADDRINUSE'
          ? new FlotillaError('conflict', `Port ${port} is in use.`, {
              hint: 'Choose another with --port, or leave it out for any free one.',
            })
          : error.code === 'EACCES'
            ? new FlotillaError('permission-denied', `Port ${port} may not be used by you.`, {
                hint: 'Choose one above 1023.',
              })
            : new FlotillaError('internal', `The server could not start: ${error.message}.`),
      );
    });
    server.listen({ port, host: '127.0.0.1' }, resolve);
  });
}

function refuse(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { ...securityHeaders(), 'content-type': 'text/plain; charset=utf-8' });
  response.end(`${text}\n`);
}

function cookieOf(request: IncomingMessage, name: string): string {
  for (const pair of (request.headers.cookie ?? '').split(';')) {
    const [key, value] = pair.trim().split('=', 2);
    if (key === name) return value ?? '';
  }
  return '';
}

/** Compared by hash, so that neither length nor first difference shows in the time it takes. */
function same(a: string, b: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(a), digest(b));
}
