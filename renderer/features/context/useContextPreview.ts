import { useEffect, useRef, useState } from 'react';
import type { Client } from '#shared/contract/Client.ts';
import { type ErrorShape, toErrorShape } from '#shared/contract/errors.ts';
import type { ContextPreview } from '#shared/domain/Build.ts';

/** A path that was left out since the dialog was opened. */
export interface LeftOut {
  path: string;
  /** The ignore file it was added to. */
  file: string;
  savedBytes: number;
  /** The file was made for it, and goes when it is taken back. */
  fileIsNew: boolean;
}

export interface ContextLook {
  preview: ContextPreview | undefined;
  /** Why there is none, or no newer one. */
  error: ErrorShape | undefined;
  isReading: boolean;
  /** The path that is being added to the ignore file. */
  ignoring: string | undefined;
  /** The last one that was left out; it can be taken back. */
  leftOut: LeftOut | undefined;
  read: () => void;
  ignore: (path: string) => void;
  undo: () => void;
}

/** What a service's build would send: read when it is looked at, and again after each change of the ignore file. */
export function useContextPreview(
  client: Client,
  appId: string,
  service: string,
  isOpen: boolean,
): ContextLook {
  const [preview, setPreview] = useState<ContextPreview>();
  const [error, setError] = useState<ErrorShape>();
  const [isReading, setIsReading] = useState(false);
  const [ignoring, setIgnoring] = useState<string>();
  const [leftOut, setLeftOut] = useState<LeftOut>();
  const [round, setRound] = useState(0);
  /** Answers that come when something else is looked at are not shown. */
  const look = useRef<object | undefined>(undefined);

  useEffect(() => {
    setPreview(undefined);
    setError(undefined);
    setIgnoring(undefined);
    setLeftOut(undefined);
    look.current = isOpen ? {} : undefined;
    return () => {
      look.current = undefined;
    };
  }, [client, appId, service, isOpen]);

  useEffect(() => {
    if (!isOpen) return undefined;
    const stop = new AbortController();
    setIsReading(true);
    client
      .call('builds.context', { appId, service }, { signal: stop.signal })
      .then(
        (answer) => {
          if (stop.signal.aborted) return;
          setPreview(answer);
          setError(undefined);
        },
        (thrown: unknown) => !stop.signal.aborted && setError(toErrorShape(thrown)),
      )
      .finally(() => !stop.signal.aborted && setIsReading(false));
    return () => stop.abort();
  }, [client, appId, service, isOpen, round]);

  const change = async (
    path: string,
    undo: { undo: boolean; removeFile?: boolean },
    done: (answer: ContextPreview) => void,
  ): Promise<void> => {
    const mine = look.current;
    setIgnoring(path);
    setError(undefined);
    try {
      const answer = await client.call('builds.ignorePath', { appId, service, path, ...undo });
      if (mine === undefined || mine !== look.current) return;
      setPreview(answer);
      done(answer);
    } catch (thrown) {
      if (mine === look.current) setError(toErrorShape(thrown));
    } finally {
      if (mine === look.current) setIgnoring(undefined);
    }
  };
  return {
    preview,
    error,
    isReading,
    ignoring,
    leftOut,
    read: () => setRound((last) => last + 1),
    ignore(path) {
      const before = preview?.bytes ?? 0;
      void change(path, { undo: false }, (answer) =>
        setLeftOut({
          path,
          file: answer.ignoreFile ?? '.dockerignore',
          savedBytes: Math.max(0, before - answer.bytes),
          fileIsNew: answer.ignoreFileIsNew === true,
        }),
      );
    },
    undo() {
      if (leftOut === undefined) return;
      const removeFile = leftOut.fileIsNew ? { removeFile: true } : {};
      void change(leftOut.path, { undo: true, ...removeFile }, () => setLeftOut(undefined));
    },
  };
}
