import { Worker } from 'node:worker_threads';

/** So long a thread without work is kept for the next build: starting one takes some 50 ms. */
const SPARE_MS = 60_000;

/** The threads that read contexts. One whose context is done with waits for the next. */
export class ContextThreads {
  readonly #file: string;
  #spare: Worker | undefined;
  #timer: NodeJS.Timeout | undefined;
  #isDisposed = false;

  /** @param file the built entry of contextWorker.ts */
  constructor(file: string) {
    this.#file = file;
  }

  /** Starts one for a build that will come in a moment. */
  prepare(): void {
    if (this.#spare === undefined) this.give(this.#start());
  }

  take(): Worker {
    const spare = this.#spare;
    if (spare === undefined) return this.#start();
    this.#forget();
    spare.ref();
    return spare;
  }

  /** Takes a thread back that has nothing under way and that nobody listens to. */
  give(worker: Worker): void {
    if (this.#isDisposed || this.#spare !== undefined) return void worker.terminate();
    this.#spare = worker;
    worker.unref();
    worker.once('exit', this.#forget);
    worker.once('error', this.#forget);
    this.#timer = setTimeout(() => this.#end(), SPARE_MS);
    this.#timer.unref();
  }

  dispose(): void {
    this.#isDisposed = true;
    this.#end();
  }

  #start(): Worker {
    // Chunks are the only thing of size in it: what is young is small and short-lived.
    return new Worker(this.#file, { name: 'context', resourceLimits: { maxYoungGenerationSizeMb: 4 } });
  }

  #end(): void {
    const spare = this.#spare;
    this.#forget();
    void spare?.terminate();
  }

  readonly #forget = (): void => {
    this.#spare?.off('exit', this.#forget).off('error', this.#forget);
    this.#spare = undefined;
    clearTimeout(this.#timer);
  };
}
