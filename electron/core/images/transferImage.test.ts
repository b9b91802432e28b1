import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server, type ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ImageTransfer } from '#shared/domain/Image.ts';
import { EngineConnection } from '../engine/EngineConnection.ts';
import { LiveStreamRegistry } from '../engine/LiveStreamRegistry.ts';
import { transferImage } from './transferImage.ts';

const DIGEST = `sha256:${'a'.repeat(64)}`;
const info = {
  product: 'Docker',
  version: '20.10',
  apiVersion: '1.41',
  operatingSystem: '',
  architecture: '',
  cpus: 1,
  memoryBytes: 0,
  rootless: false,
  cgroupVersion: '1',
  updatesLimits: true,
  engineId: 'x',
};

let folder: string;
let engine: Server;
let client: EngineConnection;
let streams: LiveStreamRegistry;
/** What the engine answers to a pull or push. */
let answer: (response: ServerResponse) => void;
let hasImage: boolean;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'flotilla-transfer-'));
  hasImage = true;
  engine = createServer((request, response) => {
    if (request.method === 'POST') return answer(response);
    response.statusCode = hasImage ? 200 : 404;
    response.end(JSON.stringify({ Id: 'sha256:1', Size: 7, RepoDigests: [] }));
  });
  const socket = join(folder, 'engine.sock');
  await new Promise<void>((resolve) => engine.listen(socket, resolve));
  streams = new LiveStreamRegistry();
  client = new EngineConnection(
    { id: 'x', source: 'flag', name: 'x', host: `unix://${socket}` },
    info,
    streams,
  );
});
afterEach(async () => {
  expect(streams.list()).toEqual([]);
  client.dispose();
  engine.closeAllConnections();
  await new Promise((resolve) => engine.close(resolve));
  rmSync(folder, { recursive: true, force: true });
});

async function run(direction: 'pull' | 'push'): Promise<ImageTransfer[][]> {
  const batches: ImageTransfer[][] = [];
  const place = { env: {}, homeDirectory: folder };
  const signal = new AbortController().signal;
  for await (const batch of transferImage({ client, direction, reference: 'x:1', place, signal }))
    batches.push(batch);
  return batches;
}

const line = (value: object): string => `${JSON.stringify(value)}\n`;

describe('a transfer', () => {
  it.each([
    ['dies', (response: ServerResponse) => response.destroy()],
    ['dies before the first word', (response: ServerResponse) => response.socket?.destroy()],
  ])('whose engine %s says so', async (how, end) => {
    answer = (response) => {
      if (how === 'dies')
        response.write(line({ id: 'a', status: 'Pushing', progressDetail: { current: 1, total: 9 } }));
      setTimeout(() => end(response), 20);
    };
    await expect(run('push')).rejects.toMatchObject({
      code: 'engine-unavailable',
      message: expect.stringMatching(/^The engine at unix:.* went away before x:1 was pushed\./) as string,
    });
  });

  it('that ends without a failure and without the image has failed', async () => {
    answer = (response) => response.end(line({ status: 'The push refers to repository [x]' }));
    await expect(run('push')).rejects.toMatchObject({
      message: expect.stringContaining('ended before it was done') as string,
    });
    hasImage = false;
    answer = (response) => response.end(line({ status: `Digest: ${DIGEST}` }));
    await expect(run('pull')).rejects.toMatchObject({
      message: expect.stringContaining('ended before it was done') as string,
    });
  });

  it('with a cut line, a line that is no JSON and a last one without its end goes through', async () => {
    answer = (response) => {
      const text = `{"status":"é"}\nnonsense\n[]\nnull\n{"status":"Digest: ${DIGEST}"}`;
      const bytes = Buffer.from(text);
      response.write(bytes.subarray(0, 12));
      setTimeout(() => response.end(bytes.subarray(12)), 20);
    };
    const batches = await run('pull');
    expect(batches.at(-1)?.[0]).toMatchObject({ status: 'Pulled', result: { digest: DIGEST, sizeBytes: 7 } });
  });

  it('that talks very much is told in few batches', async () => {
    answer = (response) => {
      let current = 0;
      const more = (): void => {
        while (current < 200_000) {
          current += 1;
          const text = line({ id: 'a', status: 'Downloading', progressDetail: { current, total: 200_000 } });
          if (!response.write(text)) return void response.once('drain', more);
        }
        response.end(line({ id: 'a', status: 'Pull complete' }) + line({ status: `Digest: ${DIGEST}` }));
      };
      more();
    };
    const batches = await run('pull');
    expect(batches.length).toBeLessThan(2_000);
    expect(batches.every((batch) => batch.length === 1)).toBe(true);
    expect(batches.at(-1)?.[0]?.layers).toEqual([
      { id: 'a', status: 'Pull complete', done: true, doneBytes: 200_000, totalBytes: 200_000 },
    ]);
  });
});
