import { StringDecoder } from 'node:string_decoder';
import type { BuildStep } from '#shared/domain/Build.ts';
import type { BuildOutputLine } from './BuildApi.ts';
import { LineAssembler } from './LineAssembler.ts';
import type { PlannedVertex } from './planVertexes.ts';
import { instructionOf, lineOfSource, matchVertex, shownInstruction, stageOf } from './vertexNames.ts';
import { type SharedListener, type SharedNews, SharedSteps } from './SharedSteps.ts';
import type { SolveLog, SolveStatus, SolveTransfer, SolveVertex } from './SolveStatus.ts';

/** Sending the context is shown as such; these vertexes only repeat it. */
const OWN_UPLOAD =
  /^(?:\[internal\] load (?:remote )?build context|\[internal\] load build definition|\[internal\] load \.dockerignore|copy \/context \/|\[internal\] load metadata for .*)/;
/** Lines of a step kept to find the likely cause of its failure in. */
const TAIL_LINES = 40;
/** Complete: the engine has what it needs of the context. */
const CONTEXT_VERTEX = /^(?:\[internal\] load (?:remote )?build context|copy \/context \/)/;
/** A registry's answer of a pull that has layers without end must not fill the memory. */
const MOST_TRANSFERS = 1_000;

export interface SolveListener {
  onLine: (line: BuildOutputLine) => void;
  onSteps: (steps: BuildStep[]) => void;
  onWarning: (warning: { message: string; line?: number | undefined }) => void;
  /** The engine has all that it needs of the context. */
  onContextArrived?: () => void;
}

export interface SolveFailure {
  vertex: SolveVertex;
  planned: PlannedVertex | undefined;
  tail: string[];
}

interface KnownVertex {
  latest: SolveVertex;
  /** 1-based number of its step; 0: it has none. */
  step: number;
  transfers: Map<string, SolveTransfer>;
  decoder: StringDecoder;
  lines: LineAssembler;
  tail: string[];
}

/**
 * Reads the news of a BuildKit solve into steps and output lines. Steps of the Dockerfile are numbered by its lines from
 * the start; whatever else the engine does (fetching an image, exporting the result) comes after them as it begins.
 */
export class SolveProgress {
  readonly #plan: readonly PlannedVertex[];
  readonly #shared: SharedSteps;
  readonly #keys: readonly string[];
  /** As others tell of steps that they do for this build, too: by the step's number. */
  readonly #heard = new Map<number, { error: string; tail: string[] }>();
  readonly #ear: SharedListener;
  readonly #stopHearing: () => void;
  readonly #listener: SolveListener;
  readonly #vertexes = new Map<string, KnownVertex>();
  #steps: BuildStep[];

