import { execFile } from 'node:child_process';
import { createServer, type Server } from 'node:http';
import { rmSync } from 'node:fs';
import { join } from 'node:path';

/**
 * For tests only: lets the real docker command send a build context and tells what it sent. The command filters by
 * .dockerignore itself, so an engine that takes everything and builds nothing is all it needs.
 */
export class DockerContextRecorder {
  readonly #server: Server;
  readonly #socket: string;
  readonly #sent = new Map<string, string[]>();

  private constructor(server: Server, socket: string) {
    this.#server = server;
    this.#socket = socket;
  }

  static async start(folder: string): Promise<DockerContextRecorder> {
    const socket = join(folder, 'recorder.sock');
    const server = createServer((incoming, answer) => {
      if (incoming.url?.includes('/build') !== true) {
        answer.setHeader('API-Version', '1.41');
        incoming.resume();
        answer.end(incoming.url?.endsWith('/_ping') === true ? 'OK' : '{}');
        return;
      }
      const tag = new URL(incoming.url, 'http://engine').searchParams.get('t') ?? '';
      const chunks: Buffer[] = [];
      incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
      incoming.once('end', () => {
        recorder.#sent.set(tag, namesInTar(Buffer.concat(chunks)));
        answer.setHeader('Content-Type', 'application/json');
        answer.end('{"stream":"Successfully built 0123456789ab\\n"}\n');
      });
    });
    const recorder = new DockerContextRecorder(server, socket);
    await new Promise<void>((resolve) => server.listen(socket, resolve));
    return recorder;
  }

  /** Files and links that `docker build` sends of a folder; what it says when it refuses. */
  async send(folder: string, tag: string): Promise<{ sent: string[] } | { refused: string }> {
    const said = await new Promise<{ failed: boolean; text: string }>((resolve) =>
      execFile(
        'docker',
        ['-H', `unix://${this.#socket}`, 'build', '-t', tag, folder],
        { env: { ...process.env, DOCKER_BUILDKIT: '0', DOCKER_HOST: '' } },
        (error, _, text) => resolve({ failed: error !== null, text }),
      ),
    );
    const sent = this.#sent.get(`${tag}:latest`) ?? this.#sent.get(tag);
    return said.failed || sent === undefined ? { refused: said.text } : { sent };
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
    rmSync(this.#socket, { force: true });
  }
}

/** Names of all that is no folder, PAX names included. */
export function namesInTar(tar: Buffer): string[] {
  const names: string[] = [];
  let longName: string | undefined;
  const text = (at: number, length: number): string => {
    const field = tar.subarray(at, at + length);
    const end = field.indexOf(0);
    return field.subarray(0, end === -1 ? length : end).toString('utf8');
  };
  // A name of non-ASCII letters alone leaves the name's own field empty: only the sum tells an entry from the end.
  for (let at = 0; at + 512 <= tar.length && tar[at + 148] !== 0; ) {
    const size = Number.parseInt(text(at + 124, 12), 8) || 0;
    const kind = String.fromCharCode(tar[at + 156] ?? 0);
    const body = tar.subarray(at + 512, at + 512 + size);
    if (kind === 'x') longName = paxRecords(body).get('path');
    else {
      const prefix = text(at + 345, 155);
      if (kind !== '5') names.push(longName ?? (prefix === '' ? '' : `${prefix}/`) + text(at, 100));
      longName = undefined;
    }
    at += 512 + Math.ceil(size / 512) * 512;
  }
  return names;
}

function paxRecords(body: Buffer): Map<string, string> {
  const records = new Map<string, string>();
  for (let at = 0; at < body.length; ) {
    const blank = body.indexOf(0x20, at);
    const length = Number.parseInt(body.subarray(at, blank).toString('latin1'), 10);
    const [key = '', ...value] = body
      .subarray(blank + 1, at + length - 1)
      .toString('utf8')
      .split('=');
    records.set(key, value.join('='));
    at += length;
  }
  return records;
}
