import type { BuildStep } from '#shared/domain/Build.ts';
import type { BuildOutputLine } from './BuildApi.ts';
import { LineAssembler } from './LineAssembler.ts';
import type { PlannedStep } from './planSteps.ts';

const TAIL_LINES = 40;

/**
 * Reads the events of a classic build (and of Podman's imitation of one) into steps, output lines and the outcome.
 * Feed it one decoded JSON value after another, then look at `error`, `succeeded`, `imageId`.
 */
export class ClassicOutput {
  /** What the engine reported as the build's failure, inside its 200 answer. */
  error: { message: string; code: number | undefined } | undefined;
  succeeded = false;
  imageId: string | undefined;
  /** Intermediate containers named so far and not yet reported as removed. */
  readonly containers = new Set<string>();
  /** The last lines of output, to find the likely cause of a failure in. */
  readonly tail: string[] = [];
  /** Images this build made (not taken from the cache, not the base), oldest first. */
  readonly madeImages: string[] = [];

  readonly #plan: readonly PlannedStep[];
  readonly #onLine: (line: BuildOutputLine) => void;
  readonly #onSteps: (steps: BuildStep[]) => void;
  readonly #lines: LineAssembler;
  readonly #pulls = new Map<string, string>();
  #steps: BuildStep[];
  #current = 0;
  /** The step has said which image it ended in. */
  #ended = true;

