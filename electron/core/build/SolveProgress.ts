import { StringDecoder } from 'node:string_decoder';
import type { BuildStep } from '#shared/domain/Build.ts';
import type { BuildOutputLine } from './BuildApi.ts';
import { LineAssembler } from './LineAssembler.ts';
import type { PlannedVertex } from './planVertexes.ts';
import type { SolveLog, SolveStatus, SolveTransfer, SolveVertex } from './SolveStatus.ts';

/** Sending the context is shown as such; these vertexes only repeat it. */
const OWN_UPLOAD =
  /^(?:\[internal\] load (?:remote )?build context|\[internal\] load build definition|\[internal\] load \.dockerignore|copy \/context \/|\[internal\] load metadata for .*)/;
/** Lines of a step kept to find the likely cause of its failure in. */
const TAIL_LINES = 40;
/** A registry's answer of a pull that has layers without end must not fill the memory. */
const MOST_TRANSFERS = 1_000;

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
  readonly #onLine: (line: BuildOutputLine) => void;
  readonly #onSteps: (steps: BuildStep[]) => void;
  readonly #onWarning: (warning: { message: string; line?: number | undefined }) => void;
  readonly #vertexes = new Map<string, KnownVertex>();
  #steps: BuildStep[];

  constructor(
    plan: readonly PlannedVertex[],
    listener: {
      onLine: (line: BuildOutputLine) => void;
      onSteps: (steps: BuildStep[]) => void;
      onWarning: (warning: { message: string; line?: number | undefined }) => void;
    },
  ) {
    this.#plan = plan;
    this.#onLine = listener.onLine;
    this.#onSteps = listener.onSteps;
    this.#onWarning = listener.onWarning;
    this.#steps = plan.map((step, index) => ({
      number: index + 1,
      total: plan.length,
      instruction: step.text,
      line: step.line,
      stage: step.stage,
      state: 'pending',
      cached: false,
    }));
    this.#onSteps(this.#steps);
  }

  get steps(): readonly BuildStep[] {
    return this.#steps;
  }

  /** What failed of itself, not because something else did: the vertex, its step in the Dockerfile, its last lines. */
  get failure(): { vertex: SolveVertex; planned: PlannedVertex | undefined; tail: string[] } | undefined {
    for (const known of this.#vertexes.values()) {
      if (known.latest.error === '' || isCancelled(known.latest)) continue;
      return { vertex: known.latest, planned: this.#plan[known.step - 1], tail: known.tail };
    }
    return undefined;
  }

  accept(status: SolveStatus): void {
    let changed = false;
    const before = this.#vertexes.size;
    for (const vertex of status.vertexes) {
      this.#learn(vertex);
      changed = true;
    }
    if (this.#vertexes.size > before) this.#connect();
    for (const transfer of status.statuses) changed = this.#transfer(transfer) || changed;
    for (const log of status.logs) this.#log(log);
    // What a finished step printed last may lack its line end.
    for (const { digest, completedAt } of status.vertexes)
      if (completedAt !== undefined) this.#flush(this.#vertexes.get(digest));
    for (const { message, line } of status.warnings) this.#onWarning({ message, line });
    if (changed) this.#onSteps(this.#steps);
  }

  /** No more will come. Marks what was under way; a success also clears away what turned out not to be needed. */
  close(state: 'done' | 'failed' | 'cancelled'): void {
    for (const known of this.#vertexes.values()) this.#flush(known);
    const endedAt = Date.now();
    this.#steps = this.#steps.map((step) => (step.state === 'running' ? { ...step, state, endedAt } : step));
    if (state === 'done') this.#steps = this.#settled();
    this.#onSteps(this.#steps);
  }

  /** Steps that have no vertex of their own share another's (two stages with one base), or were not needed. */
  #settled(): BuildStep[] {
    return this.#steps.flatMap((step) => {
      if (step.state !== 'pending') return [step];
      const work = plainWork(step.instruction);
      const twin = this.#steps.find(
        (other) => other.state === 'done' && plainWork(other.instruction) === work,
      );
      if (twin === undefined) return [];
      return [
        { ...twin, number: step.number, line: step.line, stage: step.stage, instruction: step.instruction },
      ];
    });
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
    if (known.step === 0) known.step = this.#stepFor(vertex);
    if (known.step === 0) return;
    const before = this.#steps[known.step - 1];
    if (before === undefined) return;
    const state = stateOf(vertex);
    this.#steps = this.#steps.with(known.step - 1, {
      ...before,
      instruction: instructionOf(vertex.name),
      stage: before.stage ?? stageOf(vertex.name)?.stage,
      state,
      cached: vertex.cached,
      startedAt: vertex.startedAt ?? before.startedAt,
      endedAt:
        state === 'running' || state === 'pending' ? undefined : (vertex.completedAt ?? before.endedAt),
    });
  }

  /** A vertex may be told of before those it stands on. */
  #connect(): void {
    for (const { latest, step } of this.#vertexes.values()) {
      const known = this.#steps[step - 1];
      const inputs = this.#inputsOf(latest);
      if (known !== undefined && inputs.length > 0)
        this.#steps = this.#steps.with(step - 1, { ...known, inputs });
    }
  }

  /** 0 for what is no step of its own. */
  #stepFor(vertex: SolveVertex): number {
    const planned = matchVertex(this.#plan, vertex.name);
    if (planned !== -1) return planned + 1;
    if (OWN_UPLOAD.test(vertex.name) && vertex.error === '') return 0;
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
    this.#onLine({ step: known.step, text });
  }
}

