import type { z } from 'zod';
import { type CallName, type CallOutput, calls } from '#shared/contract/calls.ts';
import { FlotillaError } from '#shared/contract/errors.ts';
import { type StreamItem, type StreamName, streams } from '#shared/contract/streams.ts';

export type CallHandlers = {
  [Name in CallName]: (
    input: z.output<(typeof calls)[Name]['input']>,
    signal: AbortSignal,
  ) => CallOutput<Name> | Promise<CallOutput<Name>>;
};

export type StreamHandlers = {
  [Name in StreamName]: (
    input: z.output<(typeof streams)[Name]['input']>,
    signal: AbortSignal,
  ) => AsyncIterable<StreamItem<Name>[]>;
};

/** The contract's privileged end: nothing reaches a handler that its schema has not passed. */
export interface Router {
  /** Rejects with a FlotillaError, or with whatever the handler threw. */
  call(name: string, input: unknown, signal: AbortSignal): Promise<unknown>;
  /** Each value is one batch; asking for the next is the credit. @throws FlotillaError `invalid-input`, `not-found` */
  stream(name: string, input: unknown, signal: AbortSignal): AsyncIterable<unknown[]>;
}

export function createRouter(handlers: { calls: CallHandlers; streams: StreamHandlers }): Router {
  return {
    async call(name, input, signal) {
      if (!Object.hasOwn(calls, name)) throw unknownName('call', name);
      const key = name as CallName;
      const handler = handlers.calls[key] as (parsed: unknown, by: AbortSignal) => unknown;
      return handler(parse(calls[key].input, input, name), signal);
    },
    stream(name, input, signal) {
      if (!Object.hasOwn(streams, name)) throw unknownName('stream', name);
      const key = name as StreamName;
      const handler = handlers.streams[key] as (parsed: unknown, by: AbortSignal) => AsyncIterable<unknown[]>;
      return handler(parse(streams[key].input, input, name), signal);
    },
  };
}

function parse(schema: z.ZodType, input: unknown, name: string): unknown {
  const parsed = schema.safeParse(input);
  if (parsed.success) return parsed.data;
  const places = parsed.error.issues
    .slice(0, 3)
    .map((issue) => `${issue.path.length === 0 ? 'input' : issue.path.join('.')}: ${issue.message}`);
  throw new FlotillaError('invalid-input', `${name} was asked with wrong input: ${places.join('; ')}.`, {
    detail: { places },
  });
}

function unknownName(kind: string, name: string): FlotillaError {
  return new FlotillaError('not-found', `There is no ${kind} “${name.slice(0, 64)}”.`);
}
