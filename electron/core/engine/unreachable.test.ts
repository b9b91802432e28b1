import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createPlainServer, type Server as PlainServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { FlotillaError } from '#shared/contract/errors.ts';
import { EngineConnection } from './EngineConnection.ts';
import { endpoint, findEndpoints } from './findEndpoints.ts';
import { LiveStreamRegistry } from './LiveStreamRegistry.ts';
import { chooseApiVersion, probeEndpoint } from './negotiate.ts';

/** Group 60: what stands at the socket is not the engine one hoped for. The sockets are real, the daemons behind them are not. */
let folder: string;
let servers: (Server | PlainServer)[];
const sockets = new Set<Socket>();

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'flotilla-socket-'));
  servers = [];
});
afterEach(async () => {
  for (const socket of sockets) socket.destroy();
  sockets.clear();
  for (const server of servers) {
    await new Promise((resolve) => server.close(resolve));
  }
  rmSync(folder, { recursive: true, force: true });
});

async function listen(server: Server | PlainServer): Promise<string> {
  const path = join(folder, `${servers.length}.sock`);
  servers.push(server);
  server.on('connection', (socket: Socket) => sockets.add(socket));
  await new Promise<void>((resolve) => server.listen(path, resolve));
  return `unix://${path}`;
}

const daemon = (handler: RequestListener) => listen(createServer(handler));
const probe = (host: string) => probeEndpoint(endpoint('flag', 'test', host));

async function reasonOf(host: string): Promise<string> {
  const answer = await probe(host);
  return answer.answered
    ? 'answered'
    : `${answer.reason.code}: ${answer.reason.message} ${answer.reason.hint ?? ''}`;
}

const VERSION = {
  Version: '20.10.24',
  ApiVersion: '1.41',
  MinAPIVersion: '1.12',
  Os: 'linux',
  Arch: 'amd64',
};
const healthy: RequestListener = (request, response) => {
  response.end(JSON.stringify(request.url?.endsWith('/info') === true ? { NCPU: 2, ID: 'x' } : VERSION));
};

