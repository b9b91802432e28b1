import { z } from 'zod';
import { FlotillaError, toErrorShape } from '#shared/contract/errors.ts';
import {
  MAX_CALLS_IN_FLIGHT,
  MAX_OPEN_STREAMS,
  MAX_STREAM_CREDIT,
  type ServerMessage,
} from '#shared/contract/wire.ts';
import type { Router } from './Router.ts';

const id = z.number().int().min(0).max(Number.MAX_SAFE_INTEGER);
const name = z.string().max(128);
const messageSchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('call'), id, name, input: z.unknown() }),
  z.strictObject({
    type: z.literal('open'),
    id,
    name,
    input: z.unknown(),
    credit: z.number().int().min(0).max(MAX_STREAM_CREDIT),
  }),
  z.strictObject({ type: z.literal('credit'), id, count: z.number().int().min(1).max(MAX_STREAM_CREDIT) }),
  z.strictObject({ type: z.literal('cancel'), id }),
]);

export interface Connection {
  /** One message of the consumer, already decoded. Never throws: what is wrong is answered. */
  receive(message: unknown): void;
  /** Ends every stream. Calls under way go on: a closed tab must not stop a run on the workstation. */
  close(): void;
}

/** One consumer's calls and streams over any transport that delivers messages in order. */
export function serveConnection(router: Router, send: (message: ServerMessage) => void): Connection {
  const calls = new Map<number, AbortController>();
  const streams = new Map<number, { abort: AbortController; grant(count: number): void }>();
  let closed = false;

  const answer = (message: ServerMessage): void => {
    if (!closed) send(message);
  };
  const fail = (to: number, error: unknown): void =>
    answer({ type: 'error', id: to, error: toErrorShape(error) });

  const call = async (callId: number, callName: string, input: unknown): Promise<void> => {
    const abort = new AbortController();
    calls.set(callId, abort);
    try {
      const value = await router.call(callName, input, abort.signal);
      answer({ type: 'result', id: callId, value: value ?? null });
    } catch (error) {
      fail(callId, error);
    } finally {
      calls.delete(callId);
    }
  };

  const open = async (
    streamId: number,
    streamName: string,
    input: unknown,
    firstCredit: number,
  ): Promise<void> => {
    const abort = new AbortController();
    let credit = firstCredit;
    let wake: (() => void) | undefined;
    streams.set(streamId, {
      abort,
      grant: (count) => {
        credit = Math.min(MAX_STREAM_CREDIT, credit + count);
        wake?.();
      },
    });
    abort.signal.addEventListener('abort', () => wake?.(), { once: true });
    try {
      const source = router.stream(streamName, input, abort.signal)[Symbol.asyncIterator]();
      try {
        while (!abort.signal.aborted) {
          if (credit === 0) {
            await new Promise<void>((resolve) => (wake = resolve));
            wake = undefined;
            continue;
          }
          // Pulled only under credit: what nobody asked for stays at its source.
          const next = await source.next();
          if (next.done === true || abort.signal.aborted) break;
          credit -= 1;
          answer({ type: 'batch', id: streamId, items: next.value });
        }
      } finally {
        await source.return?.();
      }
      answer({ type: 'end', id: streamId });
    } catch (error) {
      fail(streamId, error);
    } finally {
      streams.delete(streamId);
    }
  };

  return {
    receive(raw) {
      const parsed = messageSchema.safeParse(raw);
      if (!parsed.success) {
        const wanted =
          typeof raw === 'object' && raw !== null && 'id' in raw && typeof raw.id === 'number' ? raw.id : -1;
        return fail(wanted, new FlotillaError('invalid-input', 'The message does not follow the protocol.'));
      }
      const message = parsed.data;
      switch (message.type) {
        case 'call':
          if (calls.has(message.id) || streams.has(message.id))
            return fail(message.id, new FlotillaError('conflict', `The id ${message.id} is in use.`));
          if (calls.size >= MAX_CALLS_IN_FLIGHT)
            return fail(
              message.id,
              new FlotillaError('conflict', `More than ${MAX_CALLS_IN_FLIGHT} calls are under way.`, {
                hint: 'Wait for some to end.',
              }),
            );
          void call(message.id, message.name, message.input);
          return;
        case 'open':
          if (calls.has(message.id) || streams.has(message.id))
            return fail(message.id, new FlotillaError('conflict', `The id ${message.id} is in use.`));
          if (streams.size >= MAX_OPEN_STREAMS)
            return fail(
              message.id,
              new FlotillaError('conflict', `More than ${MAX_OPEN_STREAMS} streams are open.`, {
                hint: 'Close some.',
              }),
            );
          void open(message.id, message.name, message.input, message.credit);
          return;
        case 'credit':
          streams.get(message.id)?.grant(message.count);
          return;
        case 'cancel':
          calls.get(message.id)?.abort();
          streams.get(message.id)?.abort.abort();
      }
    },
    close() {
      closed = true;
      for (const stream of streams.values()) stream.abort.abort();
    },
  };
}
