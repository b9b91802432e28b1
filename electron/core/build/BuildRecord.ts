import { randomUUID } from 'node:crypto';
import type {
  BuilderChoice,
  BuildFailure,
  BuildResult,
  BuildState,
  BuildStep,
  BuildView,
} from '#shared/domain/Build.ts';
import type { BuildOutputLine, BuildRequest } from './BuildApi.ts';
import { OutputRing } from './OutputRing.ts';
import { type InlinePlaces, inlinePlaces } from './inlinePlaces.ts';
import type { SkippedEntry } from './walkContext.ts';

/** A build tells its listeners at most this often: 20 times a second. */
const COALESCE_MS = 50;
/** Skipped entries are named up to here, then counted. */
const MOST_SKIPPED = 500;
const MOST_WARNINGS = 100;

export type BuildListener = (build: BuildView, lines: BuildOutputLine[]) => void;

/** One build from its queueing to its end: the state behind its views, its output, its cancel. */
export class BuildRecord {
  readonly id = randomUUID();
  readonly request: BuildRequest;
  /** Settles when the build has ended, with its final view. */
  readonly ended: Promise<BuildView>;
  /** Classic builds alike in this share steps: at once, each would do them all and spoil the cache for the other. */
  readonly workKey: string;
  /** Builds that must have succeeded before it may begin. */
  readonly after: readonly BuildRecord[];
  /** Images left as cache by a build that did not succeed. */
  madeImages: string[] = [];

  readonly #abort = new AbortController();
  readonly #notify: BuildListener;
  readonly #ring = new OutputRing();
  readonly #startedAt = Date.now();
  #resolveEnded: (view: BuildView) => void = () => {};
  #view: BuildView | undefined;
  #timer: NodeJS.Timeout | undefined;
  #pending: BuildOutputLine[] = [];

  /** Lines of a Dockerfile that stands in the compose file are told as lines of that file. */
  readonly #places: InlinePlaces | undefined;

  #state: BuildState = 'queued';
  #begunAt: number | undefined;
  #endedAt: number | undefined;
  #steps: BuildStep[] = [];
  #builder: BuilderChoice | undefined;
  #warnings: { message: string; line?: number | undefined }[] = [];
  #imageId: string | undefined;
  #result: BuildResult | undefined;
  #error: BuildFailure | undefined;
  #context: { files: number; bytes: number } | undefined;
  #sentBytes = 0;
  #contextArrived = false;
  #skipped: SkippedEntry[] = [];
  #moreSkipped = 0;

  constructor(request: BuildRequest, notify: BuildListener, after: readonly BuildRecord[] = []) {
    this.request = request;
    this.after = after;
    this.#notify = notify;
    const { context, dockerfile, dockerfileInline } = request.build;
    this.workKey = JSON.stringify([request.projectRoot, context, dockerfileInline?.text ?? dockerfile]);
    this.#places = dockerfileInline === undefined ? undefined : inlinePlaces(dockerfileInline);
    this.ended = new Promise((resolve) => {
      this.#resolveEnded = resolve;
    });
  }

  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  get state(): BuildState {
    return this.#state;
  }

  get isOver(): boolean {
    return this.#endedAt !== undefined;
  }

  /** Undefined until it is chosen. */
  get builder(): BuilderChoice | undefined {
    return this.#builder;
  }

