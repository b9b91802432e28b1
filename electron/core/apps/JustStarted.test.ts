import { afterEach, expect, it, vi } from 'vitest';
import { JustStarted } from './JustStarted.ts';

afterEach(() => vi.useRealTimers());

it('counts from the start, by whichever clock says more', () => {
  vi.useFakeTimers({ toFake: ['Date', 'performance'], now: 1_000_000 });
  const trial = new JustStarted();
  const running = (id: string, startedAt: number) => ({ id, state: 'running' as const, startedAt });
  expect(trial.left([])).toBe(0);
  expect(trial.left([{ ...running('ended', 1_000_000), state: 'exited' }])).toBe(0);
  expect(trial.left([running('long ago', 1), running('lately', 999_900)])).toBe(400);
  // The engine's clock is an hour ahead.
  const ahead = running('ahead', 4_600_000);
  expect(trial.left([ahead])).toBe(500);
  vi.advanceTimersByTime(300);
  expect(trial.left([ahead])).toBe(200);
  vi.advanceTimersByTime(200);
  expect(trial.left([ahead, running('lately', 999_900)])).toBe(0);
  // Started again it begins anew.
  expect(trial.left([running('ahead', 4_600_400)])).toBe(500);
});