function isCancelled(vertex: SolveVertex): boolean {
  return /context cancell?ed/i.test(vertex.error) || vertex.error === 'Canceled';
}

function stateOf(vertex: SolveVertex): BuildStep['state'] {
  if (vertex.error !== '') return isCancelled(vertex) ? 'cancelled' : 'failed';
  if (vertex.completedAt !== undefined) return 'done';
  return vertex.startedAt === undefined ? 'pending' : 'running';
}

/** `[linux/amd64 build 2/5] RUN make` as stage, place and places. */
function stageOf(name: string): { stage: string | undefined; place: number; places: number } | undefined {
  const found = /^\[(?:\S+\/\S+ )?(?:(\S+) +)?(\d+)\/(\d+)\] /.exec(name);
  if (found === null) return undefined;
  return { stage: found[1], place: Number(found[2]), places: Number(found[3]) };
}

function instructionOf(name: string): string {
  return name.replace(/^\[(?:\S+\/\S+ )?(?:\S+ +)?\d+\/\d+\] /, '');
}

/** Index of the planned step a vertex is, or -1. */
function matchVertex(plan: readonly PlannedVertex[], name: string): number {
  const at = stageOf(name);
  if (at === undefined) return -1;
  const keyword = instructionOf(name).split(/\s/, 1)[0]?.toUpperCase();
  return plan.findIndex((planned) => {
    if ((planned.stage ?? '').toLowerCase() !== (at.stage ?? '').toLowerCase()) return false;
    // Steps that the base image brings (ONBUILD) come after FROM and before those of the file.
    const extra = at.places - planned.places;
    const place = planned.keyword === 'FROM' ? planned.place : planned.place + extra;
    return place === at.place && planned.keyword === keyword;
  });
}

/** `FROM docker.io/library/tools:latest`, a vertex without a place: the line that copies from that image. */
function lineOfSource(plan: readonly PlannedVertex[], name: string): number | undefined {
  const image = /^FROM (\S+)/.exec(name)?.[1];
  if (image === undefined) return undefined;
  return plan.find((planned) => planned.keyword !== 'FROM' && namesImage(planned.text, image))?.line;
}

/** Whether an instruction names an image that BuildKit tells by its full reference. */
export function namesImage(text: string, full: string): boolean {
  const bare = shortReference(full);
  return text.split(/[\s,=]+/).some((word) => shortReference(word) === bare);
}

function shortReference(reference: string): string {
  return reference
    .replace(/@sha256:[0-9a-f]+$/, '')
    .replace(/^docker\.io\//, '')
    .replace(/^library\//, '')
    .replace(/:latest$/, '');
}

/** An instruction by which two that do the same are known; engines write image names in full. */
function plainWork(instruction: string): string {
  const words = instruction.trim().split(/\s+/);
  if (words[0]?.toUpperCase() !== 'FROM') return words.join(' ');
  return `FROM ${shortReference(words.find((word, index) => index > 0 && !word.startsWith('--')) ?? '')}`;
}