describe('an address without an engine', () => {
  it.each([
    [
      'no socket',
      () => `unix://${join(folder, 'none.sock')}`,
      'engine-unavailable: There is no engine socket at',
    ],
    [
      'a plain file',
      () => {
        writeFileSync(join(folder, 'file'), '');
        return `unix://${join(folder, 'file')}`;
      },
      'engine-unavailable: ',
    ],
    [
      'a port nobody listens on',
      () => 'tcp://127.0.0.1:9',
      'engine-unavailable: Nothing listens at tcp://127.0.0.1:9',
    ],
    [
      'ssh',
      () => 'ssh://host',
      'engine-unsupported: ssh://host: engines over ssh are not reached directly. Forward the socket instead',
    ],
    [
      'a scheme nobody knows',
      () => 'gopher://x',
      'engine-unsupported: gopher://x: addresses of this kind are not supported.',
    ],
    ['no address', () => 'unix://relative', 'invalid-input: unix://relative is no address of an engine.'],
  ])('%s', async (_, host, message) => {
    expect(await reasonOf(host())).toContain(message);
  });

  it('a socket left behind', async () => {
    const host = await daemon(healthy);
    const server = servers.pop();
    // Closing unlinks the socket: what is left behind is made by hand.
    await new Promise((resolve) => server?.close(resolve));
    expect(await reasonOf(host)).toMatch(/^engine-unavailable: /);
  });

  it('a socket one may not use', async () => {
    const host = await daemon(healthy);
    chmodSync(host.slice(7), 0o000);
    // Root may use every socket: there the check is that it answers all the same.
    const isRoot = process.getuid?.() === 0;
    expect(await reasonOf(host)).toMatch(
      isRoot ? /^answered$/ : /^permission-denied: You may not use the engine socket/,
    );
  });

  it('something that hangs after connecting is given up', async () => {
    const host = await listen(createPlainServer(() => undefined));
    const began = Date.now();
    expect(await reasonOf(host)).toMatch(/^engine-unavailable: The engine at .* did not answer in time/);
    expect(Date.now() - began).toBeLessThan(6_000);
  });

  it('something that speaks no HTTP', async () => {
    const host = await listen(createPlainServer((socket) => socket.end('220 smtp ready\r\n')));
    expect(await reasonOf(host)).toMatch(/does not speak HTTP|closed the connection/);
  });

  it('something that closes at once', async () => {
    const host = await listen(createPlainServer((socket) => socket.destroy()));
    expect(await reasonOf(host)).toMatch(/^engine-unavailable: The engine at .* closed the connection/);
  });

  it('a web server', async () => {
    const host = await daemon((_request, response) =>
      response.writeHead(500, { 'content-type': 'text/html' }).end('<html>Internal error</html>'),
    );
    expect(await reasonOf(host)).toContain(
      'an HTML page came back; this is a proxy or another server, not an engine',
    );
  });

  it('an answer that is no JSON, or half of one', async () => {
    expect(
      await reasonOf(await daemon((_request, response) => void response.end('{"Version": "20'))),
    ).toMatch(/^engine-unsupported: What answers at .* is no container engine/);
    expect(await reasonOf(await daemon((_request, response) => void response.end('{}')))).toMatch(
      /^engine-unsupported: .* does not say which API it speaks/,
    );
  });

  it.each([
    [{ ApiVersion: '1.40' }, /speaks API 1\.40; Flotilla needs 1\.41 or newer/],
    [{ ApiVersion: '1.99', MinAPIVersion: '1.60' }, /needs API 1\.60 or newer; this Flotilla speaks up to/],
  ])('API %j', async (version, message) => {
    expect(
      await reasonOf(
        await daemon((_request, response) => void response.end(JSON.stringify({ ...VERSION, ...version }))),
      ),
    ).toMatch(message);
  });

  it('takes the lower of what both speak', () => {
    expect(chooseApiVersion({ ApiVersion: '1.41' }, 'x')).toBe('1.41');
    expect(chooseApiVersion({ ApiVersion: '1.99', MinAPIVersion: '1.44' }, 'x')).toBe('1.52');
    expect(chooseApiVersion({ ApiVersion: '1.9999' }, 'x')).toBe('1.52');
  });
});

