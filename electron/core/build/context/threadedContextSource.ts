import { FlotillaError } from '#shared/contract/errors.ts';
import { BuildProblem } from '../BuildProblem.ts';
import type { ContextEntry } from '../walkContext.ts';
import type { ContextSource } from './ContextSource.ts';
import type { ContextThreads } from './ContextThreads.ts';
import { FreeMemory } from './FreeMemory.ts';
import type { FromContextWorker, ToContextWorker } from './threadMessages.ts';

interface Waiting {
  resolve: (value: unknown) => void;
  reject: (error: Error) => void;
  entries: ContextEntry[];
}

type Question = Exclude<ToContextWorker, { type: 'endPack' | 'clear' }>;
type WithoutId<Message> = Message extends unknown ? Omit<Message, 'id'> : never;

/** A context that a thread reads. */
export function threadedContextSource(threads: ContextThreads): ContextSource {
  const worker = threads.take();
  const waiting = new Map<number, Waiting>();
  const free = new FreeMemory();
  let lastId = 0;
  let ended: Error | undefined;
  let isDisposed = false;

  const end = (error: Error): void => {
    ended ??= error;
    for (const one of waiting.values()) one.reject(ended);
    waiting.clear();
  };
  const onError = (error: unknown): void =>
    end(
      new FlotillaError('internal', `The thread that reads build contexts ended: ${String(error)}`, {
        hint: 'Build again. If it happens again, this is a fault in Flotilla.',
      }),
    );
  const onExit = (): void => end(stopped());
  const onMessage = (message: FromContextWorker): void => {
    const one = waiting.get(message.id);
    if (one === undefined) return;
    if (message.type === 'entries') {
      one.entries = one.entries.concat(message.entries);
      return;
    }
    waiting.delete(message.id);
    if (message.type === 'failed')
      one.reject(message.problem === undefined ? new Error(message.text) : new BuildProblem(message.problem));
    else one.resolve(message.type === 'entriesEnd' ? one.entries : resultOf(message));
  };
  worker.on('error', onError).on('exit', onExit).on('message', onMessage);

  const ask = <Result>(question: WithoutId<Question>, transfer: ArrayBuffer[] = []): Promise<Result> =>
    new Promise((resolve, reject) => {
      if (ended !== undefined) return reject(ended);
      lastId += 1;
      waiting.set(lastId, { resolve: resolve as (value: unknown) => void, reject, entries: [] });
      worker.postMessage({ ...question, id: lastId } satisfies ToContextWorker, transfer);
    });

  return {
    walk: (request, limits) => ask({ type: 'walk', request, limits }),
    measure: (request) => ask({ type: 'measure', request }),
    changes: (request) => ask({ type: 'changes', request }),
    next(pack, at) {
      const memory = free.take();
      return ask({ type: 'next', pack, at, memory }, memory === undefined ? [] : [memory]);
    },
    recycle: (chunk) => free.give(chunk),
    entries: (always) => ask({ type: 'entries', always }),
    endPack(pack) {
      if (ended === undefined) worker.postMessage({ type: 'endPack', pack } satisfies ToContextWorker);
    },
    dispose() {
      if (isDisposed) return;
      isDisposed = true;
      const isIdle = waiting.size === 0 && ended === undefined;
      end(stopped());
      worker.off('error', onError).off('exit', onExit).off('message', onMessage);
      if (isIdle) {
        worker.postMessage({ type: 'clear' } satisfies ToContextWorker);
        threads.give(worker);
        return;
      }
      // Ends it between two calls of the system; one that hangs holds up nobody but its own thread.
      worker.on('error', () => undefined);
      void worker.terminate();
    },
  };
}

const stopped = (): FlotillaError =>
  new FlotillaError('cancelled', 'The reading of the build context was stopped.');

function resultOf(
  message: Extract<FromContextWorker, { type: 'walked' | 'measured' | 'changes' | 'chunk' }>,
): unknown {
  if (message.type === 'walked') return message.walked;
  if (message.type === 'measured') return message.measured;
  if (message.type === 'changes') return message.changes;
  const { bytes } = message.chunk;
  return { ...message.chunk, bytes: Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength) };
}
