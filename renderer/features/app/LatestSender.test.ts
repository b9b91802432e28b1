import { beforeEach, describe, expect, it } from 'vitest';
import { LatestSender, type SenderClock } from './LatestSender.ts';

let now = 0;
let timers: { at: number; callback: () => void }[] = [];
const clock: SenderClock = {
  now: () => now,
  setTimer: (callback, delayMs) => timers.push({ at: now + delayMs, callback }),
  clearTimer: () => undefined,
};
const advance = (milliseconds: number) => {
  now += milliseconds;
  const due = timers.filter((timer) => timer.at <= now);
  timers = timers.filter((timer) => timer.at > now);
  for (const timer of due) timer.callback();
};

beforeEach(() => {
  now = 1000;
  timers = [];
});

describe('LatestSender', () => {
  it('sends the first at once and of a drag at most one per interval, ending with the latest', () => {
    const sent: [number, number][] = [];
    const sender = new LatestSender(
      (value) => {
        sent.push([now, value]);
        return Promise.resolve();
      },
      () => undefined,
      { clock },
    );
    for (let value = 1; value <= 50; value += 1) {
      sender.request(value);
      advance(10);
    }
    advance(500);
    expect(sent[0]).toEqual([1000, 1]);
    expect(sent[sent.length - 1]?.[1]).toBe(50);
    expect(sent.length).toBeLessThanOrEqual(6);
    for (let at = 1; at < sent.length; at += 1) {
      expect((sent[at]?.[0] ?? 0) - (sent[at - 1]?.[0] ?? 0)).toBeGreaterThanOrEqual(120);
    }
  });

  it('tells only of the answer to the latest value', async () => {
    const answers: { resolve(): void; reject(error: unknown): void }[] = [];
    const settled: unknown[] = [];
    const sender = new LatestSender(
      () => new Promise<void>((resolve, reject) => answers.push({ resolve, reject })),
      (error) => settled.push(error),
      { clock },
    );
    sender.request(6);
    advance(200);
    sender.request(1);
    answers[0]?.reject(new Error('overtaken'));
    await Promise.resolve();
    await Promise.resolve();
    expect(settled).toEqual([]);
    answers[1]?.resolve();
    await Promise.resolve();
    await Promise.resolve();
    expect(settled).toEqual([undefined]);
  });
});
