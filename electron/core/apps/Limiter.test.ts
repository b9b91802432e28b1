import { describe, expect, it, vi } from 'vitest';
import { Limiter } from './Limiter.ts';

/** Tasks that say when they began and end when told to. */
function tasksOf(limiter: Limiter) {
  const began: string[] = [];
  const ends = new Map<string, () => void>();
  const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
  return {
    began,
    async add(name: string, urgency?: number): Promise<void> {
      void limiter.run(async () => {
        began.push(name);
        await new Promise<void>((resolve) => ends.set(name, resolve));
      }, urgency);
      await settle();
    },
    async end(name: string): Promise<void> {
      ends.get(name)?.();
      await settle();
    },
  };
}

describe('Limiter', () => {
  it('lets so many run and the rest wait in order', async () => {
    const tasks = tasksOf(new Limiter(() => 2));
    for (const name of ['a', 'b', 'c', 'd']) await tasks.add(name);
    expect(tasks.began).toEqual(['a', 'b']);
    await tasks.end('b');
    expect(tasks.began).toEqual(['a', 'b', 'c']);
    await tasks.end('a');
    await tasks.end('c');
    expect(tasks.began).toEqual(['a', 'b', 'c', 'd']);
  });

  it('takes the more urgent of those that wait first', async () => {
    const tasks = tasksOf(new Limiter(() => 1));
    await tasks.add('running');
    for (const [name, urgency] of [
      ['late', 0],
      ['soon', 2],
      ['next', 1],
      ['also soon', 2],
    ] as const)
      await tasks.add(name, urgency);
    for (const name of ['running', 'soon', 'also soon', 'next', 'late']) await tasks.end(name);
    expect(tasks.began).toEqual(['running', 'soon', 'also soon', 'next', 'late']);
  });

  it('begins nothing less urgent while enough of the more urgent run, and all that may once they ended', async () => {
    const tasks = tasksOf(new Limiter(() => 4, { enough: () => 2 }));
    await tasks.add('first', 1);
    await tasks.add('idle');
    expect(tasks.began).toEqual(['first', 'idle']);
    await tasks.add('second', 1);
    await tasks.add('waits');
    await tasks.add('waits too');
    expect(tasks.began).toEqual(['first', 'idle', 'second']);
    await tasks.add('third', 1);
    expect(tasks.began.at(-1)).toBe('third');
    await tasks.end('first');
    expect(tasks.began.at(-1)).toBe('third');
    await tasks.end('second');
    expect(tasks.began.slice(4)).toEqual(['waits', 'waits too']);
  });

  it('lets the next begin when one counts no more, though it goes on', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    try {
      const tasks = tasksOf(new Limiter(() => 1, { countsMs: 1_000 }));
      for (const name of ['slow', 'next', 'third']) await tasks.add(name);
      await vi.advanceTimersByTimeAsync(999);
      expect(tasks.began).toEqual(['slow']);
      await vi.advanceTimersByTimeAsync(1);
      expect(tasks.began).toEqual(['slow', 'next']);
      // Its place was given away once, not twice.
      await tasks.end('slow');
      expect(tasks.began).toEqual(['slow', 'next']);
      await tasks.end('next');
      expect(tasks.began).toEqual(['slow', 'next', 'third']);
    } finally {
      vi.useRealTimers();
    }
  });

  it('leaves the queue when its signal says so, and lets those behind it begin', async () => {
    const limiter = new Limiter(() => 1);
    let end = (): void => undefined;
    const running = limiter.run(() => new Promise<void>((resolve) => (end = resolve)));
    const over = new AbortController();
    const began: string[] = [];
    const given = limiter.run(async () => void began.push('given up'), 0, over.signal);
    const next = limiter.run(async () => void began.push('next'));
    over.abort(new Error('not any more'));
    await expect(given).rejects.toThrow('not any more');
    end();
    await Promise.all([running, next]);
    expect(began).toEqual(['next']);
    await expect(limiter.run(async () => 1, 0, over.signal)).rejects.toThrow('not any more');
  });

  it('gives the place of a task that failed to the next', async () => {
    const limiter = new Limiter(() => 1);
    const failed = limiter.run(() => Promise.reject(new Error('no')));
    const next = limiter.run(() => Promise.resolve('yes'));
    await expect(failed).rejects.toThrow('no');
    expect(await next).toBe('yes');
  });
});
