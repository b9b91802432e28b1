import type { BuildLayer } from '#shared/domain/Build.ts';
import { displayName } from '../app/displayName.ts';
import { formatBytes } from '../build/formatBytes.ts';
import styles from './LayerList.module.css';
import { maskStep } from './maskSecrets.ts';

/** The layers of an image from the lowest up: the step that made each, and a bar for what it adds. */
export function LayerList({ layers }: { layers: readonly BuildLayer[] }) {
  const heaviest = Math.max(1, ...layers.map((layer) => layer.sizeBytes));
  return (
    <ol className={styles.layers} aria-label="Layers">
      {layers.map((layer, index) => (
        // oxlint-disable-next-line react/no-array-index-key -- layers have no other identity and never move
        <li key={index} className={styles.layer} data-empty={layer.sizeBytes === 0 || undefined}>
          <code className={styles.step}>{displayName(maskStep(layer.createdBy))}</code>
          <span className={styles.size}>{layer.sizeBytes === 0 ? '—' : formatBytes(layer.sizeBytes)}</span>
          {layer.sizeBytes > 0 && (
            <span className={styles.track} aria-hidden>
              <span
                className={styles.bar}
                style={{ width: `${Math.max(0.5, (100 * layer.sizeBytes) / heaviest)}%` }}
              />
            </span>
          )}
        </li>
      ))}
    </ol>
  );
}
