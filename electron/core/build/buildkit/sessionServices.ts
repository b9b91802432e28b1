import type { CredentialsFor } from '../CredentialsFor.ts';
import { GRPC_STATUS, type GrpcCall, GrpcRefusal } from './GrpcCall.ts';
import { bytesField, numberField, textField } from './protobufWire.ts';
import { type ServedFolder, serveFolder } from './serveFolder.ts';
import type { GrpcMethod } from './serveGrpc.ts';

/** What a build may ask of the session it runs in. */
export interface SessionAnswers {
  credentialsFor?: CredentialsFor | undefined;
  /** The value of a secret; undefined: there is none of that name. */
  secret(id: string): Promise<Buffer | undefined>;
  /** The folder of that name (`context`, `dockerfile`), at least the paths named (none: all); undefined: there is none. */
  folder(name: string, only: readonly string[]): ServedFolder | undefined;
}

/** `SERVING` of grpc.health.v1.HealthCheckResponse. */
const SERVING = 1;

/** The gRPC methods of one session by their paths. Messages are taken and given as bytes: their fields are few. */
export function sessionServices(answers: SessionAnswers): Record<string, GrpcMethod> {
  return {
    '/grpc.health.v1.Health/Check': unary(async () => numberField(1, SERVING)),
    '/moby.filesync.v1.Auth/Credentials': unary(async (request) => {
      const found = await answers.credentialsFor?.(textField(request, 1));
      // No login is no failure: the engine then asks the registry as anybody.
      if (found === undefined) return Buffer.alloc(0);
      return Buffer.concat([bytesField(1, found.username), bytesField(2, found.secret)]);
    }),
    '/moby.buildkit.secrets.v1.Secrets/GetSecret': unary(async (request) => {
      const id = textField(request, 1);
      const value = await answers.secret(id);
      if (value === undefined) throw new GrpcRefusal(GRPC_STATUS.notFound, `secret ${id}: not found`);
      return bytesField(1, value);
    }),
    '/moby.filesync.v1.FileSync/DiffCopy': async (call) => {
      const only = [...textsOf(call, 'include-patterns'), ...textsOf(call, 'followpaths')];
      const folder = answers.folder(call.metadata('dir-name')[0] ?? '', only);
      if (folder === undefined) throw new GrpcRefusal(GRPC_STATUS.notFound, 'no such folder');
      await serveFolder(call, folder);
    },
  };
}

function unary(answer: (request: Buffer) => Promise<Buffer>): GrpcMethod {
  return async (call) => {
    let request: Buffer = Buffer.alloc(0);
    for await (const message of call.messages()) request = message;
    await call.write(await answer(request));
  };
}

/** Texts of a key. Newer engines write those that are not plain ASCII as in an address, and say so beside them. */
function textsOf(call: GrpcCall, key: string): string[] {
  const isEncoded = call.metadata(`${key}-encoded`)[0] === '1';
  return call.metadata(key).map((text) =>
    isEncoded
      ? decodeURIComponent(text.replaceAll('+', ' '))
      : // Node reads the bytes of a header as Latin-1.
        Buffer.from(text, 'latin1').toString('utf8'),
  );
}
