import type { OperationView } from '#shared/domain/AppView.ts';
import { Button } from '../../ui/Button.tsx';
import { ProgressBar } from '../../ui/ProgressBar.tsx';
import { displayName } from './displayName.ts';
import styles from './OperationStrip.module.css';

interface OperationStripProps {
  operations: readonly OperationView[];
  onCancel: (operationId: string) => void;
}

const VERBS: Record<string, string> = {
  up: 'Starting',
  scale: 'Scaling',
  stop: 'Stopping',
  down: 'Removing',
  build: 'Building',
};

/** The long work under way: what it does now, how far it is, and a way out. */
export function OperationStrip({ operations, onCancel }: OperationStripProps) {
  return operations.map((operation) => {
    const verb = VERBS[operation.kind] ?? operation.kind;
    const known = operation.total > 1;
    return (
      <div key={operation.id} className={styles.strip} data-operation={operation.kind}>
        <ProgressBar
          className={styles.bar}
          label={verb}
          {...(known ? { value: operation.done, max: operation.total } : {})}
        />
        <span className={styles.step} aria-live="polite">
          {displayName(operation.step) || verb}
        </span>
        {known ? (
          <span className={styles.count}>
            {operation.done} / {operation.total}
          </span>
        ) : null}
        {operation.cancellable ? (
          <Button size="small" onClick={() => onCancel(operation.id)}>
            Cancel
          </Button>
        ) : null}
      </div>
    );
  });
}
