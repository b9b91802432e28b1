import { compareApi } from '../engine/negotiate.ts';
import type { EngineClient } from '../engine/EngineApi.ts';

export interface CacheRecord {
  ID: string;
  /** Before API 1.42; later `Parents`. */
  Parent?: string;
  Parents?: string[] | null;
  Type?: string;
  Description?: string;
  InUse?: boolean;
  Shared?: boolean;
  LastUsedAt?: string | null;
  Size?: number;
}

interface Answer {
  Images?: { Id: string; SharedSize?: number }[] | null;
  BuildCache?: CacheRecord[] | null;
  /** From API 1.52 on. */
  ImageUsage?: { Items?: { Id: string; SharedSize?: number }[] | null } | null;
  BuildCacheUsage?: { Items?: CacheRecord[] | null } | null;
}

/**
 * What takes up the engine's disk. Engines before API 1.42 refuse a second question while they answer one, so
 * questions to one engine wait for each other.
 */
export class DiskUsage {
  readonly #last = new WeakMap<EngineClient, Promise<unknown>>();

  /** Bytes of each image that other images share with it; an image that is absent: unknown. */
  async sharedSizes(client: EngineClient): Promise<Map<string, number>> {
    const answer = await this.#ask(client, 'image');
    const items = answer.Images ?? answer.ImageUsage?.Items ?? [];
    return new Map(
      items.flatMap(({ Id, SharedSize }) =>
        SharedSize === undefined || SharedSize < 0 ? [] : [[Id, SharedSize]],
      ),
    );
  }

  /** BuildKit's records. */
  async buildCache(client: EngineClient): Promise<CacheRecord[]> {
    const answer = await this.#ask(client, 'build-cache');
    return answer.BuildCache ?? answer.BuildCacheUsage?.Items ?? [];
  }

  #ask(client: EngineClient, type: 'image' | 'build-cache'): Promise<Answer> {
    const before = this.#last.get(client) ?? Promise.resolve();
    // Sizes of volumes, which take longest, are left out where the engine can.
    const query = compareApi(client.info.apiVersion, '1.42') < 0 ? {} : { type, verbose: true };
    const question = before
      .catch(() => undefined)
      .then(() => client.request<Answer>({ path: '/system/df', query }));
    this.#last.set(client, question);
    return question;
  }
}
