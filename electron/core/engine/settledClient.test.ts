import { expect, test, vi } from 'vitest';
import type { EngineClient, EngineService } from './EngineApi.ts';
import { settledClient } from './settledClient.ts';

const now = { name: 'now' } as unknown as EngineClient;
const later = { name: 'later' } as unknown as EngineClient;

function engineIn(phase: EngineService['state']['phase'], fresh = false) {
  return {
    state: { phase } as EngineService['state'],
    snapshot: { fresh } as EngineService['snapshot'],
    client: vi.fn(() => now),
    whenReady: vi.fn(async () => later),
  };
}

test.each(['searching', 'connecting', 'ready'] as const)(
  '%s without a list of containers is waited for',
  async (phase) => {
    expect(await settledClient(engineIn(phase))).toBe(later);
  },
);

test('a settled engine is asked at once', async () => {
  expect(await settledClient(engineIn('ready', true))).toBe(now);
});

test.each(['none', 'lost'] as const)('%s is refused at once', async (phase) => {
  const engine = engineIn(phase);
  engine.client.mockImplementation(() => {
    throw new Error('no engine');
  });
  await expect(settledClient(engine)).rejects.toThrow('no engine');
  expect(engine.whenReady).not.toHaveBeenCalled();
});
