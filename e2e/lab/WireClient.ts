import { WebSocket } from 'ws';
import type { CallInput, CallName, CallOutput } from '#shared/contract/calls.ts';
import { FlotillaError } from '#shared/contract/errors.ts';
import type { StreamInput, StreamItem, StreamName } from '#shared/contract/streams.ts';
import type { ClientMessage, ServerMessage } from '#shared/contract/wire.ts';

/** A consumer of the web shell that is not the renderer: logs in with the URL's token and speaks the wire protocol. */
export class WireClient {
  readonly #socket: WebSocket;
  readonly #pending = new Map<
    number,
    { resolve: (value: unknown) => void; reject: (error: Error) => void }
  >();
  readonly #streams = new Map<number, (items: unknown[]) => void>();
  #nextId = 1;

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.on('message', (data: Buffer) => {
      const message = JSON.parse(data.toString()) as ServerMessage;
      if (message.type === 'batch') {
        this.#send({ type: 'credit', id: message.id, count: 1 });
        return this.#streams.get(message.id)?.(message.items);
      }
      const pending = this.#pending.get(message.id);
      if (pending === undefined) return;
      if (message.type === 'result') pending.resolve(message.value);
      else if (message.type === 'error') pending.reject(FlotillaError.fromShape(message.error));
      else return;
      this.#pending.delete(message.id);
    });
    socket.on('close', () => {
      for (const { reject } of this.#pending.values()) reject(new Error('The server closed the connection.'));
      this.#pending.clear();
    });
  }

  static async connect(url: string, socketPath = '/ws'): Promise<WireClient> {
    const login = await fetch(url, { redirect: 'manual' });
    const cookie = login.headers
      .getSetCookie()
      .map((header) => header.split(';')[0])
      .join('; ');
    const origin = new URL(url).origin;
    const socket = new WebSocket(`${origin.replace('http', 'ws')}${socketPath}`, {
      headers: { cookie, origin },
    });
    await new Promise<void>((resolve, reject) => {
      socket.once('open', () => resolve());
      socket.once('error', reject);
    });
    return new WireClient(socket);
  }

  call<Name extends CallName>(name: Name, input: CallInput<Name>): Promise<CallOutput<Name>> {
    const id = this.#nextId++;
    return new Promise((resolve, reject) => {
      this.#pending.set(id, { resolve: resolve as (value: unknown) => void, reject });
      this.#send({ type: 'call', id, name, input });
    });
  }

  /** Opens a stream; the answered function closes it. */
  stream<Name extends StreamName>(
    name: Name,
    input: StreamInput<Name>,
    onItems: (items: StreamItem<Name>[]) => void,
  ): () => void {
    const id = this.#nextId++;
    this.#streams.set(id, onItems as (items: unknown[]) => void);
    this.#send({ type: 'open', id, name, input, credit: 2 });
    return () => {
      this.#streams.delete(id);
      this.#send({ type: 'cancel', id });
    };
  }

  #send(message: ClientMessage): void {
    this.#socket.send(JSON.stringify(message));
  }

  close(): void {
    this.#socket.close();
  }
}