describe('an engine that fails in the middle', () => {
  const connect = async (handler: RequestListener) => {
    const host = await daemon(handler);
    const streams = new LiveStreamRegistry();
    const info = {
      product: 'Docker',
      version: '1',
      apiVersion: '1.41',
      operatingSystem: '',
      architecture: '',
      cpus: 1,
      memoryBytes: 1,
      rootless: false,
      cgroupVersion: '1',
      updatesLimits: true,
      engineId: '',
    };
    return { connection: new EngineConnection(endpoint('flag', 'test', host), info, streams), streams };
  };

  it('tells its own words and keeps the status, also of HTML and of nothing', async () => {
    const { connection } = await connect((request, response) => {
      if (request.url?.endsWith('/a') === true)
        response.writeHead(409).end(JSON.stringify({ message: 'name is taken' }));
      else if (request.url?.endsWith('/b') === true)
        response.writeHead(500).end('<!doctype html><h1>Oops</h1>');
      else response.writeHead(404).end();
    });
    const failure = (path: string) =>
      connection.request({ path }).then(
        () => undefined,
        (error: FlotillaError) => [error.code, error.message, error.detail?.['statusCode']],
      );
    expect(await failure('/a')).toEqual(['conflict', 'The engine refused to GET /a: name is taken.', 409]);
    expect(await failure('/b')).toEqual([
      'engine-error',
      'The engine refused to GET /b: an HTML page came back; this is a proxy or another server, not an engine.',
      500,
    ]);
    expect(await failure('/c')).toEqual(['not-found', 'The engine refused to GET /c: HTTP 404.', 404]);
    connection.dispose();
  });

  it('rejects an answer that breaks off, and one that is cut JSON', async () => {
    const { connection } = await connect((request, response) => {
      if (request.url?.endsWith('/cut') === true) return void response.end('[{"Id":');
      response.writeHead(200, { 'content-length': '1000' });
      response.write('[');
      setTimeout(() => response.destroy(), 20);
    });
    await expect(connection.request({ path: '/broken' })).rejects.toMatchObject({
      code: 'engine-unavailable',
    });
    await expect(connection.request({ path: '/cut' })).rejects.toMatchObject({
      code: 'engine-unavailable',
      message: expect.stringContaining('its answer is cut or no JSON') as string,
    });
    connection.dispose();
  });

  it('takes a stream off the list when it ends, breaks, is closed, or could not be opened', async () => {
    const { connection, streams } = await connect((request, response) => {
      if (request.url?.endsWith('/refused') === true) return void response.writeHead(404).end();
      response.writeHead(200).write('x');
      if (request.url?.endsWith('/ends') === true) response.end();
      if (request.url?.endsWith('/breaks') === true) setTimeout(() => response.destroy(), 20);
    });
    await expect(connection.openStream({ path: '/refused', purpose: 'r' })).rejects.toMatchObject({
      code: 'not-found',
    });
    expect(streams.count).toBe(0);
    for (const path of ['/ends', '/breaks']) {
      const stream = await connection.openStream({ path, purpose: path });
      expect(streams.list()).toMatchObject([{ purpose: path }]);
      stream.body.on('error', () => undefined).resume();
      await new Promise((resolve) => stream.body.once('close', resolve));
      expect(streams.count).toBe(0);
    }
    const open = await connection.openStream({ path: '/stays', purpose: 'stays' });
    open.close();
    open.close();
    await connection.openStream({ path: '/stays', purpose: 'again' });
    connection.dispose();
    expect(streams.count).toBe(0);
  });

  it('is cancelled by its signal', async () => {
    const { connection } = await connect(() => undefined);
    const abort = new AbortController();
    setTimeout(() => abort.abort(), 20);
    await expect(connection.request({ path: '/hangs', signal: abort.signal })).rejects.toMatchObject({
      code: 'cancelled',
    });
    await expect(
      connection.request({ path: '/hangs', signal: AbortSignal.timeout(20) }),
    ).rejects.toMatchObject({
      code: 'engine-unavailable',
      message: expect.stringContaining('did not answer in time') as string,
    });
    connection.dispose();
  });
});

describe('findEndpoints', () => {
  it('puts DOCKER_HOST first, then the chosen context, and counts one socket once', async () => {
    const config = join(folder, '.docker');
    const meta = async (hash: string, name: string, host: string) => {
      const { mkdir, writeFile } = await import('node:fs/promises');
      await mkdir(join(config, 'contexts/meta', hash), { recursive: true });
      await writeFile(
        join(config, 'contexts/meta', hash, 'meta.json'),
        JSON.stringify({ Name: name, Endpoints: { docker: { Host: host } } }),
      );
    };
    await meta('a', 'remote', 'tcp://10.0.0.1:2376');
    await meta('b', 'lab', 'unix:///lab.sock');
    await meta('c', 'twin', 'unix:///var/run/docker.sock');
    writeFileSync(join(config, 'contexts/meta/b', 'junk'), '');
    writeFileSync(join(config, 'config.json'), JSON.stringify({ currentContext: 'remote' }));
    const found = await findEndpoints({
      env: { DOCKER_HOST: 'tcp://1.2.3.4:2375' },
      homeDirectory: folder,
      embeddedHost: 'unix:///own.sock',
      platform: 'linux',
    });
    expect(found.slice(0, 4).map(({ name, host }) => [name, host])).toEqual([
      ['DOCKER_HOST', 'tcp://1.2.3.4:2375'],
      ['remote', 'tcp://10.0.0.1:2376'],
      ['lab', 'unix:///lab.sock'],
      ['twin', 'unix:///var/run/docker.sock'],
    ]);
    expect(found.filter(({ host }) => host === 'unix:///var/run/docker.sock')).toHaveLength(1);
    expect(found.at(-1)).toMatchObject({ source: 'embedded', host: 'unix:///own.sock' });
    expect(new Set(found.map(({ id }) => id)).size).toBe(found.length);
  });
});
