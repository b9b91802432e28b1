import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { request as httpRequest } from 'node:http';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import type { Router } from '#ipc/Router.ts';
import type { ServerMessage } from '#shared/contract/wire.ts';
import { startWebShell, type WebShell } from './startWebShell.ts';

let folder: string;
let shell: WebShell;
let cookie: string;
const router: Router = {
  call: (name, input) => Promise.resolve({ name, input }),
  stream: async function* () {
    yield await Promise.resolve([1]);
  },
};

interface Answer {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  body: string;
}

function get(path: string, headers: Record<string, string> = {}, method = 'GET'): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const call = httpRequest(
      {
        host: '127.0.0.1',
        port: shell.port,
        path,
        method,
        headers: { host: `127.0.0.1:${shell.port}`, ...headers },
      },
      (response) => {
        let body = '';
        response.on('data', (chunk: Buffer) => (body += chunk.toString()));
        response.on('end', () =>
          resolve({ status: response.statusCode ?? 0, headers: response.headers, body }),
        );
      },
    );
    call.on('error', reject);
    call.end();
  });
}

function upgrade(headers: Record<string, string>, path = '/ws'): Promise<number | 'open'> {
  return new Promise((resolve) => {
    const socket = new WebSocket(`ws://127.0.0.1:${shell.port}${path}`, { headers });
    socket.on('open', () => {
      socket.close();
      resolve('open');
    });
    socket.on('unexpected-response', (_request, response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    });
    socket.on('error', () => undefined);
  });
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'flotilla-web-'));
  mkdirSync(join(folder, 'page/assets'), { recursive: true });
  writeFileSync(join(folder, 'page/index.html'), '<!doctype html>page');
  writeFileSync(join(folder, 'page/assets/a.js'), 'export {}');
  writeFileSync(join(folder, 'secret.js'), 'secret');
  shell = await startWebShell({ router, rendererFolder: join(folder, 'page'), port: 0 });
  const { headers } = await get(new URL(shell.url).pathname + new URL(shell.url).search);
  cookie = String(headers['set-cookie']).split(';')[0] ?? '';
});
afterAll(async () => {
  await shell.dispose();
  rmSync(folder, { recursive: true, force: true });
});

