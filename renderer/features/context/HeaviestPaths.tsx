import { File, Folder } from 'lucide-react';
import { useEffect, useRef } from 'react';
import type { ContextPreview } from '#shared/domain/Build.ts';
import { Button } from '../../ui/Button.tsx';
import { displayName } from '../app/displayName.ts';
import { formatBytes } from '../build/formatBytes.ts';
import styles from './HeaviestPaths.module.css';

interface HeaviestPathsProps {
  preview: ContextPreview;
  /** The path that is being left out. */
  ignoring: string | undefined;
  /** The path that can be taken back now. */
  restorable: string | undefined;
  onIgnore: (path: string) => void;
}

/** The heaviest paths with their share of all, each with a press to leave it out. */
export function HeaviestPaths({ preview, ignoring, restorable, onIgnore }: HeaviestPathsProps) {
  const { heaviest, bytes } = preview;
  const list = useRef<HTMLUListElement>(null);
  const before = useRef(restorable);

  // What was taken back stands in its row again, and the keyboard with it: the button that had it is gone.
  useEffect(() => {
    const path = before.current;
    before.current = restorable;
    if (restorable !== undefined || path === undefined) return;
    const at = heaviest.findIndex((item) => item.path === path);
    if (document.activeElement === document.body)
      list.current?.querySelectorAll('button')[Math.max(0, at)]?.focus();
  }, [restorable, heaviest]);

  if (heaviest.length === 0) return null;
  return (
    <section aria-label="What weighs most">
      <h3 className={styles.heading}>What weighs most</h3>
      <ul ref={list} className={styles.list}>
        {heaviest.map((item) => {
          const share = bytes === 0 ? 0 : item.bytes / bytes;
          const isFolder = item.path.endsWith('/');
          const Icon = isFolder ? Folder : File;
          const name = displayName(item.path);
          return (
            <li key={item.path} className={styles.row}>
              <Icon size={14} className={styles.icon} aria-hidden />
              <span className={styles.path}>{name}</span>
              <span className={styles.files}>
                {isFolder && `${item.files.toLocaleString('en')} ${item.files === 1 ? 'file' : 'files'}`}
              </span>
              <span className={styles.bytes}>{formatBytes(item.bytes)}</span>
              <Button
                size="small"
                aria-label={`Ignore ${name}`}
                loading={ignoring === item.path}
                disabled={ignoring !== undefined && ignoring !== item.path}
                onClick={() => onIgnore(item.path)}
              >
                Ignore
              </Button>
              <span className={styles.track} aria-hidden>
                <span className={styles.bar} style={{ transform: `scaleX(${Math.max(share, 0.003)})` }} />
              </span>
              <span className="visually-hidden">{Math.round(share * 100)} % of all</span>
            </li>
          );
        })}
      </ul>
    </section>
  );
}
