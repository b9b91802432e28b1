import { z } from 'zod';
import type { AppView, BuildView } from '../domain/AppView.ts';
import type { EngineState } from '../domain/Engine.ts';
import type { LogLine, LogNotice } from '../domain/LogLine.ts';

const emits = <Item>() => ({ item: undefined as unknown as Item });

/**
 * THE list of streams. Each delivers batches (arrays of items) under credit: the consumer grants batches,
 * the producer is not pulled at zero credit.
 */
export const streams = {
  /** The present state first, then every change. */
  engineState: { input: z.strictObject({}), ...emits<EngineState>() },
  /** A `snapshot` first, then changes; coalesced to at most one view per app per 50 ms. */
  apps: {
    input: z.strictObject({}),
    ...emits<
      | { kind: 'snapshot'; apps: AppView[] }
      | { kind: 'app'; app: AppView }
      | { kind: 'removed'; appId: string }
    >(),
  },
  /** The view first, then changes and output lines; ends when the build has ended. */
  build: {
    input: z.strictObject({ buildId: z.string().min(1).max(128) }),
    ...emits<
      | { kind: 'view'; build: BuildView }
      | { kind: 'output'; lines: { step: number; text: string }[]; dropped: number }
    >(),
  },
  /** Merged log of an app: the last `tail` lines of each container, then live; new replicas join by themselves. */
  logs: {
    input: z.strictObject({
      appId: z.string().min(1).max(128),
      services: z.array(z.string().max(255)).max(200).optional(),
      tail: z.number().int().min(0).max(100_000).optional(),
      /** False: ends after what is there now. Default true. */
      follow: z.boolean().optional(),
    }),
    ...emits<{ kind: 'lines'; lines: LogLine[] } | { kind: 'notice'; notice: LogNotice }>(),
  },
} as const;

export type StreamName = keyof typeof streams;
export type StreamInput<Name extends StreamName> = z.input<(typeof streams)[Name]['input']>;
export type StreamItem<Name extends StreamName> = (typeof streams)[Name]['item'];
