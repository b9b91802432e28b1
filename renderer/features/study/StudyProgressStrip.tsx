import type { StudyProgress } from '#shared/domain/Study.ts';
import { workersWords } from '#shared/study/words.ts';
import { Button } from '../../ui/Button.tsx';
import { ProgressBar } from '../../ui/ProgressBar.tsx';
import styles from './StudyProgressStrip.module.css';

/** How a study goes, and the way to break it off. */
export function StudyProgressStrip({
  progress,
  onCancel,
}: {
  progress: StudyProgress;
  onCancel: () => void;
}) {
  const { done, total } = progress;
  return (
    // Not its button: a second Enter must not end what the first began.
    <section className={styles.strip} aria-label="Study under way" tabIndex={-1} data-keeps-focus>
      <div className={styles.words} role="status">
        {progressWords(progress)}
      </div>
      <ProgressBar
        className={styles.bar}
        label="Runs made"
        value={total === 0 ? undefined : done}
        max={total}
      />
      <Button size="small" onClick={onCancel}>
        Cancel
      </Button>
    </section>
  );
}

function progressWords({ phase, run, done, total }: StudyProgress): string {
  switch (phase) {
    case 'queued':
      return 'Waits: another study goes first';
    case 'preparing':
      return 'Getting the images';
    case 'engine-lost':
      return 'The engine is gone; the run is made again when it is back';
    case 'running':
      return run === undefined
        ? `${done} of ${total} runs`
        : `Run ${Math.min(done + 1, total)} of ${total}: ${workersWords(run.workers)}${run.repetition === 0 ? ', warm-up' : ''}`;
  }
}
