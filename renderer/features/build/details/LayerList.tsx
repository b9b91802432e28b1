import type { BuildResult } from '#shared/domain/Build.ts';
import { displayName } from '../../app/displayName.ts';
import { formatBytes } from '../formatBytes.ts';
import styles from './LayerList.module.css';

/** The layers of a built image with what made each, lowest first, and what each weighs. */
export function LayerList({ result }: { result: BuildResult }) {
  const { layers } = result;
  if (layers.length === 0) return null;
  const filled = layers.filter((layer) => layer.sizeBytes > 0).length;
  const heaviest = Math.max(1, ...layers.map((layer) => layer.sizeBytes));
  return (
    <details className={styles.layers}>
      <summary className={styles.head}>
        Layers: {filled} with files, {formatBytes(result.sizeBytes)}
      </summary>
      <ol className={styles.list} aria-label="Layers of the image">
        {layers.map((layer, index) => (
          <li key={index} className={styles.layer} data-empty={layer.sizeBytes === 0 || undefined}>
            <code className={styles.instruction} title={displayName(layer.createdBy)}>
              {displayName(layer.createdBy) || 'base image'}
            </code>
            <span className={styles.bar} aria-hidden>
              <span style={{ width: `${(layer.sizeBytes / heaviest) * 100}%` }} />
            </span>
            <span className={styles.size}>{formatBytes(layer.sizeBytes)}</span>
          </li>
        ))}
      </ol>
    </details>
  );
}
