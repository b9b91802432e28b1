import { Worker } from 'node:worker_threads';
import { FlotillaError } from '#shared/contract/errors.ts';
import { BuildProblem } from '../BuildProblem.ts';
import type { ContextEntry } from '../walkContext.ts';
import type { ContextSource } from './ContextSource.ts';
import { FreeMemory } from './FreeMemory.ts';
import type { FromContextWorker, ToContextWorker } from './threadMessages.ts';

interface Waiting {
  resolve: (value: unknown) => void;
  reject: (error: Error) => void;
  entries: ContextEntry[];
}

type Question = Exclude<ToContextWorker, { type: 'endPack' }>;
type WithoutId<Message> = Message extends unknown ? Omit<Message, 'id'> : never;

/** @param file the built entry of electron/core/build/context/contextWorker.ts */
export function threadedContextSource(file: string): ContextSource {
  // Chunks are the only thing of size in it: what is young is small and short-lived.
  const worker = new Worker(file, { name: 'context', resourceLimits: { maxYoungGenerationSizeMb: 4 } });
  const waiting = new Map<number, Waiting>();
  const free = new FreeMemory();
  let lastId = 0;
  let ended: Error | undefined;

  const end = (error: Error): void => {
    ended ??= error;
    for (const one of waiting.values()) one.reject(ended);
    waiting.clear();
  };
  worker.on('error', (error) =>
    end(
      new FlotillaError('internal', `The thread that reads build contexts ended: ${String(error)}`, {
        hint: 'Build again. If it happens again, this is a fault in Flotilla.',
      }),
    ),
  );
  worker.once('exit', () =>
    end(new FlotillaError('cancelled', 'The reading of the build context was stopped.')),
  );
  worker.on('message', (message: FromContextWorker) => {
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
  });

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
      end(new FlotillaError('cancelled', 'The reading of the build context was stopped.'));
      // Ends it between two calls of the system; one that hangs holds up nobody but its own thread.
      void worker.terminate();
    },
  };
}

function resultOf(message: Extract<FromContextWorker, { type: 'walked' | 'measured' | 'chunk' }>): unknown {
  if (message.type === 'walked') return message.walked;
  if (message.type === 'measured') return message.measured;
  const { bytes } = message.chunk;
  return { ...message.chunk, bytes: Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength) };
}
