import { FolderDown } from 'lucide-react';
import { type DragEvent, type ReactNode, useRef, useState } from 'react';
import { toast } from 'sonner';
import { showError } from '../../app/showError.ts';
import { useWindowServices } from '../../app/WindowServices.ts';
import { desktopBridge } from '../../client/createClient.ts';
import styles from './DropTarget.module.css';
import { readDrop } from './readDrop.ts';

/** The whole window takes a dropped project folder. */
export function DropTarget({ children }: { children: ReactNode }) {
  const services = useWindowServices();
  const [over, setOver] = useState(false);
  const depth = useRef(0);

  const onDragEnter = (event: DragEvent): void => {
    event.preventDefault();
    depth.current += 1;
    setOver(true);
  };
  const onDragLeave = (): void => {
    depth.current = Math.max(0, depth.current - 1);
    if (depth.current === 0) setOver(false);
  };
  const onDrop = (event: DragEvent): void => {
    event.preventDefault();
    depth.current = 0;
    setOver(false);
    const bridge = desktopBridge();
    const drop = readDrop(
      event.dataTransfer,
      bridge === undefined ? undefined : (file) => bridge.pathOfFile(file),
    );
    if (drop.kind === 'path') services.openPath(drop.path).catch(showError);
    else if (drop.kind === 'name') services.openFolder(drop.name);
    else toast.error(drop.message, { description: drop.hint });
  };

  return (
    <div
      className={styles.target}
      onDragEnter={onDragEnter}
      onDragOver={(event) => event.preventDefault()}
      onDragLeave={onDragLeave}
      onDrop={onDrop}
    >
      {children}
      {over && (
        <div className={styles.overlay}>
          <div className={styles.card}>
            <FolderDown size={28} aria-hidden />
            <span>Drop the project folder to open it</span>
          </div>
        </div>
      )}
    </div>
  );
}
