import type { ImageTransfer } from '#shared/domain/Image.ts';
import { shareOf } from '#shared/image/transferProgress.ts';
import { ProgressBar } from '../../ui/ProgressBar.tsx';
import { displayName } from '../app/displayName.ts';
import { formatBytes } from '../build/formatBytes.ts';
import styles from './TransferLayers.module.css';

/** Each layer on its way: the engine's word for it, and how far it is. */
export function TransferLayers({ view: { layers, direction } }: { view: ImageTransfer }) {
  return (
    <ul className={styles.layers} aria-label="Layers on their way">
      {layers.map((layer) => {
        const id = displayName(layer.id);
        const isMoving = !layer.done && layer.totalBytes !== undefined;
        return (
          <li key={layer.id} className={styles.layer} data-done={layer.done || undefined}>
            <code className={styles.id}>{id}</code>
            <span className={styles.status}>{displayName(layer.status)}</span>
            <span className={styles.bytes}>
              {layer.totalBytes === undefined
                ? ''
                : isMoving
                  ? `${formatBytes(layer.doneBytes ?? 0)} of ${formatBytes(layer.totalBytes)}`
                  : formatBytes(layer.totalBytes)}
            </span>
            <ProgressBar
              label={`Layer ${id}`}
              className={styles.bar}
              value={shareOf(layer, direction)}
              tone={layer.done ? 'ok' : 'accent'}
            />
          </li>
        );
      })}
    </ul>
  );
}
