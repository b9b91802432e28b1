import type { ContextPool } from './ContextPool.ts';
import type { ContextSource } from './ContextSource.ts';

/**
 * Looks at one context by a source of its own, which is given back afterwards.
 * @throws what `look` does; the signal's reason, at once
 */
export async function withSource<Result>(
  pool: ContextPool,
  look: (source: ContextSource) => Promise<Result>,
  signal?: AbortSignal,
): Promise<Result> {
  signal?.throwIfAborted();
  const source = pool.source();
  const stop = (): void => void source.dispose();
  signal?.addEventListener('abort', stop, { once: true });
  try {
    return await look(source);
  } catch (error) {
    signal?.throwIfAborted();
    throw error;
  } finally {
    signal?.removeEventListener('abort', stop);
    stop();
  }
}
