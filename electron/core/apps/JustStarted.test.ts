import { afterEach, expect, it, vi } from 'vitest';
import { JustStarted } from './JustStarted.ts';

afterEach(() => vi.useRealTimers());

it('counts from when a start was seen first, but for what started long ago', () => {
  vi.useFakeTimers({ toFake: ['Date', 'performance'], now: 1_000_000 });
  const trial = new JustStarted();
  const running = (id: string, startedAt: number) => ({ id, state: 'running' as const, startedAt });
  expect(trial.left([])).toBe(0);
  expect(trial.left([{ ...running('ended', 1_000_000), state: 'exited' }])).toBe(0);
  expect(trial.left([running('long ago', 900_000)])).toBe(0);
  // Newer engines say that it began a second before it did, and a clock may be ahead.
  const early = running('early', 999_000);
  const ahead = running('ahead', 4_600_000);
  expect(trial.left([early, ahead])).toBe(500);
  vi.advanceTimersByTime(300);
  expect(trial.left([early, ahead, running('long ago', 900_000)])).toBe(200);
  vi.advanceTimersByTime(200);
  expect(trial.left([early, ahead])).toBe(0);
  // Started again it begins anew.
  expect(trial.left([early, running('ahead', 4_600_400)])).toBe(500);
});
