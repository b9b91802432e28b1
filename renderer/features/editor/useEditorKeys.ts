import { useEffect, useEffectEvent } from 'react';

interface EditorKeyTargets {
  save: () => void;
  undo: () => void;
  redo: () => void;
}

/** Save, undo and redo from everywhere in the editor. A field that is being typed in keeps its own undo. */
export function useEditorKeys(targets: EditorKeyTargets): void {
  const onKeyDown = useEffectEvent((event: KeyboardEvent): void => {
    if (event.defaultPrevented || event.altKey || !(event.ctrlKey || event.metaKey)) return;
    if (document.querySelector('[role="dialog"], [role="menu"]') !== null) return;
    const key = event.key.toLowerCase();
    const isTyping = event.target instanceof Element && event.target.closest('[data-draft]') !== null;
    if (key === 's') targets.save();
    else if (isTyping) return;
    else if (key === 'z') (event.shiftKey ? targets.redo : targets.undo)();
    else if (key === 'y') targets.redo();
    else return;
    event.preventDefault();
  });
  useEffect(() => {
    const listen = (event: KeyboardEvent): void => onKeyDown(event);
    window.addEventListener('keydown', listen);
    return () => window.removeEventListener('keydown', listen);
  }, []);
}
