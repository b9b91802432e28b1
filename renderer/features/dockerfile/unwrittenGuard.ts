import { isChanged, useEditorFiles } from './editorFiles.ts';

let started = false;

/** From now on the window asks before it is closed or read anew while files have changes that were not written. */
export function startUnwrittenGuard(): void {
  if (started) return;
  started = true;
  const onLeave = (event: BeforeUnloadEvent): void => event.preventDefault();
  // Only while there is something to lose: a listener alone already costs the browser its cache of pages.
  useEditorFiles.subscribe(({ files }) => {
    if (Object.values(files).some(isChanged)) window.addEventListener('beforeunload', onLeave);
    else window.removeEventListener('beforeunload', onLeave);
  });
}
