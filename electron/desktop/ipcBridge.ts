import { ipcMain, MessageChannelMain, type MessagePortMain, type WebContents } from 'electron';
import { z } from 'zod';
import type { BridgeAnswer, PortMessage } from '#shared/contract/Bridge.ts';
import { FlotillaError, toErrorShape } from '#shared/contract/errors.ts';
import {
  MAX_CALLS_IN_FLIGHT,
  MAX_CLIENT_MESSAGE_BYTES,
  MAX_OPEN_STREAMS,
  MAX_STREAM_CREDIT,
} from '#shared/contract/wire.ts';
import type { Router } from '#ipc/Router.ts';
import { isOurPage, type Sender } from './senderCheck.ts';

export const CHANNELS = {
  call: 'flotilla:call',
  cancel: 'flotilla:cancel',
  stream: 'flotilla:stream',
  port: 'flotilla:port',
  menu: 'flotilla:menu',
} as const;

const idSchema = z.number().int().min(0).max(Number.MAX_SAFE_INTEGER);
const requestSchema = z.tuple([idSchema, z.string().max(128), z.unknown()]);
const portSchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('credit'), count: z.number().int().min(1).max(MAX_STREAM_CREDIT) }),
  z.strictObject({ type: z.literal('cancel') }),
]);

/** The contract over Electron's IPC: the only place that listens to it. */
export class IpcBridge {
  readonly #router: Router;
  readonly #windowIds = new Set<number>();
  /** By window and the page's own id. */
  readonly #calls = new Map<string, AbortController>();
  readonly #streams = new Map<number, Set<AbortController>>();

  constructor(router: Router) {
    this.#router = router;
    ipcMain.handle(CHANNELS.call, (event, ...args: unknown[]) => this.#call(event, args));
    ipcMain.on(CHANNELS.cancel, (event, id: unknown) => {
      if (isOurPage(event, this.#windowIds) && typeof id === 'number')
        this.#calls.get(`${event.sender.id}:${id}`)?.abort();
    });
    ipcMain.on(CHANNELS.stream, (event, ...args: unknown[]) => this.#open(event, event.sender, args));
  }

  /** From now on this window's page may call, until the window goes. */
  admit(contents: Pick<WebContents, 'id' | 'once' | 'on'>): void {
    const { id } = contents;
    this.#windowIds.add(id);
    const endStreams = (): void => {
      for (const abort of this.#streams.get(id) ?? []) abort.abort();
      this.#streams.delete(id);
    };
    contents.once('destroyed', () => {
      this.#windowIds.delete(id);
      endStreams();
    });
    // A reloaded or crashed page cannot close what it had opened.
    contents.on('did-start-navigation', (details) => {
      if (details.isMainFrame && !details.isSameDocument) endStreams();
    });
    contents.on('render-process-gone', endStreams);
  }

  dispose(): void {
    ipcMain.removeHandler(CHANNELS.call);
    ipcMain.removeAllListeners(CHANNELS.cancel);
    ipcMain.removeAllListeners(CHANNELS.stream);
    for (const streams of this.#streams.values()) for (const abort of streams) abort.abort();
  }

  async #call(event: Sender, args: unknown[]): Promise<BridgeAnswer> {
    let key: string | undefined;
    try {
      const [id, name, input] = this.#check(event, args);
      const wanted = `${event.sender.id}:${id}`;
      if (this.#calls.has(wanted)) throw new FlotillaError('conflict', `The id ${id} is in use.`);
      if (this.#calls.size >= MAX_CALLS_IN_FLIGHT)
        throw new FlotillaError('conflict', `More than ${MAX_CALLS_IN_FLIGHT} calls are under way.`, {
          hint: 'Wait for some to end.',
        });
      key = wanted;
      const abort = new AbortController();
      this.#calls.set(key, abort);
      return { ok: true, value: (await this.#router.call(name, input, abort.signal)) ?? null };
    } catch (error) {
      return { ok: false, error: toErrorShape(error) };
    } finally {
      if (key !== undefined) this.#calls.delete(key);
    }
  }

  #open(event: Sender, contents: Pick<WebContents, 'id' | 'postMessage'>, args: unknown[]): void {
    // A stranger gets no port, not even one that says no.
    if (!isOurPage(event, this.#windowIds)) return;
    const id = idSchema.safeParse(args[0]);
    if (!id.success) return;
    const { port1, port2 } = new MessageChannelMain();
    contents.postMessage(CHANNELS.port, { id: id.data }, [port2]);
    void this.#serve(event, contents.id, port1, args);
  }

  async #serve(event: Sender, windowId: number, port: MessagePortMain, args: unknown[]): Promise<void> {
    const abort = new AbortController();
    let credit = 0;
    let wake: (() => void) | undefined;
    const post = (message: PortMessage): void => {
      if (!abort.signal.aborted) port.postMessage(message);
    };
    abort.signal.addEventListener('abort', () => wake?.(), { once: true });
    port.on('message', ({ data }) => {
      const parsed = portSchema.safeParse(data);
      if (!parsed.success) return;
      if (parsed.data.type === 'cancel') return abort.abort();
      credit = Math.min(MAX_STREAM_CREDIT, credit + parsed.data.count);
      wake?.();
    });
    port.on('close', () => abort.abort());
    port.start();
    const own = this.#streams.get(windowId) ?? new Set();
    this.#streams.set(windowId, own);
    try {
      const [, name, input] = this.#check(event, args);
      if (own.size >= MAX_OPEN_STREAMS)
        throw new FlotillaError('conflict', `More than ${MAX_OPEN_STREAMS} streams are open.`, {
          hint: 'Close some.',
        });
      own.add(abort);
      const source = this.#router.stream(name, input, abort.signal)[Symbol.asyncIterator]();
      try {
        while (!abort.signal.aborted) {
          if (credit === 0) {
            await new Promise<void>((resolve) => (wake = resolve));
            wake = undefined;
            continue;
          }
          const next = await source.next();
          if (next.done === true) break;
          credit -= 1;
          post({ type: 'batch', items: next.value });
        }
      } finally {
        await source.return?.();
      }
      post({ type: 'end' });
    } catch (error) {
      post({ type: 'error', error: toErrorShape(error) });
    } finally {
      own.delete(abort);
      abort.abort();
    }
  }

  #check(event: Sender, args: unknown[]): z.infer<typeof requestSchema> {
    if (!isOurPage(event, this.#windowIds))
      throw new FlotillaError('permission-denied', 'Only Flotilla’s own page may call.');
    const parsed = requestSchema.safeParse(args);
    if (!parsed.success) throw new FlotillaError('invalid-input', 'The call does not follow the protocol.');
    if (isTooLarge(parsed.data[2]))
      throw new FlotillaError('too-large', `A call may carry ${MAX_CLIENT_MESSAGE_BYTES / 1024 / 1024} MiB.`);
    return parsed.data;
  }
}

/** Structured clones may be large, deep or cyclic, which JSON in the web shell cannot be; none of this is ever asked for. */
function isTooLarge(input: unknown): boolean {
  try {
    return (JSON.stringify(input) ?? '').length > MAX_CLIENT_MESSAGE_BYTES;
  } catch {
    return true;
  }
}
