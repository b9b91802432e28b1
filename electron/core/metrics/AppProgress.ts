import { compileExpression } from '#shared/logs/compileExpression.ts';
import { parseProgress } from '#shared/metrics/parseProgress.ts';
import type { LogService } from '../apps/AppsApi.ts';

/** An engine tells of a start a moment late. */
const START_SLACK_MS = 1_000;

interface Following {
  expression: string;
  abort: AbortController;
}

/** What workers of an app say of their progress in their logs, of services that say how they tell it, while it is asked for. */
export class AppProgress {
  readonly #logs: Pick<LogService, 'follow'>;
  readonly #appId: string;
  readonly #following = new Map<string, Following>();
  /** By worker. */
  readonly #newest = new Map<string, { share: number; atMs: number }>();

  constructor(logs: Pick<LogService, 'follow'>, appId: string) {
    this.#logs = logs;
    this.#appId = appId;
  }

  /** Whose logs are followed from now on; those without an expression are not. */
  follow(services: readonly { name: string; progress?: string | undefined }[]): void {
    const wanted = new Map(services.map(({ name, progress }) => [name, progress]));
    for (const [service, { expression, abort }] of this.#following)
      if (wanted.get(service) !== expression) {
        abort.abort();
        this.#following.delete(service);
      }
    for (const [service, expression] of wanted) {
      if (expression === undefined || this.#following.has(service)) continue;
      const abort = new AbortController();
      this.#following.set(service, { expression, abort });
      void this.#read(service, expression, abort.signal);
    }
  }

  /** The newest word of a worker since the start of its container, from 0 to 1; NaN for none. */
  of(worker: string, startedAtMs = 0): number {
    const newest = this.#newest.get(worker);
    return newest === undefined || newest.atMs < startedAtMs - START_SLACK_MS ? Number.NaN : newest.share;
  }

  async #read(service: string, text: string, signal: AbortSignal): Promise<void> {
    const term = { text, regex: true };
    try {
      const expression = compileExpression(term);
      const query = { include: [term], hideNotices: true };
      const request = { appId: this.#appId, services: [service], query, tail: 1 };
      for await (const items of this.#logs.follow(request, signal))
        for (const item of items)
          if (item.kind === 'lines')
            for (const line of item.lines) {
              const share = parseProgress(line.text, expression);
              if (share !== undefined)
                this.#newest.set(line.worker, { share, atMs: Number(BigInt(line.timestamp) / 1_000_000n) });
            }
    } catch {
      // An expression that takes too long on a line, or a log that cannot be read: nothing is known of the progress.
    }
  }
}
