import {
  type sendUnaryData,
  type ServerDuplexStream,
  type ServerUnaryCall,
  Server,
  status,
} from '@grpc/grpc-js';
import type { CredentialsFor } from '../CredentialsFor.ts';
import { type ServedFolder, serveFolder } from './serveFolder.ts';
import { bytesField, numberField, textField } from './protobufWire.ts';

/** What a build may ask of the session it runs in. */
export interface SessionAnswers {
  credentialsFor?: CredentialsFor | undefined;
  /** The value of a secret; undefined: there is none of that name. */
  secret(id: string): Promise<Buffer | undefined>;
  /** The folder of that name (`context`, `dockerfile`), at least the paths named (none: all); undefined: there is none. */
  folder(name: string, only: readonly string[]): ServedFolder | undefined;
}

/** gRPC methods the session serves, as they are announced to the engine. */
export const SESSION_METHODS = [
  '/grpc.health.v1.Health/Check',
  '/moby.filesync.v1.Auth/Credentials',
  '/moby.buildkit.secrets.v1.Secrets/GetSecret',
  '/moby.filesync.v1.FileSync/DiffCopy',
] as const;

/** `SERVING` of grpc.health.v1.HealthCheckResponse. */
const SERVING = 1;

/** A gRPC server for one session. Messages are taken and given as bytes: their fields are few. */
export function sessionServices(answers: SessionAnswers): Server {
  const server = new Server();
  const serve = (
    path: (typeof SESSION_METHODS)[number],
    answer: (request: Buffer) => Promise<Buffer>,
  ): void => {
    server.register(
      path,
      (call: ServerUnaryCall<Buffer, Buffer>, reply: sendUnaryData<Buffer>) => {
        answer(call.request).then(
          (bytes) => reply(null, bytes),
          (error: unknown) =>
            reply(error instanceof Refusal ? error : { code: status.INTERNAL, details: 'failed' }),
        );
      },
      (bytes: Buffer) => bytes,
      (bytes: Buffer) => bytes,
      'unary',
    );
  };

  serve('/grpc.health.v1.Health/Check', async () => numberField(1, SERVING));
  serve('/moby.filesync.v1.Auth/Credentials', async (request) => {
    const found = await answers.credentialsFor?.(textField(request, 1));
    // No login is no failure: the engine then asks the registry as anybody.
    if (found === undefined) return Buffer.alloc(0);
    return Buffer.concat([bytesField(1, found.username), bytesField(2, found.secret)]);
  });
  serve('/moby.buildkit.secrets.v1.Secrets/GetSecret', async (request) => {
    const id = textField(request, 1);
    const value = await answers.secret(id);
    if (value === undefined) throw new Refusal(status.NOT_FOUND, `secret ${id}: not found`);
    return bytesField(1, value);
  });
  server.register(
    '/moby.filesync.v1.FileSync/DiffCopy',
    (call: ServerDuplexStream<Buffer, Buffer>) => {
      const texts = (key: string): string[] => call.metadata.get(key).map(String);
      const folder = answers.folder(texts('dir-name')[0] ?? '', [
        ...texts('include-patterns'),
        ...texts('followpaths'),
      ]);
      if (folder === undefined) call.emit('error', new Refusal(status.NOT_FOUND, 'no such folder'));
      else void serveFolder(call, folder);
    },
    (bytes: Buffer) => bytes,
    (bytes: Buffer) => bytes,
    'bidi',
  );
  return server;
}

class Refusal extends Error {
  readonly code: status;
  readonly details: string;

  constructor(code: status, details: string) {
    super(details);
    this.name = 'Refusal';
    this.code = code;
    this.details = details;
  }
}
