import { setImmediate } from 'node:timers/promises';

/** Steps are run for so long before others have their turn. */
const SLICE_MS = 1;

/** Runs a generator to its end, letting others go on in between, and breaks it off when `signal` aborts. */
export async function runInSteps<Result>(
  steps: Generator<void, Result>,
  signal: AbortSignal | undefined,
): Promise<Result> {
  let began = performance.now();
  try {
    for (;;) {
      signal?.throwIfAborted();
      const step = steps.next();
      if (step.done === true) return step.value;
      if (performance.now() - began < SLICE_MS) continue;
      await setImmediate();
      began = performance.now();
    }
  } finally {
    // Ends its own finally blocks too.
    steps.return(undefined as Result);
  }
}

/** Runs a generator to its end at once: for a thread that has nothing else to do. */
export function runToEnd<Result>(steps: Generator<void, Result>): Result {
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
  }
}
