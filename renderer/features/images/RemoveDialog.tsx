import { useEffect, useState } from 'react';
import { type ErrorShape, toErrorShape } from '#shared/contract/errors.ts';
import type { ImageSummary } from '#shared/domain/Image.ts';
import { useWindowServices } from '../../app/WindowServices.ts';
import { Button } from '../../ui/Button.tsx';
import { Dialog } from '../../ui/Dialog.tsx';
import { Switch } from '../../ui/Switch.tsx';
import { displayName } from '../app/displayName.ts';
import { formatBytes } from '../build/formatBytes.ts';
import styles from './dialogs.module.css';
import { nameOfImage, shortId } from './imageRows.ts';

interface RemoveDialogProps {
  /** Null: closed. The list stands as it was when the dialog was asked for. */
  images: readonly ImageSummary[] | null;
  onClose: () => void;
}

/** Lists what would go, removes one after the other, and says of each that stayed why. */
export function RemoveDialog({ images, onClose }: RemoveDialogProps) {
  const { client } = useWindowServices();
  const [left, setLeft] = useState<readonly ImageSummary[]>([]);
  const [failures, setFailures] = useState<ReadonlyMap<string, ErrorShape>>(new Map());
  const [force, setForce] = useState(false);
  const [isBusy, setIsBusy] = useState(false);
  useEffect(() => {
    setLeft(images ?? []);
    setFailures(new Map());
    setForce(false);
  }, [images]);

  const remove = async (): Promise<void> => {
    setIsBusy(true);
    const refused = new Map<string, ErrorShape>();
    for (const image of left) {
      try {
        await client.call('images.remove', { image: image.id, ...(force ? { force } : {}) });
      } catch (thrown) {
        const error = toErrorShape(thrown);
        if (error.code !== 'not-found') refused.set(image.id, error);
      }
    }
    setIsBusy(false);
    setFailures(refused);
    setLeft(left.filter((image) => refused.has(image.id)));
    if (refused.size === 0) onClose();
  };

  const canForce = [...failures.values()].some((error) => error.detail?.['forcible'] === true);
  const isRetry = failures.size > 0;
  const count = left.length === 1 ? 'the image' : `${left.length} images`;
  return (
    <Dialog
      open={images !== null}
      onClose={onClose}
      title={
        isRetry ? `${left.length === 1 ? 'One image' : `${left.length} images`} stayed` : `Remove ${count}?`
      }
      description={isRetry ? undefined : 'With all names. What a container uses stays.'}
      footer={
        <>
          <Button data-autofocus onClick={onClose}>
            {isRetry ? 'Close' : 'Cancel'}
          </Button>
          {(!isRetry || (canForce && force)) && (
            <Button variant="danger" loading={isBusy} onClick={() => void remove()}>
              {force ? 'Remove by force' : 'Remove'}
            </Button>
          )}
        </>
      }
    >
      <div className={styles.stack}>
        <ul className={styles.list} aria-label="Images to remove">
          {left.map((image) => (
            <RemovedRow key={image.id} image={image} failure={failures.get(image.id)} />
          ))}
        </ul>
        {canForce && (
          <Switch
            label="Also while stopped containers use them: those stay, without their image"
            checked={force}
            onChange={setForce}
          />
        )}
      </div>
    </Dialog>
  );
}

function RemovedRow({ image, failure }: { image: ImageSummary; failure: ErrorShape | undefined }) {
  const { tags, usedBy } = image;
  return (
    <li className={styles.item}>
      <span className={styles.name}>
        {tags.length === 0
          ? `${displayName(nameOfImage(image))} (untagged, ${shortId(image.id)})`
          : tags.map(displayName).join(', ')}
      </span>
      <span className={styles.size}>{formatBytes(image.sizeBytes)}</span>
      {failure !== undefined ? (
        <span className={styles.danger} role="alert">
          {displayName(failure.message)} {failure.hint}
        </span>
      ) : (
        usedBy.length > 0 && (
          <span className={styles.note}>Used by {usedBy.map(displayName).join(', ')}: it will stay.</span>
        )
      )}
    </li>
  );
}
