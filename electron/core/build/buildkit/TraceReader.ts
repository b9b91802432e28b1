import type { JsonLine } from '../readJsonLines.ts';
import type { SolveProgress } from '../SolveProgress.ts';
import { decodeTrace } from './decodeTrace.ts';

/** Reads the events of the engine's answer to a BuildKit build: traces go on to the progress, the outcome is kept. */
export class TraceReader {
  /** What the engine reported as the build's failure, inside its 200 answer. */
  error: string | undefined;
  imageId: string | undefined;

  readonly #progress: SolveProgress;
  readonly #onText: (text: string) => void;

  constructor(progress: SolveProgress, onText: (text: string) => void) {
    this.#progress = progress;
    this.#onText = onText;
  }

  accept(line: JsonLine): void {
    if (!line.ok) return this.#onText(line.text);
    const event = line.value;
    if (typeof event !== 'object' || event === null) return this.#onText(String(event));
    if ('error' in event || 'errorDetail' in event) this.error = messageOf(event);
    else if ('id' in event && event.id === 'moby.buildkit.trace')
      this.#trace('aux' in event ? event.aux : '');
    else if ('aux' in event && hasId(event.aux)) this.imageId = event.aux.ID;
    else if ('stream' in event && typeof event.stream === 'string') {
      const text = event.stream.trimEnd();
      if (text !== '') this.#onText(text);
    }
  }

  #trace(aux: unknown): void {
    // An event without content is a sign of life.
    if (typeof aux !== 'string' || aux === '') return;
    try {
      this.#progress.accept(decodeTrace(aux));
    } catch (error) {
      this.#onText(`(unreadable progress: ${error instanceof Error ? error.message : String(error)})`);
    }
  }
}

function hasId(value: unknown): value is { ID: string } {
  return typeof value === 'object' && value !== null && 'ID' in value && typeof value.ID === 'string';
}

function messageOf(event: object): string {
  const detail: unknown = 'errorDetail' in event ? event.errorDetail : undefined;
  if (
    typeof detail === 'object' &&
    detail !== null &&
    'message' in detail &&
    typeof detail.message === 'string' &&
    detail.message !== ''
  )
    return detail.message;
  if ('error' in event && typeof event.error === 'string' && event.error !== '') return event.error;
  return 'The engine reported a failure without saying which.';
}
