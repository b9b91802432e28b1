import { connect, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { FlotillaError } from '#shared/contract/errors.ts';
import type { DoorApp } from './answerDoor.ts';
import { DoorServer, type DoorServerOptions } from './DoorServer.ts';

const TOKEN = 'A'.repeat(43);
const OTHER = 'B'.repeat(43);
const open: DoorServer[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((server) => server.dispose()));
});

interface Heard {
  scaled: [string, number][];
  refused: string[];
}

async function setUp(change: Partial<DoorServerOptions> = {}) {
  const heard: Heard = { scaled: [], refused: [] };
  const app: DoorApp = {
    workers: () => [{ service: 'worker', replicas: 1, min: 1, max: 4, workers: [] }],
    scale(service, replicas) {
      heard.scaled.push([service, replicas]);
      return { service, from: 1, replicas };
    },
    refused: (reason) => heard.refused.push(reason),
  };
  const server = await DoorServer.open({
    address: '127.0.0.1',
    port: 0,
    urlHost: '127.0.0.1',
    token: TOKEN,
    admits: () => true,
    app,
    ...change,
  });
  open.push(server);
  return { server, heard, app };
}

/** Sends bytes as they are and answers all that comes back until the other side closes. */
function raw(server: DoorServer, ...pieces: string[]): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect(server.port, '127.0.0.1');
    let text = '';
    socket.on('data', (chunk) => (text += chunk.toString('latin1')));
    socket.on('error', () => undefined);
    socket.on('close', () => resolve(text));
    for (const piece of pieces) socket.write(piece);
  });
}

/** A connection that says nothing. */
async function held(server: DoorServer): Promise<Socket> {
  const socket = connect(server.port, '127.0.0.1');
  socket.on('error', () => undefined);
  await new Promise((resolve) => socket.once('connect', resolve));
  return socket;
}

interface Sent {
  method?: string;
  token?: string | undefined;
  host?: string;
  headers?: Record<string, string>;
  body?: string;
}

function request(server: DoorServer, path: string, sent: Sent = {}): Promise<string> {
  const { method = 'GET', token = TOKEN, host = `127.0.0.1:${server.port}`, headers = {}, body } = sent;
  const lines = {
    Host: host,
    Connection: 'close',
    ...(token === '' ? {} : { Authorization: `Bearer ${token}` }),
    ...(body === undefined
      ? {}
      : { 'Content-Type': 'application/json', 'Content-Length': String(Buffer.byteLength(body)) }),
    ...headers,
  };
  const head = Object.entries(lines).map(([name, value]) => `${name}: ${value}\r\n`);
  return raw(server, `${method} ${path} HTTP/1.1\r\n${head.join('')}\r\n${body ?? ''}`);
}

const status = (answer: string): number => Number(/^HTTP\/1\.1 (\d+)/.exec(answer)?.[1] ?? 0);
const statusOf = async (...args: Parameters<typeof request>): Promise<number> =>
  status(await request(...args));
const scale = (server: DoorServer, body: string, more: Sent = {}) =>
  request(server, '/v1/scale', { method: 'POST', body, ...more });