  /** The present view; the same object until something changes. */
  get view(): BuildView {
    this.#view ??= {
      id: this.id,
      appId: this.request.appId,
      service: this.request.service,
      tag: this.request.tag,
      state: this.#state,
      startedAt: this.#startedAt,
      ...(this.#begunAt === undefined ? {} : { begunAt: this.#begunAt }),
      noCache: this.request.noCache,
      ...(this.#endedAt === undefined ? {} : { endedAt: this.#endedAt }),
      ...(this.#context === undefined
        ? {}
        : {
            context: {
              ...this.#context,
              sentBytes: this.#sentBytes,
              ...(this.#contextArrived ? { arrived: true } : {}),
              skipped: this.#shownSkipped(),
            },
          }),
      ...(this.#builder === undefined ? {} : { builder: this.#builder }),
      steps: [...this.#steps],
      ...(this.#warnings.length === 0 ? {} : { warnings: [...this.#warnings] }),
      ...(this.#result === undefined ? {} : { result: this.#result }),
      ...(this.#imageId === undefined ? {} : { imageId: this.#imageId }),
      ...(this.#error === undefined ? {} : { error: this.#error }),
    };
    return this.#view;
  }

  /** All lines so far. The listeners have been told of them: none is told once more to who listens from now on. */
  output(): { lines: BuildOutputLine[]; dropped: number } {
    if (this.#pending.length > 0) this.#flush();
    return this.#ring.read();
  }

  cancel(): void {
    this.#abort.abort();
  }

  enter(state: 'packing' | 'building'): void {
    if (this.isOver) return;
    this.#begunAt ??= Date.now();
    this.#state = state;
    this.#changed();
  }

  builderIs(choice: BuilderChoice): void {
    this.#builder = choice;
    this.#changed();
  }

  /** The same warning counts once. */
  warn(told: { message: string; line?: number | undefined }): void {
    const warning = this.#places?.warning(told) ?? told;
    const known = this.#warnings.some((one) => one.message === warning.message && one.line === warning.line);
    if (known || this.#warnings.length >= MOST_WARNINGS) return;
    this.#warnings.push(warning);
    this.#changed();
  }

  packed(context: { files: number; bytes: number }): void {
    this.#context = context;
    this.#changed();
  }

  /** The context is sent (once more): what was sent before does not count. */
  resend(): void {
    this.#sentBytes = 0;
    this.#contextArrived = false;
    this.#changed();
  }

  /** The engine has all that it needs of the context, be it less than there is. */
  contextArrived(): void {
    if (this.#contextArrived) return;
    this.#contextArrived = true;
    this.#changed();
  }

  sent(bytes: number): void {
    this.#sentBytes += bytes;
    this.#changed();
  }

  skipped(entry: SkippedEntry): void {
    if (this.#skipped.length < MOST_SKIPPED) this.#skipped.push(entry);
    else this.#moreSkipped += 1;
    this.#changed();
  }

  line(line: BuildOutputLine): void {
    this.#ring.push(line);
    this.#pending.push(line);
    // A flood faster than the listeners are told: the ring has what matters.
    if (this.#pending.length >= 20_000) this.#pending = this.#pending.slice(-10_000);
    this.#changed();
  }

  stepsAre(steps: BuildStep[]): void {
    this.#steps = this.#places?.steps(steps) ?? steps;
    this.#changed();
  }

  succeed(imageId: string, result?: BuildResult): void {
    this.#imageId = imageId;
    this.#result = result;
    this.#finish('succeeded');
  }

  fail(error: BuildFailure): void {
    this.#error = this.#places?.failure(error) ?? error;
    this.#finish('failed');
  }

  cancelled(): void {
    this.#finish('cancelled');
  }

  #finish(state: 'succeeded' | 'failed' | 'cancelled'): void {
    if (this.isOver) return;
    this.#state = state;
    this.#endedAt = Date.now();
    this.#view = undefined;
    this.#flush();
    this.#resolveEnded(this.view);
  }

  #changed(): void {
    this.#view = undefined;
    if (this.isOver) return;
    this.#timer ??= setTimeout(() => this.#flush(), COALESCE_MS);
  }

  #flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const lines = this.#pending;
    this.#pending = [];
    this.#notify(this.view, lines);
  }

  #shownSkipped(): SkippedEntry[] {
    if (this.#moreSkipped === 0) return [...this.#skipped];
    return [...this.#skipped, { path: '…', reason: `and ${this.#moreSkipped} more` }];
  }
}
