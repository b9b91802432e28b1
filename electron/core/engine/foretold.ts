import { hasEnded } from './containerRecord.ts';
import type { ContainerRecord } from './EngineApi.ts';

/** A container event (`GET /events`, Docker Engine API 1.41). */
export interface ContainerEvent {
  action: string;
  attributes: Readonly<Record<string, string>>;
  /** Epoch milliseconds. */
  time: number;
  /** Events told before that it ran out of memory: see HeardEvents. */
  isOutOfMemory: boolean;
}

/** A container as an event tells of it, before an inspection confirms that; undefined where the event says nothing of its state. */
export function foretold(
  known: ContainerRecord,
  { action, attributes, time, isOutOfMemory }: ContainerEvent,
): ContainerRecord | undefined {
  switch (action) {
    case 'create':
      return known;
    case 'start':
      return { ...known, state: 'running', startedAt: time, finishedAt: undefined, exitCode: undefined };
    case 'die': {
      const exitCode = Number(attributes['exitCode'] ?? Number.NaN);
      return {
        ...known,
        state: 'exited',
        finishedAt: time,
        oomKilled: isOutOfMemory,
        ...(Number.isNaN(exitCode) ? {} : { exitCode }),
      };
    }
    case 'oom':
      return hasEnded(known) ? { ...known, oomKilled: true } : undefined;
    case 'pause':
      return { ...known, state: 'paused' };
    case 'unpause':
      return { ...known, state: 'running' };
    case 'health_status: healthy':
      return { ...known, health: 'healthy' };
    case 'health_status: unhealthy':
      return { ...known, health: 'unhealthy' };
    default:
      return undefined;
  }
}
