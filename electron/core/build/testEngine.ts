import { type IncomingMessage, request as httpRequest } from 'node:http';
import { Readable } from 'node:stream';
import type { EngineClient, EngineRequest, EngineService, LiveStreams } from '#core/engine/EngineApi.ts';
import { FlotillaError } from '#shared/contract/errors.ts';

/**
 * For tests only: the part of the engine layer that builds use, over one unix socket, so that these tests stand on
 * a real engine and on nothing of the engine layer's own.
 */
export function testEngine(
  host = process.env['FLOTILLA_TEST_DOCKER_HOST'] ?? '',
  product: 'Docker' | 'Podman' = 'Docker',
): {
  engine: EngineService;
  client: EngineClient;
  openStreams: () => number;
} {
  const socketPath = host.replace(/^unix:\/\//, '');
  let open = 0;

  const liveStreams: LiveStreams = {
    get count() {
      return open;
    },
    list: () => [],
    add() {
      open += 1;
      let isOpen = true;
      return () => {
        if (isOpen) open -= 1;
        isOpen = false;
      };
    },
  };

  const send = (request: EngineRequest): Promise<IncomingMessage> =>
    new Promise((resolve, reject) => {
      const query = new URLSearchParams();
      for (const [key, value] of Object.entries(request.query ?? {}))
        if (value !== undefined) query.set(key, String(value));
      const { body } = request;
      const outgoing = httpRequest({
        socketPath,
        method: request.method ?? 'GET',
        path: `${request.path}?${query}`,
        headers: {
          ...request.headers,
          ...(body !== undefined && !(body instanceof Readable) && !Buffer.isBuffer(body)
            ? { 'Content-Type': 'application/json' }
            : {}),
        },
        ...(request.signal === undefined ? {} : { signal: request.signal }),
      });
      outgoing.once('response', (answer: IncomingMessage) => {
        if ((answer.statusCode ?? 0) < 400) return resolve(answer);
        void readAll(answer).then((text) =>
          reject(
            new FlotillaError('engine-error', messageIn(text), { detail: { statusCode: answer.statusCode } }),
          ),
        );
      });
      outgoing.on('error', (error) =>
        reject(
          new FlotillaError('engine-unavailable', `The engine cannot be reached: ${error.message}.`, {
            hint: 'Start it.',
          }),
        ),
      );
      if (body instanceof Readable) {
        body.on('error', (error) => outgoing.destroy(error));
        body.pipe(outgoing);
      } else if (Buffer.isBuffer(body)) outgoing.end(body);
      else outgoing.end(body === undefined ? undefined : JSON.stringify(body));
    });

  const client = {
    endpoint: { id: 'test', source: 'flag', name: 'test', host },
    info: { product, version: 'of the tests', apiVersion: '1.41' },
    async request(request: EngineRequest) {
      const text = await readAll(await send(request));
      return text === '' ? undefined : (JSON.parse(text) as unknown);
    },
    async openStream(request: EngineRequest) {
      const answer = await send(request);
      open += 1;
      answer.once('close', () => {
        open -= 1;
      });
      return {
        statusCode: answer.statusCode ?? 0,
        headers: answer.headers,
        body: answer,
        close: () => answer.destroy(),
      };
    },
  } as unknown as EngineClient;
  return {
    engine: { client: () => client, liveStreams } as unknown as EngineService,
    client,
    openStreams: () => open,
  };
}

async function readAll(answer: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of answer) chunks.push(Buffer.from(chunk as Uint8Array));
  return Buffer.concat(chunks).toString('utf8');
}

function messageIn(text: string): string {
  try {
    return (JSON.parse(text) as { message: string }).message;
  } catch {
    return text;
  }
}