describe('the web shell', () => {
  it('exchanges the token for a cookie of this port and takes it out of the address', async () => {
    const answer = await get(`/?token=${new URL(shell.url).searchParams.get('token')}`);
    expect(answer.status).toBe(303);
    expect(answer.headers['location']).toBe('/');
    expect(String(answer.headers['set-cookie'])).toMatch(
      new RegExp(`^flotilla-session-${shell.port}=[\\w-]{32}; HttpOnly; SameSite=Strict; Path=/$`),
    );
  });

  it('serves the page with its headers to whom it knows', async () => {
    const page = await get('/', { cookie });
    expect(page).toMatchObject({ status: 200, body: '<!doctype html>page' });
    expect(page.headers['content-security-policy']).toContain("default-src 'none'");
    expect(page.headers['content-security-policy']).not.toContain("script-src 'self' 'unsafe");
    expect(page.headers).toMatchObject({
      'x-content-type-options': 'nosniff',
      'cross-origin-opener-policy': 'same-origin',
      'referrer-policy': 'no-referrer',
    });
    expect((await get('/assets/a.js', { cookie })).headers['content-type']).toBe(
      'text/javascript; charset=utf-8',
    );
  });

  it.each([
    ['no cookie', '/', {}, 401, 'Open the whole address that flotilla serve printed'],
    ['a wrong cookie', '/', { cookie: 'flotilla-session-1=x' }, 401, 'Open the whole address'],
    ['a wrong token', '/?token=x', {}, 401, 'This address is not valid any more'],
    [
      'a name of another host',
      '/',
      { host: 'evil.example' },
      421,
      'Flotilla answers under 127.0.0.1 and localhost only',
    ],
    ['a rebinding name', '/', { host: '127.0.0.1.evil.example:80' }, 421, 'Flotilla answers under'],
    [
      'a page of another origin',
      '/',
      { origin: 'http://evil.example' },
      403,
      'Requests of other pages are refused',
    ],
    [
      'a page of another port',
      '/',
      { origin: 'http://127.0.0.1:1' },
      403,
      'Requests of other pages are refused',
    ],
    ['a sandboxed page', '/', { origin: 'null' }, 403, 'Requests of other pages are refused'],
  ])('refuses %s', async (_, path, headers, status, message) => {
    const answer = await get(path, headers);
    expect(answer.status).toBe(status);
    expect(answer.body).toContain(message);
    expect(answer.headers['set-cookie']).toBeUndefined();
  });

  it.each(['/../secret.js', '/%2e%2e/secret.js', '/assets/..%2f..%2fsecret.js', '/none.js', '/.env'])(
    'has no %s',
    async (path) => {
      expect((await get(path, { cookie })).status).toBe(404);
    },
  );

  it('answers only GET', async () => {
    expect((await get('/', { cookie }, 'POST')).status).toBe(405);
  });

  it('is reached through a tunnel under another port', async () => {
    expect((await get('/', { cookie, host: 'localhost:8088', origin: 'http://localhost:8088' })).status).toBe(
      200,
    );
  });

  it('listens on the loopback address only', async () => {
    const outside = Object.values((await import('node:os')).networkInterfaces())
      .flat()
      .find((address) => address?.family === 'IPv4' && !address.internal);
    if (outside === undefined) return expect(shell.url).toContain('127.0.0.1');
    await expect(
      new Promise((resolve, reject) =>
        connect(shell.port, outside.address).once('connect', resolve).once('error', reject),
      ),
    ).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  });

  it.each([
    ['the cookie', () => ({ cookie }), '/ws', 'open'],
    ['no cookie', () => ({}), '/ws', 401],
    ['another origin', () => ({ cookie, origin: 'http://evil.example' }), '/ws', 403],
    ['another host', () => ({ cookie, host: 'evil.example' }), '/ws', 403],
    ['another path', () => ({ cookie }), '/other', 403],
  ] as const)('a socket with %s: %s', async (_, headers, path, outcome) => {
    expect(await upgrade(headers() as Record<string, string>, path)).toBe(outcome);
  });

  it('answers broken messages, closes at a message of 100 MB, and serves others on', async () => {
    const open = () => new WebSocket(`ws://127.0.0.1:${shell.port}/ws`, { headers: { cookie } });
    const socket = open();
    const answers: ServerMessage[] = [];
    socket.on('message', (data: Buffer) => answers.push(JSON.parse(data.toString()) as ServerMessage));
    await new Promise((resolve) => socket.once('open', resolve));
    socket.send('{not json');
    socket.send(Buffer.from([1, 2, 3]));
    socket.send(JSON.stringify({ type: 'call', id: 1, name: 'apps.get', input: {} }));
    await expect.poll(() => answers.length).toBe(3);
    expect(answers[0]).toMatchObject({ type: 'error', error: { code: 'invalid-input' } });
    expect(answers[1]).toMatchObject({ type: 'error', error: { code: 'invalid-input' } });
    expect(answers[2]).toMatchObject({ type: 'result', id: 1 });
    const closed = new Promise((resolve) => socket.once('close', resolve));
    socket.on('error', () => undefined);
    socket.send('x'.repeat(100_000_000), () => undefined);
    expect(await closed).toBe(1009);
    expect(await upgrade({ cookie })).toBe('open');
  });

  it('says what is wrong with a port that is taken', async () => {
    await expect(startWebShell({ router, rendererFolder: folder, port: shell.port })).rejects.toMatchObject({
      code: 'conflict',
      message: `Port ${shell.port} is in use.`,
    });
  });
});
