import type { GpuReading } from '#shared/domain/Metrics.ts';
import { metricWords } from '#shared/metrics/metricWords.ts';
import styles from './MetricsPanel.module.css';

/** The GPUs of the machine, whoever uses them; nothing where there are none. */
export function GpuStrip({ gpus }: { gpus: readonly GpuReading[] }) {
  if (gpus.length === 0) return null;
  return (
    <ul className={styles.gpus} aria-label="GPUs of this machine">
      {gpus.map(({ index, name, utilisation, memoryBytes, memoryTotalBytes }) => (
        <li key={index}>
          GPU {index}, {name}: {metricWords(utilisation, 'share')} busy, {metricWords(memoryBytes, 'bytes')}{' '}
          of {metricWords(memoryTotalBytes, 'bytes')}
        </li>
      ))}
    </ul>
  );
}