  /** @param scope what must be equal, beside a step's work, for two builds to have it in common */
  constructor(
    plan: readonly PlannedVertex[],
    listener: SolveListener,
    { shared = new SharedSteps(), scope = '' }: { shared?: SharedSteps; scope?: string } = {},
  ) {
    this.#plan = plan;
    this.#listener = listener;
    this.#shared = shared;
    this.#keys = plan.map(({ work }) => `${scope} ${work}`);
    this.#steps = plan.map((step, index) => ({
      number: index + 1,
      total: plan.length,
      instruction: step.text,
      line: step.line,
      stage: step.stage,
      state: 'pending',
      cached: false,
    }));
    this.#listener.onSteps(this.#steps);
    this.#ear = {
      onNews: (key, news) => this.#hear(key, news),
      onLine: (key, text) => this.#overhear(key, text),
    };
    this.#stopHearing = shared.follow(this.#keys, this.#ear);
  }

  get steps(): readonly BuildStep[] {
    return this.#steps;
  }

  /** What failed of itself, not because something else did: the vertex, its step in the Dockerfile, its last lines. */
  get failures(): SolveFailure[] {
    const own = [...this.#vertexes.values()]
      .filter(({ latest }) => latest.error !== '' && !isCancelled(latest))
      .map(({ latest, step, tail }) => ({ vertex: latest, planned: this.#plan[step - 1], tail }));
    if (own.length > 0) return own;
    return [...this.#heard].flatMap(([number, { error, tail }]) => {
      const planned = this.#plan[number - 1];
      const vertex = { digest: '', name: planned?.text ?? '', inputs: [], cached: false, error };
      return error === '' ? [] : [{ vertex, planned, tail }];
    });
  }

  /** As `failures`, where another build may be told of the failure a little later than this one ends. */
  async failuresSoon(withinMs: number): Promise<SolveFailure[]> {
    for (const deadline = Date.now() + withinMs; this.failures.length === 0 && Date.now() < deadline; )
      await new Promise((resolve) => setTimeout(resolve, 20));
    return this.failures;
  }

  accept(status: SolveStatus): void {
    let changed = false;
    const before = this.#vertexes.size;
    for (const vertex of status.vertexes) {
      this.#learn(vertex);
      changed = true;
    }
    if (this.#vertexes.size > before) this.#connect();
    if (changed) this.#settle();
    for (const transfer of status.statuses) changed = this.#transfer(transfer) || changed;
    for (const log of status.logs) this.#log(log);
    // What a finished step printed last may lack its line end.
    for (const { digest, completedAt } of status.vertexes)
      if (completedAt !== undefined) this.#flush(this.#vertexes.get(digest));
    for (const { message, line } of status.warnings) this.#listener.onWarning({ message, line });
    if (changed) this.#listener.onSteps(this.#steps);
  }

  /** No more will come. Marks what was under way; a success also clears away what turned out not to be needed. */
  close(state: 'done' | 'failed' | 'cancelled'): void {
    this.#stopHearing();
    for (const known of this.#vertexes.values()) this.#flush(known);
    const endedAt = Date.now();
    this.#steps = this.#steps.map((step) => (step.state === 'running' ? { ...step, state, endedAt } : step));
    if (state === 'done') this.#steps = this.#steps.filter((step) => step.state !== 'pending');
    this.#listener.onSteps(this.#steps);
  }

  #learn(vertex: SolveVertex): void {
    let known = this.#vertexes.get(vertex.digest);
    if (known === undefined) {
      const lines: LineAssembler = new LineAssembler((text) => this.#line(vertex.digest, text));
      known = {
        latest: vertex,
        step: 0,
        transfers: new Map(),
        decoder: new StringDecoder('utf8'),
        lines,
        tail: [],
      };
      this.#vertexes.set(vertex.digest, known);
    }
    known.latest = vertex;
    if (vertex.completedAt !== undefined && vertex.error === '' && CONTEXT_VERTEX.test(vertex.name))
      this.#listener.onContextArrived?.();
    if (known.step === 0) known.step = this.#stepFor(vertex);
    if (known.step === 0) return;
    const before = this.#steps[known.step - 1];
    if (before === undefined) return;
    const state = stateOf(vertex);
    const news = {
      state,
      cached: vertex.cached,
      startedAt: vertex.startedAt ?? before.startedAt,
      endedAt:
        state === 'running' || state === 'pending' ? undefined : (vertex.completedAt ?? before.endedAt),
    };
    this.#steps = this.#steps.with(known.step - 1, {
      ...before,
      ...news,
      instruction: shownInstruction(this.#plan[known.step - 1], vertex.name),
      stage: before.stage ?? stageOf(vertex.name)?.stage,
    });
    this.#tell(known, news);
    for (const twin of this.#twinsOf(known.step)) {
      const step = this.#steps[twin - 1];
      if (step !== undefined) this.#steps = this.#steps.with(twin - 1, { ...step, ...news });
    }
  }

  /** Lets builds that have the step, too, know of it. That this one was cancelled is no news of theirs. */
  #tell(known: KnownVertex, { state, cached, startedAt, endedAt }: StepNews): void {
    const key = this.#keys[known.step - 1];
    if (key === undefined || (state !== 'running' && state !== 'done' && state !== 'failed')) return;
    const { error } = known.latest;
    this.#shared.tell(key, { state, cached, startedAt, endedAt, error, tail: known.tail }, this.#ear);
  }

  /** Whether the engine tells this build itself of a step. */
  #isOwn(number: number): boolean {
    for (const { step, latest } of this.#vertexes.values())
      if (step === number && latest.startedAt !== undefined) return true;
    return false;
  }

  #hear(key: string, { error, tail, ...news }: SharedNews): void {
    let changed = false;
    for (const [index, own] of this.#keys.entries()) {
      const step = this.#steps[index];
      if (own !== key || step === undefined || this.#isOwn(step.number)) continue;
      this.#heard.set(step.number, { error, tail: [...tail] });
      this.#steps = this.#steps.with(index, { ...step, ...news });
      changed = true;
    }
    if (!changed) return;
    this.#settle();
    this.#listener.onSteps(this.#steps);
  }

  #overhear(key: string, text: string): void {
    const number = this.#keys.indexOf(key) + 1;
    if (number > 0 && !this.#isOwn(number)) this.#listener.onLine({ step: number, text });
  }

  /** Where a step runs or ran, those whose files it stands on are done, whoever did them: the engine does not always tell. */
  #settle(): void {
    const isReady = (index: number): boolean => {
      const step = this.#steps[index];
      if (step === undefined) return false;
      return (
        step.state === 'running' ||
        step.state === 'done' ||
        (step.state === 'failed' && this.#plan[index]?.keyword === 'RUN')
      );
    };
    const finished = new Set<number>();
    const finish = (index: number): void => {
      if (finished.has(index)) return;
      finished.add(index);
      for (const before of this.#plan[index]?.after ?? []) {
        const step = this.#steps[before];
        if (step === undefined) continue;
        if (!this.#isOwn(step.number)) {
          if (step.state === 'pending')
            this.#steps = this.#steps.with(before, { ...step, state: 'done', cached: true });
          else if (step.state === 'running')
            this.#steps = this.#steps.with(before, { ...step, state: 'done', endedAt: Date.now() });
        }
        finish(before);
      }
    };
    for (const index of this.#plan.keys()) if (isReady(index)) finish(index);
  }

  /** Numbers of the steps that do the same work and have no vertex of their own: BuildKit has one for them all. */
  #twinsOf(number: number): number[] {
    const work = this.#plan[number - 1]?.work;
    if (work === undefined) return [];
    const own = new Set([...this.#vertexes.values()].map(({ step }) => step));
    return this.#plan.flatMap((other, index) =>
      other.work === work && !own.has(index + 1) ? [index + 1] : [],
    );
  }

  /** A vertex may be told of before those it stands on. */
  #connect(): void {
    for (const { latest, step } of this.#vertexes.values()) {
      const known = this.#steps[step - 1];
      if (known === undefined) continue;
      const inputs = this.#inputsOf(latest).map((input) => this.#inStage(input, known.stage));
      if (inputs.length > 0) this.#steps = this.#steps.with(step - 1, { ...known, inputs });
    }
  }

  /** A step stands on one of its own stage, whichever of several with the same work has the vertex. */
  #inStage(input: number, stage: string | undefined): number {
    if (this.#steps[input - 1]?.stage === stage) return input;
    return this.#twinsOf(input).find((twin) => this.#steps[twin - 1]?.stage === stage) ?? input;
  }

  /** 0 for what is no step of its own. */
  #stepFor(vertex: SolveVertex): number {
    if (OWN_UPLOAD.test(vertex.name) && vertex.error === '') return 0;
    const taken = new Set([...this.#vertexes.values()].map(({ step }) => step - 1));
    const planned = matchVertex(this.#plan, vertex.name, (index) => taken.has(index));
    if (planned !== -1) return planned + 1;
    const total = this.#steps.length + 1;
    this.#steps = [
      ...this.#steps.map((step) => ({ ...step, total })),
      {
        number: total,
        total,
        instruction: instructionOf(vertex.name),
        line: lineOfSource(this.#plan, vertex.name),
        state: 'pending',
        cached: false,
      },
    ];
    return total;
  }

  /** Numbers of the steps a vertex stands on, those behind vertexes without a step included. */
  #inputsOf(vertex: SolveVertex, seen = new Set<string>()): number[] {
    const found = new Set<number>();
    for (const digest of vertex.inputs) {
      if (seen.has(digest)) continue;
      seen.add(digest);
      const input = this.#vertexes.get(digest);
      if (input === undefined) continue;
      if (input.step > 0) found.add(input.step);
      else for (const number of this.#inputsOf(input.latest, seen)) found.add(number);
    }
    return [...found].sort((a, b) => a - b);
  }

  #transfer(transfer: SolveTransfer): boolean {
    const known = this.#vertexes.get(transfer.vertex);
    const step = this.#steps[(known?.step ?? 0) - 1];
    if (known === undefined || step === undefined) return false;
    if (known.transfers.size >= MOST_TRANSFERS && !known.transfers.has(transfer.id)) return false;
    known.transfers.set(transfer.id, transfer);
    let doneBytes = 0;
    let totalBytes = 0;
    for (const { current, total, completed } of known.transfers.values()) {
      totalBytes += total;
      doneBytes += completed ? total : Math.min(current, total);
    }
    if (totalBytes === 0) return false;
    this.#steps = this.#steps.with(known.step - 1, { ...step, transfer: { doneBytes, totalBytes } });
    return true;
  }

  #log(log: SolveLog): void {
    const known = this.#vertexes.get(log.vertex);
    if (known === undefined) return;
    known.lines.push(known.decoder.write(log.data));
  }

  #flush(known: KnownVertex | undefined): void {
    const rest = known?.decoder.end() ?? '';
    if (rest !== '') known?.lines.push(rest);
    known?.lines.flush();
  }

  #line(digest: string, text: string): void {
    const known = this.#vertexes.get(digest);
    if (known === undefined) return;
    known.tail.push(text);
    if (known.tail.length > TAIL_LINES) known.tail.shift();
    this.#listener.onLine({ step: known.step, text });
    const key = this.#keys[known.step - 1];
    if (key !== undefined) this.#shared.line(key, text, this.#ear);
  }
}

type StepNews = Pick<BuildStep, 'state' | 'cached' | 'startedAt' | 'endedAt'>;

function isCancelled(vertex: SolveVertex): boolean {
  return /context cancell?ed/i.test(vertex.error) || vertex.error === 'Canceled';
}

function stateOf(vertex: SolveVertex): BuildStep['state'] {
  if (vertex.error !== '') return isCancelled(vertex) ? 'cancelled' : 'failed';
  if (vertex.completedAt !== undefined) return 'done';
  return vertex.startedAt === undefined ? 'pending' : 'running';
}
