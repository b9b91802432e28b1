import { parentPort, workerData } from 'node:worker_threads';
import { SpoolService } from './SpoolService.ts';
import type { SpoolToViews, ToSpool, ToViews, ViewsToSpool } from './threadMessages.ts';
import { ViewService } from './ViewService.ts';
import { yieldToOthers } from './yieldToOthers.ts';

/** The entry of both threads of the log engine; which one it is comes with the worker's data. */
if (parentPort === null) throw new Error('The log engine’s threads are started by Flotilla itself.');
const port = parentPort;
const fault = (error: unknown): void =>
  port.postMessage({
    type: 'fault',
    message: error instanceof Error ? (error.stack ?? error.message) : String(error),
  });
process.on('uncaughtException', fault);
process.on('unhandledRejection', fault);

if ((workerData as { role: string }).role === 'spool') {
  yieldToOthers();
  const spool = new SpoolService(port);
  port.on('message', (message: ToSpool) => {
    if (message.type !== 'views') return spool.receive(message);
    const views = message.port;
    spool.attachViews({ postMessage: (out: SpoolToViews) => views.postMessage(out) });
    views.on('message', (inner: ViewsToSpool) => spool.receiveFromViews(inner));
  });
} else {
  let service: ViewService | undefined;
  port.on('message', (message: ToViews) => {
    if (message.type !== 'spool') return service?.receive(message);
    const spool = message.port;
    const opened = new ViewService(
      port,
      { postMessage: (out: ViewsToSpool) => spool.postMessage(out) },
      message.pulse,
    );
    service = opened;
    spool.on('message', (inner: SpoolToViews) => opened.receiveFromSpool(inner));
  });
}
