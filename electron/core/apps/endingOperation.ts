import type { AppSession } from './AppSession.ts';
import type { OperationStep } from './OperationStep.ts';

/**
 * Stops or removes an app by `work`: what starts, builds or scales it is broken off first, and what ends it already is waited for. It is among
 * the app's operations from the call on, so that nothing that is asked for later begins before it is over.
 *
 * @param reason told to those who scaled it: its rules and its main process
 */
export function endingOperation(
  session: AppSession,
  kind: 'stop' | 'down',
  reason: string,
  signal: AbortSignal | undefined,
  work: (operation: OperationStep) => Promise<void>,
): Promise<void> {
  session.autoscale.stopAll(reason);
  // Before it is among them itself. What comes later waits for it, and must not be waited for.
  const others = Promise.all([
    session.abortOperations(['up', 'build', 'scale']),
    session.awaitOperations(['stop', 'down']),
  ]);
  return session.operate(kind, signal, async (operation) => {
    await session.door.close(reason);
    await others;
    await work(operation);
  });
}
