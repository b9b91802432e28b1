import type { ImageTransfer, LayerTransfer } from '#shared/domain/Image.ts';

/** No image has more; what an engine makes up beyond is not kept. */
const MOST_LAYERS = 512;
const LONGEST_STATUS = 300;
/** A layer in one of these has nothing more to do. */
const DONE =
  /^(pull complete|already exists|pushed|layer already exists|mounted from|download complete and extracted)/i;

/** One line of a pull or a push, as the engine tells it. */
export interface TransferLine {
  id?: unknown;
  status?: unknown;
  stream?: unknown;
  progressDetail?: { current?: unknown; total?: unknown } | null;
  aux?: { Digest?: unknown; Size?: unknown } | null;
  error?: unknown;
  errorDetail?: { message?: unknown } | null;
}

/** What is known of a pull or push so far; as large as its layers are many, however long it talks. */
export class TransferState {
  readonly #reference: string;
  readonly #direction: 'pull' | 'push';
  readonly #layers = new Map<string, LayerTransfer>();
  #status: string;
  #digest: string | undefined;
  #upToDate = false;
  #failure: string | undefined;

  constructor(reference: string, direction: 'pull' | 'push') {
    this.#reference = reference;
    this.#direction = direction;
    this.#status = 'Waiting for the registry';
  }

  /** `sha256:…` as the registry names it, once told. */
  get digest(): string | undefined {
    return this.#digest;
  }

  /** What went wrong, in the engine's words. */
  get failure(): string | undefined {
    return this.#failure;
  }

  get upToDate(): boolean {
    return this.#upToDate || (this.#layers.size > 0 && [...this.#layers.values()].every(isHadAlready));
  }

  view(result?: ImageTransfer['result']): ImageTransfer {
    return {
      reference: this.#reference,
      direction: this.#direction,
      status: this.#status,
      layers: [...this.#layers.values()],
      ...(result === undefined ? {} : { result }),
    };
  }

  set status(text: string) {
    this.#status = text;
  }

  /** Takes one line in; whether anything changed by it. */
  apply(line: TransferLine): boolean {
    if (line.error !== undefined || line.errorDetail !== undefined) {
      const words = line.errorDetail?.message ?? line.error;
      this.#failure = typeof words === 'string' ? words.slice(0, 4_000) : 'it failed without a reason';
      return true;
    }
    if (typeof line.aux?.Digest === 'string') this.#digest = line.aux.Digest;
    const text =
      typeof line.status === 'string' ? line.status : typeof line.stream === 'string' ? line.stream : '';
    const status = text.trim().slice(0, LONGEST_STATUS);
    if (status === '') return false;
    const id = typeof line.id === 'string' ? line.id.slice(0, 80) : '';
    if (id === '' || status.startsWith('Pulling from')) return this.#applyWhole(status);
    return this.#applyLayer(id, status, line.progressDetail);
  }

  #applyWhole(status: string): boolean {
    const digest = /\bdigest: (sha256:[0-9a-f]{64})/i.exec(status)?.[1];
    if (digest !== undefined) {
      this.#digest = digest;
      return false;
    }
    if (status.startsWith('Status: Image is up to date')) this.#upToDate = true;
    const words = status.replace(/^Status: /, '');
    if (words === this.#status) return false;
    this.#status = words;
    return true;
  }

  #applyLayer(id: string, status: string, progress: TransferLine['progressDetail']): boolean {
    const known = this.#layers.get(id);
    if (known === undefined && this.#layers.size >= MOST_LAYERS) return false;
    const done = DONE.test(status);
    const total =
      positive(progress?.total) ?? (known?.status === status || done ? known?.totalBytes : undefined);
    const current = positive(progress?.current) ?? (known?.status === status ? known?.doneBytes : undefined);
    this.#layers.set(id, {
      id,
      status,
      done,
      // Pushes count the tar's padding too: more than all of it is all of it.
      ...(total === undefined
        ? current === undefined
          ? {}
          : { doneBytes: current }
        : { totalBytes: total, doneBytes: done ? total : Math.min(current ?? 0, total) }),
    });
    this.#status = this.#direction === 'pull' ? 'Pulling' : 'Pushing';
    return true;
  }
}

function isHadAlready(layer: LayerTransfer): boolean {
  return /^(layer )?already exists|^mounted from/i.test(layer.status);
}

function positive(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) && value > 0 ? value : undefined;
}
