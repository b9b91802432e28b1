import { Download, Layers, SearchX, Unplug } from 'lucide-react';
import { Button } from '../../ui/Button.tsx';
import { EmptyState } from '../../ui/EmptyState.tsx';
import { Spinner } from '../../ui/Spinner.tsx';
import { useEngine } from '../../stores/engine.ts';
import { goTo } from '../../stores/route.ts';
import styles from './NoImages.module.css';

interface NoImagesProps {
  /** Images without the filter; undefined: not known yet. */
  total: number | undefined;
  canAct: boolean;
  onPull: () => void;
  onShowAll: () => void;
}

/** Why there is no row to show, and what to do. */
export function NoImages({ total, canAct, onPull, onShowAll }: NoImagesProps) {
  const phase = useEngine((store) => store.state?.phase);
  if (total !== undefined && total > 0)
    return (
      <EmptyState
        className={styles.whole}
        icon={<SearchX size={26} />}
        title="No image fits the filter"
        actions={<Button onClick={onShowAll}>Show all {total}</Button>}
      >
        Every word must be found in a name, an id, a container or a project.
      </EmptyState>
    );
  if (phase === 'none' || phase === 'lost')
    return (
      <EmptyState
        className={styles.whole}
        icon={<Unplug size={26} />}
        title={phase === 'none' ? 'No container engine' : 'The engine is away'}
        actions={<Button onClick={() => goTo('#/engines')}>Engines</Button>}
      >
        {phase === 'none'
          ? 'Images are kept by an engine. Start Docker or Podman, or Flotilla’s own.'
          : 'Flotilla connects again by itself; the images come back with it.'}
      </EmptyState>
    );
  if (total === undefined)
    return (
      <div className={styles.waiting}>
        <Spinner size={20} label="Asking the engine for its images" />
      </div>
    );
  return (
    <EmptyState
      className={styles.whole}
      icon={<Layers size={26} />}
      title="No images yet"
      actions={
        <Button variant="primary" icon={<Download size={14} />} disabled={!canAct} onClick={onPull}>
          Pull an image…
        </Button>
      }
    >
      Building or running an app brings its images here.
    </EmptyState>
  );
}
