import { useEffect, useEffectEvent, useState } from 'react';
import type { Client } from '#shared/contract/Client.ts';
import { type ErrorShape, toErrorShape } from '#shared/contract/errors.ts';
import type { DockerfileFacts } from '#shared/dockerfile/DockerfileFacts.ts';
import type { ProjectFileEntry } from '#shared/domain/ProjectFile.ts';
import { useFileOnDisk } from './useFileOnDisk.ts';

interface ProjectFiles {
  /** The chosen file, or else the first one; undefined while the list is read, and where it is empty. */
  path: string | undefined;
  /** Undefined while they are read for the first time. */
  entries: readonly ProjectFileEntry[] | undefined;
  /** Why the list or the chosen file cannot be read. */
  error: ErrorShape | undefined;
  /** What is known around the chosen file. */
  facts: DockerfileFacts;
  /** Reads a file from disk and takes note of it. */
  read: (path: string) => Promise<boolean>;
}

const NO_FACTS: DockerfileFacts = {};

/**
 * The files of a project, the chosen one as it is on disk, and what its lines can refer to. Read again when the project was (`revision`
 * is another) and when the window gets the focus.
 */
export function useProjectFiles(
  client: Client,
  appId: string,
  chosen: string | undefined,
  revision: unknown,
): ProjectFiles {
  const [entries, setEntries] = useState<readonly ProjectFileEntry[]>();
  const [listError, setListError] = useState<ErrorShape>();
  const [context, setContext] = useState<{ path: string; facts: DockerfileFacts }>();
  const images = useImages(client);
  const path = chosen ?? entries?.[0]?.path;

  const { error: readError, read } = useFileOnDisk(client, appId, path, revision);

  const refresh = useEffectEvent((isCurrent: () => boolean) => {
    client.call('files.list', { appId }).then(
      (found) => {
        if (!isCurrent()) return;
        setEntries(found);
        setListError(undefined);
      },
      (error: unknown) => isCurrent() && setListError(toErrorShape(error)),
    );
    if (path === undefined) return;
    client.call('files.context', { appId, path }).then(
      ({ ignoreFile, hasIgnoreFile, paths, truncated }) => {
        if (!isCurrent()) return;
        const contextPaths = truncated ? undefined : paths;
        setContext({ path, facts: { ignoreFile, hasIgnoreFile, contextPaths } });
      },
      // The editor then knows less; reading the file tells what is wrong.
      () => undefined,
    );
  });

  useEffect(() => {
    let current = true;
    refresh(() => current);
    const onFocus = (): void => refresh(() => current);
    window.addEventListener('focus', onFocus);
    return () => {
      current = false;
      window.removeEventListener('focus', onFocus);
    };
  }, [client, appId, path, revision]);

  const facts = context !== undefined && context.path === path ? context.facts : NO_FACTS;
  return {
    path,
    entries,
    error: readError ?? listError,
    facts: { ...facts, images },
    read,
  };
}

/** Tags of the engine's images, for completion; none without an engine. */
function useImages(client: Client): readonly string[] {
  const [images, setImages] = useState<readonly string[]>([]);
  useEffect(() => {
    let current = true;
    client.call('images.list', {}).then(
      (found) => current && setImages(found.flatMap(({ tags }) => tags)),
      () => undefined,
    );
    return () => {
      current = false;
    };
  }, [client]);
  return images;
}