describe('a control door', () => {
  it('tells main’s workers and takes a number', async () => {
    const { server, heard } = await setUp();
    const answer = await request(server, '/v1/workers');
    expect(status(answer)).toBe(200);
    expect(answer).toContain('"services":[{"service":"worker","replicas":1,"min":1,"max":4,"workers":[]}]');
    expect(answer).not.toMatch(/access-control/i);
    const scaled = await scale(server, '{"service":"worker","replicas":3}');
    expect(status(scaled)).toBe(202);
    expect(scaled).toContain('{"service":"worker","from":1,"replicas":3}');
    expect(heard).toEqual({ scaled: [['worker', 3]], refused: [] });
  });

  it.each([
    ['none', ''],
    ['another app’s', OTHER],
    ['a shorter one', TOKEN.slice(1)],
    ['a longer one', `${TOKEN}A`],
    ['a huge one', 'A'.repeat(2_000)],
    ['one in another case', TOKEN.toLowerCase()],
  ])('refuses a token that is %s', async (_what, token) => {
    const { server, heard } = await setUp();
    expect(await statusOf(server, '/v1/workers', { token })).toBe(401);
    expect(status(await scale(server, '{"service":"worker","replicas":3}', { token }))).toBe(401);
    expect(heard).toEqual({ scaled: [], refused: Array(2).fill('a request without the right token') });
  });

  it.each([
    ['as Basic', { Authorization: `Basic ${TOKEN}` }],
    ['as a cookie', { Authorization: '', Cookie: `token=${TOKEN}` }],
  ])('takes the token as Bearer only, not %s', async (_what, headers) => {
    const { server } = await setUp();
    expect(await statusOf(server, '/v1/workers', { token: '', headers })).toBe(401);
    expect(await statusOf(server, `/v1/workers?token=${TOKEN}`, { token: '' })).toBe(401);
  });

  it.each([
    '{"service":"worker","replicas":-1}',
    '{"service":"worker","replicas":1.5}',
    '{"service":"worker","replicas":"2"}',
    '{"service":"worker","replicas":NaN}',
    '{"service":"worker","replicas":Infinity}',
    '{"service":"worker","replicas":1e999}',
    '{"service":"worker","replicas":9007199254740993}',
    '{"service":"worker","replicas":null}',
    '{"service":"worker","replicas":[2]}',
    '{"service":"worker"}',
    '{"replicas":2}',
    '{"service":"","replicas":2}',
    '{"service":["worker"],"replicas":2}',
    '{"service":"worker","replicas":2,"image":"evil"}',
    '{"__proto__":{"service":"worker"},"replicas":2}',
    `{"service":"${'w'.repeat(300)}","replicas":2}`,
    '[]',
    '{',
    '',
  ])('refuses %s as no request to scale', async (body) => {
    const { server, heard } = await setUp();
    expect(status(await scale(server, body))).toBe(400);
    expect(heard.scaled).toEqual([]);
    expect(heard.refused).toHaveLength(1);
  });

  it('says what the app refuses, and why', async () => {
    const { server, heard } = await setUp({
      app: {
        workers: () => {
          throw new FlotillaError('engine-unavailable', 'The engine is gone.');
        },
        scale: (service) => {
          throw service === 'main'
            ? new FlotillaError('permission-denied', 'main is a main.')
            : new Error('secret inside');
        },
        refused: (reason) => heard.refused.push(reason),
      },
    });
    const gone = await request(server, '/v1/workers');
    expect([status(gone), gone.endsWith('{"error":"The engine is gone."}\n')]).toEqual([503, true]);
    expect(status(await scale(server, '{"service":"main","replicas":2}'))).toBe(403);
    const failed = await scale(server, '{"service":"worker","replicas":2}');
    expect(status(failed)).toBe(500);
    expect(failed).not.toContain('secret');
    expect(heard.refused).toHaveLength(3);
  });

  it('knows two paths, as they are written, and one method each', async () => {
    const { server, heard } = await setUp({
      limits: { burst: 1000, perSecond: 1000, strangerBurst: 1000, strangersPerSecond: 1000 },
    });
    for (const path of [
      '/',
      '/v1',
      '/v1/workers/',
      '/v1/workers?x=1',
      '/v1/../v1/workers',
      '/v1/%77orkers',
      '//v1/workers',
      '/v1/workers/../../etc/passwd',
      '/../../../etc/passwd',
      `http://127.0.0.1:${server.port}/v1/workers`,
      '/containers/json',
      '/V1/workers',
    ])
      expect([path, await statusOf(server, path)]).toEqual([path, 404]);
    for (const method of ['POST', 'PUT', 'DELETE', 'PATCH', 'HEAD', 'OPTIONS', 'PROPFIND'])
      expect([method, await statusOf(server, '/v1/workers', { method })]).toEqual([method, 405]);
    for (const method of ['GET', 'PUT', 'DELETE', 'HEAD', 'OPTIONS'])
      expect([method, await statusOf(server, '/v1/scale', { method })]).toEqual([method, 405]);
    expect(status(await request(server, '/v1/workers', { method: 'BREW' }))).toBe(400);
    expect(await request(server, '127.0.0.1:22', { method: 'CONNECT' })).toBe('');
    expect(heard.scaled).toEqual([]);
  });

  it('is no door for pages in a browser', async () => {
    const { server, heard } = await setUp();
    const body = '{"service":"worker","replicas":3}';
    const evil = { Origin: 'http://evil.example' };
    expect(status(await scale(server, body, { headers: evil }))).toBe(403);
    expect(
      status(await scale(server, body, { headers: { Origin: `http://127.0.0.1:${server.port}` } })),
    ).toBe(403);
    expect(status(await scale(server, body, { headers: { Origin: 'null' } }))).toBe(403);
    expect(await statusOf(server, '/v1/workers', { headers: { 'Sec-Fetch-Site': 'cross-site' } })).toBe(403);
    expect(await request(server, '/v1/scale', { method: 'OPTIONS', token: '', headers: evil })).not.toMatch(
      /access-control/i,
    );
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data', ''])
      expect(status(await scale(server, body, { headers: { 'Content-Type': type } }))).toBe(415);
    for (const host of [
      'evil.example',
      `evil.example:${server.port}`,
      '127.0.0.1',
      `localhost:${server.port}`,
    ])
      expect(status(await scale(server, body, { host }))).toBe(421);
    expect(heard.scaled).toEqual([]);
  });

  it('answers a request without Host, and two of them, with a refusal', async () => {
    const { server } = await setUp();
    const head = `GET /v1/workers HTTP/1.1\r\nConnection: close\r\nAuthorization: Bearer ${TOKEN}\r\n`;
    expect(status(await raw(server, `${head}\r\n`))).toBe(400);
    expect(status(await raw(server, `${head}Host: evil\r\nHost: 127.0.0.1:${server.port}\r\n\r\n`))).toBe(
      421,
    );
    expect(status(await raw(server, head.replace('1.1', '1.0').concat('\r\n')))).toBe(421);
  });

  it('takes no more than a small body and small headers', async () => {
    const { server, heard } = await setUp();
    const long = `{"service":"worker","replicas":2${' '.repeat(2_000)}}`;
    expect(status(await scale(server, long))).toBe(413);
    const chunked = {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', 'Transfer-Encoding': 'chunked' },
    };
    const [head] = [
      `POST /v1/scale HTTP/1.1\r\nHost: 127.0.0.1:${server.port}\r\nAuthorization: Bearer ${TOKEN}\r\n`,
    ];
    const chunk = `400\r\n${' '.repeat(1024)}\r\n`;
    expect(
      status(
        await raw(
          server,
          `${head}Content-Type: ${chunked.headers['Content-Type']}\r\nTransfer-Encoding: chunked\r\n\r\n${chunk}${chunk}`,
        ),
      ),
    ).toBe(413);
    expect(await statusOf(server, '/v1/workers', { headers: { 'X-Long': 'x'.repeat(8_000) } })).toBe(431);
    expect(await statusOf(server, `/${'x'.repeat(8_000)}`)).toBe(431);
    expect(
      status(
        await raw(
          server,
          `${head}Content-Length: 5\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n0\r\n\r\n`,
        ),
      ),
    ).toBe(400);
    expect(status(await raw(server, 'nonsense\r\n\r\n'))).toBe(400);
    expect(heard.scaled).toEqual([]);
  });

  it('hangs up on those who send too slowly: headers or body', async () => {
    const { server, heard } = await setUp({ requestMs: 300 });
    const head = `POST /v1/scale HTTP/1.1\r\nHost: 127.0.0.1:${server.port}\r\nAuthorization: Bearer ${TOKEN}\r\n`;
    const answers = await Promise.all([
      raw(server),
      raw(server, 'GET /v1/wor'),
      raw(server, head),
      raw(server, `${head}Content-Type: application/json\r\nContent-Length: 20\r\n\r\n{"ser`),
    ]);
    // Node says nothing, or the same, to one that has said nothing itself.
    expect([0, 408]).toContain(status(answers.shift() ?? ''));
    expect(answers.map(status)).toEqual([408, 408, 408]);
    expect(heard.scaled).toEqual([]);
  });

  it('bears a flood: main gets 429 for a while, strangers cannot use up what main has', async () => {
    const limits = { burst: 5, perSecond: 0.001, strangerBurst: 3, strangersPerSecond: 0.001 };
    const { server, heard } = await setUp({ limits });
    const ask = async (token: string, times: number): Promise<number[]> => {
      const found: number[] = [];
      for (let at = 0; at < times; at += 1) found.push(await statusOf(server, '/v1/workers', { token }));
      return found;
    };
    expect(await ask(OTHER, 6)).toEqual([401, 401, 401, 429, 429, 429]);
    expect(await ask(TOKEN, 7)).toEqual([200, 200, 200, 200, 200, 429, 429]);
    const late = await scale(server, '{"service":"worker","replicas":3}');
    expect(late).toMatch(/^HTTP\/1\.1 429[^]*retry-after: \d+\r\n/i);
    expect(heard).toEqual({ scaled: [], refused: Array(3).fill('a request without the right token') });
  });

  it('holds few connections of one caller, and none of those outside', async () => {
    const { server } = await setUp();
    const sockets = await Promise.all(Array.from({ length: 8 }, () => held(server)));
    expect(await request(server, '/v1/workers')).toBe('');
    sockets[0]?.destroy();
    await expect.poll(() => statusOf(server, '/v1/workers')).toBe(200);
    for (const socket of sockets) socket.destroy();
    const outside = await setUp({ admits: () => false });
    expect(await request(outside.server, '/v1/workers')).toBe('');
  });

  it('is gone once it is closed, with every connection, and its port is free again', async () => {
    const { server } = await setUp();
    const waiting = raw(server, `GET /v1/workers HTTP/1.1\r\n`);
    await held(server);
    await server.dispose();
    expect(await waiting).toBe('');
    expect(await request(server, '/v1/workers')).toBe('');
    const next = await setUp({ port: server.port, token: OTHER });
    expect(await statusOf(next.server, '/v1/workers')).toBe(401);
  });
});
