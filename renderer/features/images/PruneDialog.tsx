import { useEffect, useState } from 'react';
import { type ErrorShape, toErrorShape } from '#shared/contract/errors.ts';
import type { PrunePreview, PruneResult } from '#shared/domain/Image.ts';
import { useWindowServices } from '../../app/WindowServices.ts';
import { Banner } from '../../ui/Banner.tsx';
import { Button } from '../../ui/Button.tsx';
import { Dialog } from '../../ui/Dialog.tsx';
import { SegmentedControl } from '../../ui/SegmentedControl.tsx';
import { Spinner } from '../../ui/Spinner.tsx';
import styles from './dialogs.module.css';
import { PruneList } from './PruneList.tsx';
import { PruneOutcome } from './PruneOutcome.tsx';

type Scope = PrunePreview['scope'];

const SCOPES: { value: Scope; label: string }[] = [
  { value: 'dangling', label: 'Untagged' },
  { value: 'unused', label: 'All unused' },
  { value: 'build-cache', label: 'Build cache' },
];
const MEANING: Record<Scope, string> = {
  dangling: 'Images without a name that no container uses: what earlier builds have left.',
  unused: 'All images that no container uses, not even a stopped one. They must be pulled or built again.',
  'build-cache': 'What BuildKit keeps to build faster. The next builds take longer.',
};

/** Shows exactly what would go and how much that frees; takes away just that. */
export function PruneDialog({ open, onClose }: { open: boolean; onClose: () => void }) {
  const { client } = useWindowServices();
  const [scope, setScope] = useState<Scope>('dangling');
  const [preview, setPreview] = useState<PrunePreview | null>(null);
  const [error, setError] = useState<ErrorShape | null>(null);
  const [outcome, setOutcome] = useState<PruneResult | null>(null);
  const [isBusy, setIsBusy] = useState(false);

  useEffect(() => {
    setPreview(null);
    setError(null);
    setOutcome(null);
    if (!open) return undefined;
    const stop = new AbortController();
    client.call('images.prunePreview', { scope }, { signal: stop.signal }).then(
      (answer) => !stop.signal.aborted && setPreview(answer),
      (thrown: unknown) => !stop.signal.aborted && setError(toErrorShape(thrown)),
    );
    return () => stop.abort();
  }, [client, open, scope]);

  const prune = (): void => {
    if (preview === null) return;
    setIsBusy(true);
    client
      .call('images.prune', { scope, ids: preview.images.map(({ id }) => id).slice(0, 10_000) })
      .then(setOutcome, (thrown: unknown) => setError(toErrorShape(thrown)))
      .finally(() => setIsBusy(false));
  };
  const count = preview?.images.length ?? 0;
  return (
    <Dialog
      open={open}
      onClose={onClose}
      title="Prune"
      footer={
        <>
          <Button data-autofocus onClick={onClose}>
            {outcome === null ? 'Cancel' : 'Close'}
          </Button>
          {outcome === null && (
            <Button variant="danger" disabled={count === 0} loading={isBusy} onClick={prune}>
              {count === 0 ? 'Remove' : `Remove ${count}`}
            </Button>
          )}
        </>
      }
    >
      <div className={styles.stack}>
        <SegmentedControl
          label="What to prune"
          value={scope}
          onChange={setScope}
          options={SCOPES}
          disabled={isBusy}
        />
        {outcome === null && <p className={styles.muted}>{MEANING[scope]}</p>}
        {error !== null && (
          <Banner tone="error" title={error.message}>
            {error.hint}
          </Banner>
        )}
        {outcome !== null ? (
          <PruneOutcome outcome={outcome} preview={preview} />
        ) : preview !== null ? (
          <PruneList preview={preview} />
        ) : (
          error === null && (
            <div className={styles.waiting}>
              <Spinner size={18} label="Looking what could go" />
            </div>
          )
        )}
      </div>
    </Dialog>
  );
}
