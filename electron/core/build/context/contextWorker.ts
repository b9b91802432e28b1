import { parentPort } from 'node:worker_threads';
import { BuildProblem } from '../BuildProblem.ts';
import { ContextJob } from './ContextJob.ts';
import { ENTRIES_AT_ONCE } from './ContextSource.ts';
import { runToEnd } from './runInSteps.ts';
import type { FromContextWorker, ToContextWorker } from './threadMessages.ts';

/** The thread that reads one context. It waits for the disk, so that nobody else has to. */
const port = parentPort;
if (port === null) throw new Error('contextWorker runs in a worker thread.');
const job = new ContextJob();

port.on('message', (message: ToContextWorker) => {
  if (message.type === 'endPack') return job.endPack(message.pack);
  try {
    answer(message);
  } catch (error) {
    const problem = error instanceof BuildProblem ? error.failure : undefined;
    const text = error instanceof Error ? error.message : String(error);
    send({ id: message.id, type: 'failed', problem, text });
  }
});

function answer(message: Exclude<ToContextWorker, { type: 'endPack' }>): void {
  const { id } = message;
  switch (message.type) {
    case 'walk':
      return send({ id, type: 'walked', walked: runToEnd(job.walk(message.request, message.limits)) });
    case 'measure':
      return send({ id, type: 'measured', measured: runToEnd(job.measure(message.request)) });
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
