import { useEffect, useEffectEvent } from 'react';
import { changedPaths, useEditorFiles } from './editorFiles.ts';

/** How many of an app's files have changes not written; calls `show` when someone wants one of its files opened. */
export function useEditorPane(appId: string, show: () => void): number {
  const isWanted = useEditorFiles(({ target }) => (target?.appId === appId ? target : undefined));
  const onWanted = useEffectEvent(show);
  useEffect(() => {
    if (isWanted !== undefined) onWanted();
  }, [isWanted]);
  return useEditorFiles(({ files }) => changedPaths(files, appId).length);
}
