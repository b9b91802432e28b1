import { rmSync } from 'node:fs';
import { createConnection, createServer, type Socket } from 'node:net';

/** A request on its way to an engine that may change something there. */
export interface EngineChange {
  method: string;
  /** Without the API's version, with the query. */
  path: string;
  /** The engine has it, and has not answered yet. */
  isOpen: boolean;
}

/** Stands between a client and a real engine, lets everything through, and sees what changes are asked for. */
export interface EngineTap {
  /** `unix://…`: the address for the client. */
  readonly host: string;
  /** All changes since it was opened, in the order in which they came. */
  readonly changes: readonly EngineChange[];
  /** The most that were open at once of those that `counts` picks. */
  mostOpen(counts: (change: EngineChange) => boolean): number;
  /** Resolves when the engine has answered all that reached it, also of clients that are gone. */
  settled(): Promise<void>;
  dispose(): Promise<void>;
}

/**
 * @param socketPath where to listen; made, and removed at the end
 * @param host of the engine: `unix://…`
 * @param onChange called before a change is passed on, and after it was; false from the first keeps it from the engine, for good
 */
export async function openEngineTap(
  socketPath: string,
  host: string,
  onChange: (change: EngineChange, when: 'before' | 'after') => boolean = () => true,
): Promise<EngineTap> {
  const changes: EngineChange[] = [];
  /** What was open, at each moment at which something was begun. */
  const moments: EngineChange[][] = [];
  const sockets = new Set<Socket>();
  let waiting: (() => void)[] = [];
  const answered = (change: EngineChange | undefined): void => {
    if (change === undefined) return;
    change.isOpen = false;
    if (changes.some(({ isOpen }) => isOpen)) return;
    for (const resolve of waiting) resolve();
    waiting = [];
  };

  const server = createServer((client) => {
    const engine = createConnection(host.replace(/^unix:\/\//, ''));
    let open: EngineChange | undefined;
    let isHeld = false;
    for (const socket of [client, engine]) {
      sockets.add(socket);
      socket.on('error', () => undefined).once('close', () => sockets.delete(socket));
    }
    client.on('data', (chunk: Buffer) => {
      // Clients of the engine send one request after the other on a connection, and begin each in a chunk of its own. To wait for an end changes nothing.
      const [, method = '', path = ''] =
        /^(POST|PUT|DELETE) (?:\/v[\d.]+)?(?!\S*\/wait[? ])(\S+) HTTP/.exec(
          chunk.toString('latin1', 0, 2_000),
        ) ?? [];
      if (method === '' || isHeld) {
        if (!isHeld) engine.write(chunk);
        return;
      }
      const change: EngineChange = { method, path, isOpen: false };
      changes.push(change);
      isHeld = !onChange(change, 'before');
      if (isHeld) return;
      open = change;
      change.isOpen = true;
      moments.push(changes.filter(({ isOpen }) => isOpen));
      engine.write(chunk, () => onChange(change, 'after'));
    });
    engine.on('data', (chunk: Buffer) => {
      answered(open);
      open = undefined;
      client.write(chunk);
    });
    client.once('close', () => {
      // What the engine has begun it ends, whether its client lives or not; that is waited for.
      if (open === undefined) engine.destroy();
      else engine.once('data', () => engine.destroy());
    });
    engine.once('close', () => {
      answered(open);
      client.destroy();
    });
  });
  await new Promise<void>((resolve) => server.listen(socketPath, resolve));
  return {
    host: `unix://${socketPath}`,
    changes,
    mostOpen: (counts) => Math.max(0, ...moments.map((all) => all.filter(counts).length)),
    settled: () =>
      changes.some(({ isOpen }) => isOpen)
        ? new Promise((resolve) => waiting.push(resolve))
        : Promise.resolve(),
    async dispose() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
      rmSync(socketPath, { force: true });
    },
  };
}
