import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** The one user of every lab registry. The hash is bcrypt of the password (`htpasswd -Bbn -C 4`). */
export const LAB_USER = 'lab';
export const LAB_PASSWORD = 'lab-secret';
const HTPASSWD = `${LAB_USER}:$2y$04$n8iEeqNyJXUp5N0iI2FU8.fzo1YLFDvabdtK3oyyCu/leQC/0HLOG\n`;

/** A private registry that wants a name and a password, on the loopback address its engine sees. */
export interface LabRegistry {
  /** `127.0.0.1:PORT`: engines speak plain HTTP to it. */
  readonly address: string;
  /** A folder for docker's config.json that knows this registry; see {@link writeDockerConfig}. */
  readonly folder: string;
  /** Ends it as a crash would, in the middle of whatever it does. */
  kill(): Promise<void>;
  /** Ends it and removes what it holds. */
  dispose(): Promise<void>;
}

/** @param host the engine that shall reach it: a lab engine has a network of its own, which the registry joins. */
export async function startLabRegistry({ host }: { host: string }): Promise<LabRegistry> {
  const folder = mkdtempSync(join(tmpdir(), 'flotilla-registry-'));
  writeFileSync(join(folder, 'htpasswd'), HTPASSWD);
  writeFileSync(
    join(folder, 'config.yml'),
    JSON.stringify({
      version: '0.1',
      log: { level: 'info', formatter: 'json' },
      storage: { filesystem: { rootdirectory: join(folder, 'data') }, delete: { enabled: true } },
      http: { addr: '127.0.0.1:0' },
      auth: { htpasswd: { realm: 'lab', path: join(folder, 'htpasswd') } },
    }),
  );
  try {
    const { child, line } = await spawnBeside(
      host,
      ['docker-registry', 'serve', join(folder, 'config.yml')],
      /listening on (127\.0\.0\.1:\d+)/,
    );
    const kill = (): Promise<void> => end(child);
    return {
      address: line[1] ?? '',
      folder,
      kill,
      async dispose() {
        await kill();
        rmSync(folder, { recursive: true, force: true });
      },
    };
  } catch (error) {
    rmSync(folder, { recursive: true, force: true });
    throw error;
  }
}

/** A server of a few lines of JavaScript where the engine's loopback address is: for what a sound registry never answers. */
export interface LabServer {
  readonly address: string;
  /** What it has printed so far. */
  output(): string;
  dispose(): Promise<void>;
}

/** @param handler the body of `(request, response) => { … }`. */
export async function startLabServer(options: { host: string; handler: string }): Promise<LabServer> {
  const program = `require('node:http').createServer((request, response) => { ${options.handler} })
    .listen(0, '127.0.0.1', function () { console.log('listening on 127.0.0.1:' + this.address().port) });`;
  const { child, line, output } = await spawnBeside(
    options.host,
    [process.execPath, '-e', program],
    /listening on (127\.0\.0\.1:\d+)/,
  );
  return { address: line[1] ?? '', output, dispose: () => end(child) };
}

/**
 * A way to a registry over which large layers go slowly, both ways, so that a test can do something in their midst.
 * It prints `left PATH` when the engine lets go of a layer before its end.
 */
export function startSlowWay({
  host,
  registry,
}: {
  host: string;
  registry: LabRegistry;
}): Promise<LabServer> {
  return startLabServer({
    host,
    handler: `
      const slowly = (from, to) => from.on('data', (chunk) => {
        to.write(chunk);
        from.pause();
        setTimeout(() => from.resume(), 80);
      });
      const { method, url, headers } = request;
      const upstream = require('node:http').request(
        { host: '127.0.0.1', port: ${registry.address.split(':')[1] ?? ''}, method, path: url, headers },
        (answer) => {
          response.writeHead(answer.statusCode, answer.headers);
          if (method !== 'GET' || !(Number(answer.headers['content-length']) > 500000)) return answer.pipe(response);
          response.on('close', () => response.writableFinished || console.log('left ' + url));
          slowly(answer, response);
          answer.on('end', () => response.end());
        },
      );
      upstream.on('error', () => response.destroy());
      request.on('error', () => upstream.destroy());
      if (method === 'PATCH') slowly(request, upstream);
      else request.on('data', (chunk) => upstream.write(chunk));
      request.on('end', () => upstream.end());`,
  });
}

/** Writes a docker config.json into a folder of its own below `folder` and answers that folder, for DOCKER_CONFIG. */
export function writeDockerConfig(folder: string, config: object | string): string {
  const place = mkdtempSync(join(folder, 'docker-'));
  writeFileSync(
    join(place, 'config.json'),
    typeof config === 'string' ? config : JSON.stringify(config, null, 2),
  );
  return place;
}

/** What `docker login` writes for a registry when no helper is set. */
export function authOf(username = LAB_USER, password = LAB_PASSWORD): { auth: string } {
  return { auth: Buffer.from(`${username}:${password}`).toString('base64') };
}

/** Starts a program in the engine's network and waits for a line of it. */
async function spawnBeside(
  host: string,
  command: string[],
  ready: RegExp,
): Promise<{ child: ChildProcess; line: RegExpExecArray; output: () => string }> {
  const pidFile = host.startsWith('unix://') ? join(dirname(host.slice('unix://'.length)), 'pid') : '';
  const joined = existsSync(pidFile)
    ? ['nsenter', '-t', readFileSync(pidFile, 'utf8').trim(), '-n', '--', ...command]
    : command;
  const child = spawn(joined[0] ?? '', joined.slice(1), { stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  const line = await new Promise<RegExpExecArray>((resolve, reject) => {
    const take = (chunk: Buffer): void => {
      output = (output + chunk.toString()).slice(-64_000);
      const found = ready.exec(output);
      if (found !== null) resolve(found);
    };
    child.stdout.on('data', take);
    child.stderr.on('data', take);
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`${command[0]} ended with ${code}:\n${output}`)));
  });
  return { child, line, output: () => output };
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGKILL');
  await ended;
}
