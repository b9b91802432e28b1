import {
  type IncomingHttpHeaders,
  performServerHandshake,
  type ServerHttp2Session,
  type ServerHttp2Stream,
} from 'node:http2';
import type { Duplex } from 'node:stream';
import { GRPC_STATUS, GrpcCall, GrpcRefusal } from './GrpcCall.ts';

/** Answers one call by its messages; the call ends well when it resolves. @throws GrpcRefusal */
export type GrpcMethod = (call: GrpcCall) => Promise<void>;

/**
 * Serves gRPC over cleartext HTTP/2 on a connection that stands (PROTOCOL-HTTP2.md of grpc/grpc). An own server of few
 * lines: a library's writes each message by itself, which takes twice as long for a context of many files, and joins
 * metadata of one key with commas, which paths may hold.
 * @param methods by their path, e.g. `/grpc.health.v1.Health/Check`
 */
export function serveGrpc(socket: Duplex, methods: Readonly<Record<string, GrpcMethod>>): { close(): void } {
  const session: ServerHttp2Session = performServerHandshake(socket);
  // The connection's end is told by the socket.
  session.on('error', () => {});
  session.on('stream', (stream, headers, _flags, raw) => {
    // Broken off by the other side: whoever writes hears of it.
    stream.on('error', () => {});
    void answer(stream, headers, raw, methods);
  });
  return { close: () => session.destroy() };
}

async function answer(
  stream: ServerHttp2Stream,
  headers: IncomingHttpHeaders,
  raw: readonly string[],
  methods: Readonly<Record<string, GrpcMethod>>,
): Promise<void> {
  let code: number = GRPC_STATUS.ok;
  let words = '';
  stream.once('wantTrailers', () => {
    stream.sendTrailers({
      'grpc-status': String(code),
      ...(words === '' ? {} : { 'grpc-message': encodeURIComponent(words) }),
    });
  });
  stream.respond({ ':status': 200, 'content-type': 'application/grpc' }, { waitForTrailers: true });
  try {
    const method = methods[headers[':path'] ?? ''];
    if (method === undefined) throw new GrpcRefusal(GRPC_STATUS.unimplemented, 'not served');
    await method(new GrpcCall(stream, pairsOf(raw)));
  } catch (error) {
    code = error instanceof GrpcRefusal ? error.code : GRPC_STATUS.internal;
    words = error instanceof GrpcRefusal ? error.message : 'failed';
  }
  if (stream.destroyed) return;
  stream.end();
  // What the other side still sends is of no interest once it is answered; the stream ends when it has been read.
  stream.resume();
}

/** Headers as they came: Node joins those of one name with commas, which paths may hold. */
function pairsOf(raw: readonly string[]): [string, string][] {
  const pairs: [string, string][] = [];
  for (let at = 0; at + 1 < raw.length; at += 2)
    pairs.push([(raw[at] ?? '').toLowerCase(), raw[at + 1] ?? '']);
  return pairs;
}
