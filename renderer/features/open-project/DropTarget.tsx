import { FolderDown } from 'lucide-react';
import { type ReactNode, useEffect, useEffectEvent, useState } from 'react';
import { toast } from 'sonner';
import { showError } from '../../app/showError.ts';
import { useWindowServices } from '../../app/WindowServices.ts';
import { desktopBridge } from '../../client/createClient.ts';
import styles from './DropTarget.module.css';
import { readDrop } from './readDrop.ts';

/**
 * The whole window takes a dropped project folder. It listens to the window itself: a drop on an open dialog would
 * otherwise make the browser leave the page for what was dropped.
 */
export function DropTarget({ children }: { children: ReactNode }) {
  const services = useWindowServices();
  const [over, setOver] = useState(false);

  const onDrop = useEffectEvent((data: DataTransfer | null): void => {
    const bridge = desktopBridge();
    const drop = readDrop(data, bridge === undefined ? undefined : (file) => bridge.pathOfFile(file));
    if (drop.kind === 'path') services.openPath(drop.path).catch(showError);
    else if (drop.kind === 'name') services.openFolder(drop.name);
    else toast.error(drop.message, { description: drop.hint });
  });

  useEffect(() => {
    const stop = new AbortController();
    const { signal } = stop;
    // Entering a child is told before leaving its parent.
    let depth = 0;
    const listen = (type: 'dragenter' | 'dragover' | 'dragleave' | 'drop', act: (event: DragEvent) => void) =>
      window.addEventListener(type, (event) => !isTextForField(event) && act(event), { signal });
    listen('dragenter', (event) => {
      event.preventDefault();
      depth += 1;
      if (carriesFiles(event)) setOver(true);
    });
    listen('dragover', (event) => {
      event.preventDefault();
      if (event.dataTransfer !== null) event.dataTransfer.dropEffect = 'copy';
    });
    listen('dragleave', () => {
      depth = Math.max(0, depth - 1);
      if (depth === 0) setOver(false);
    });
    listen('drop', (event) => {
      event.preventDefault();
      depth = 0;
      setOver(false);
      onDrop(event.dataTransfer);
    });
    return () => stop.abort();
  }, []);

  return (
    <>
      {children}
      {over && (
        <div className={styles.overlay} data-testid="drop-overlay">
          <div className={styles.card}>
            <FolderDown size={28} aria-hidden />
            <span>Drop the project folder to open it</span>
          </div>
        </div>
      )}
    </>
  );
}

function carriesFiles(event: DragEvent): boolean {
  return [...(event.dataTransfer?.types ?? [])].includes('Files');
}

/** Text dragged into a field is the field's. */
function isTextForField(event: DragEvent): boolean {
  return (
    !carriesFiles(event) &&
    event.target instanceof Element &&
    event.target.closest('input, textarea, [contenteditable]') !== null
  );
}