  constructor(
    plan: readonly PlannedStep[],
    listener: { onLine: (line: BuildOutputLine) => void; onSteps: (steps: BuildStep[]) => void },
  ) {
    this.#plan = plan;
    this.#onLine = listener.onLine;
    this.#onSteps = listener.onSteps;
    this.#lines = new LineAssembler((text) => {
      this.tail.push(text);
      if (this.tail.length > TAIL_LINES) this.tail.shift();
      this.#onLine({ step: this.#current, text });
    });
    this.#steps = plan.map((step, index) => ({
      number: index + 1,
      total: plan.length,
      instruction: step.text,
      line: step.line,
      state: 'pending',
      cached: false,
    }));
    this.#onSteps(this.#steps);
  }

  /** Number of the step that runs or ran last; 0 before the first. */
  get step(): number {
    return this.#current;
  }

  get steps(): readonly BuildStep[] {
    return this.#steps;
  }

  accept(event: unknown): void {
    if (typeof event !== 'object' || event === null) {
      this.#lines.push(`${String(event)}\n`);
      return;
    }
    if ('errorDetail' in event || 'error' in event) this.#fail(event);
    if ('aux' in event && hasId(event.aux)) this.imageId = event.aux.ID;
    if ('stream' in event && typeof event.stream === 'string') this.#read(event.stream);
    else if ('status' in event && typeof event.status === 'string') this.#pull(event, event.status);
  }

  /** A line of the answer that is not JSON: shown as it came. */
  acceptText(text: string): void {
    this.#lines.flush();
    this.#lines.push(`${text}\n`);
  }

  /** No more will come. Marks the step that was under way. */
  close(state: 'done' | 'failed' | 'cancelled'): void {
    this.#lines.flush();
    this.#end(state);
  }

  #read(text: string): void {
    const step = /^(?:\[\d+\/\d+\] )?step (\d+)\/(\d+) ?: ?([^]*)$/i.exec(text);
    if (step !== null && this.#begins(Number(step[1]), Number(step[2]), step[3] ?? '', text)) {
      this.#begin(Number(step[2]), (step[3] ?? '').trim());
      this.#lines.push(text);
      return;
    }
    this.#lines.push(text);
    if (/^ ---> Using cache\n?$/.test(text) || text.startsWith('--> Using cache '))
      this.#mark({ cached: true });
    const running = /^ ---> Running in ([0-9a-f]{12,64})\n?$/.exec(text)?.[1];
    if (running !== undefined) this.containers.add(running);
    const removed = /^Removing intermediate container ([0-9a-f]{12,64})\n?$/.exec(text)?.[1];
    if (removed !== undefined) this.containers.delete(removed);
    const image = /^ ?-{2,3}> ([0-9a-f]{11,64})\n?$/.exec(text)?.[1];
    if (image !== undefined) {
      const now = this.#steps[this.#current - 1];
      if (now !== undefined && !now.cached && !/^from\s/i.test(now.instruction)) this.madeImages.push(image);
      this.#end('done');
    }
    if (/^Successfully built [0-9a-f]+\n?$/.test(text)) this.succeeded = true;
  }

  /** A program's own output may look like a step line: what the Dockerfile cannot say next is output. */
  #begins(number: number, total: number, instruction: string, raw: string): boolean {
    const podman = raw.endsWith('\n');
    if (podman) return raw.startsWith('STEP ') || raw.startsWith('[');
    if (!this.#ended || number !== this.#current + 1) return false;
    if (this.#current > 0 && total !== this.#steps[0]?.total) return false;
    const planned = this.#plan[number - 1];
    const keyword = instruction.trim().split(/\s/, 1)[0]?.toUpperCase();
    return planned === undefined || this.#plan.length !== total || planned.keyword === keyword;
  }

  #begin(total: number, instruction: string): void {
    this.#lines.flush();
    this.#end('done');
    const previous = this.#current;
    this.#current += 1;
    this.#ended = false;
    const count = Math.max(total, this.#current, previous === 0 ? total : this.#steps.length);
    const keyword = instruction.split(/\s/, 1)[0]?.toUpperCase();
    this.#steps = Array.from({ length: count }, (_, index): BuildStep => {
      const known = this.#steps[index];
      const base: BuildStep = known ?? {
        number: index + 1,
        total: count,
        instruction: '',
        state: 'pending',
        cached: false,
      };
      if (index !== this.#current - 1) return base.total === count ? base : { ...base, total: count };
      const planned = this.#plan[index];
      return {
        ...base,
        total: count,
        instruction,
        line: planned?.keyword === keyword ? planned?.line : undefined,
        state: 'running',
        startedAt: Date.now(),
      };
    });
    this.#onSteps(this.#steps);
  }

  #end(state: 'done' | 'failed' | 'cancelled'): void {
    this.#ended = true;
    if (this.#steps[this.#current - 1]?.state === 'running') this.#mark({ state, endedAt: Date.now() });
  }

  #mark(change: Partial<BuildStep>): void {
    const now = this.#steps[this.#current - 1];
    if (now === undefined) return;
    this.#steps = this.#steps.with(this.#current - 1, { ...now, ...change });
    this.#onSteps(this.#steps);
  }

  #fail(event: object): void {
    const detail = 'errorDetail' in event ? event.errorDetail : undefined;
    const message =
      hasMessage(detail) && detail.message !== ''
        ? detail.message
        : 'error' in event && typeof event.error === 'string'
          ? event.error
          : 'The engine reported a failure without saying which.';
    const code =
      typeof detail === 'object' && detail !== null && 'code' in detail && typeof detail.code === 'number'
        ? detail.code
        : undefined;
    this.error = { message, code };
    this.#lines.flush();
    this.#lines.push(`${message}\n`);
  }

  /** Progress of a pull: one line whenever a layer's state changes, not one per percent. */
  #pull(event: object, status: string): void {
    const id = 'id' in event && typeof event.id === 'string' ? event.id : '';
    if (this.#pulls.get(id) === status) return;
    this.#pulls.set(id, status);
    this.#lines.flush();
    this.#lines.push(`${id === '' ? '' : `${id}: `}${status}\n`);
  }
}

function hasId(value: unknown): value is { ID: string } {
  return typeof value === 'object' && value !== null && 'ID' in value && typeof value.ID === 'string';
}

function hasMessage(value: unknown): value is { message: string } {
  return (
    typeof value === 'object' && value !== null && 'message' in value && typeof value.message === 'string'
  );
}
