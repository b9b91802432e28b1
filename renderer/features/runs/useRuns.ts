import { useCallback, useEffect, useState } from 'react';
import type { Client } from '#shared/contract/Client.ts';
import { type ErrorShape, toErrorShape } from '#shared/contract/errors.ts';
import type { RunList } from '#shared/domain/Run.ts';
import { followStream } from '../../stores/followStream.ts';

const FIRST = 100;
const FURTHER = 400;

export interface RunsShown {
  /** Undefined until the first answer. */
  list: RunList | undefined;
  error: ErrorShape | undefined;
  /** Grows whenever something about the app's runs has changed. */
  number: number;
  /** Asks for more of those that match. */
  more: () => void;
}

/** The runs of an app that a filter leaves, kept up to date, the newest first and earlier ones as they are asked for. */
export function useRuns(client: Client, appId: string, filter: string): RunsShown {
  const [number, setNumber] = useState(0);
  const [limit, setLimit] = useState(FIRST);
  const [answer, setAnswer] = useState<{ list?: RunList; error?: ErrorShape }>({});
  useEffect(
    () =>
      followStream(client, 'runChanges', { appId }, (items) => setNumber((before) => before + items.length)),
    [client, appId],
  );
  useEffect(() => {
    let stale = false;
    if (number > 0)
      client.call('runs.list', { appId, filter, limit }).then(
        (list) => stale || setAnswer({ list }),
        (error: unknown) => stale || setAnswer((before) => ({ ...before, error: toErrorShape(error) })),
      );
    return () => {
      stale = true;
    };
  }, [client, appId, filter, limit, number]);
  const { list } = answer;
  const more = useCallback(() => {
    if (list !== undefined && list.runs.length < list.matching) setLimit(list.runs.length + FURTHER);
  }, [list]);
  return { list, error: answer.error, number, more };
}
