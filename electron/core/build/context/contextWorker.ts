import { parentPort } from 'node:worker_threads';
import { BuildProblem } from '../BuildProblem.ts';
import { changedSteps } from './changedSteps.ts';
import { ContextJob } from './ContextJob.ts';
import { ENTRIES_AT_ONCE, walkToEnd } from './ContextSource.ts';
import { runInSteps, runToEnd } from './runInSteps.ts';
import type { FromContextWorker, ToContextWorker } from './threadMessages.ts';

/** The thread that reads contexts, one after another. It waits for the disk, so that nobody else has to. */
const port = parentPort;
if (port === null) throw new Error('contextWorker runs in a worker thread.');
let job = new ContextJob();

port.on('message', (message: ToContextWorker) => {
  if (message.type === 'endPack') return job.endPack(message.pack);
  if (message.type === 'clear') {
    job.close();
    job = new ContextJob();
    return;
  }
  try {
    answer(message);
  } catch (error) {
    fail(message.id, error);
  }
});

function fail(id: number, error: unknown): void {
  const problem = error instanceof BuildProblem ? error.failure : undefined;
  send({ id, type: 'failed', problem, text: error instanceof Error ? error.message : String(error) });
}

function answer(message: Exclude<ToContextWorker, { type: 'endPack' | 'clear' }>): void {
  const { id } = message;
  switch (message.type) {
    case 'walk':
      job.begin(message.request, message.limits);
      // In between it packs what is known already.
      runInSteps(walkToEnd(job), undefined).then(
        (walked) => send({ id, type: 'walked', walked }),
        (error: unknown) => fail(id, error),
      );
      return undefined;
    case 'measure':
      return send({ id, type: 'measured', measured: runToEnd(job.measure(message.request)) });
    case 'changes':
      return send({ id, type: 'changes', changes: runToEnd(changedSteps(message.request)) });
    case 'next': {
      const chunk = job.next(message.pack, message.at, message.memory);
      const memory = chunk.bytes.buffer as ArrayBuffer;
      return send({ id, type: 'chunk', chunk }, [memory]);
    }
    case 'entries':
      for (let from = 0; from < job.entryCount; from += ENTRIES_AT_ONCE)
        send({ id, type: 'entries', entries: job.entries(message.always, from, ENTRIES_AT_ONCE) });
      return send({ id, type: 'entriesEnd' });
  }
}

function send(message: FromContextWorker, transfer: ArrayBuffer[] = []): void {
  port?.postMessage(message, transfer);
}
