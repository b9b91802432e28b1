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
import { isNamedById, nameOfImage, shortId } from './imageRows.ts';
import { useImages } from './imagesStore.ts';

interface RemoveDialogProps {
  /** Null: closed. Which they are stands as it was when the dialog was asked for. */
  images: readonly ImageSummary[] | null;
  onClose: () => void;
}

/** Lists what would go, removes one after the other, and says of each that stayed why. */
export function RemoveDialog({ images, onClose }: RemoveDialogProps) {
  const { client } = useWindowServices();
  const [asked, setLeft] = useState<readonly ImageSummary[]>([]);
  const present = useImages((store) => store.images);
  /** With the containers that use them now: one may have gone, or come, since. */
  const left = asked.map((image) => present?.get(image.id) ?? image);
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
      // Of these the list said that they stay.
      if (!force && failures.size === 0 && image.usedBy.length > 0) continue;
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

  const isRetry = failures.size > 0;
  const used = left.filter(({ usedBy }) => usedBy.length > 0);
  const canForce = isRetry
    ? [...failures.values()].some((error) => error.detail?.['forcible'] === true)
    : used.length > 0;
  /** Those that go, as far as is known. */
  const going = force ? left.length : left.length - used.length;
  return (
    <Dialog
      open={images !== null}
      onClose={onClose}
      title={
        isRetry
          ? `${left.length === 1 ? 'One image' : `${left.length} images`} stayed`
          : going === 0
            ? `${left.length === 1 ? 'The image is' : 'All of these images are'} in use`
            : `Remove ${going === 1 ? (left.length === 1 ? 'the image' : 'one image') : `${going} images`}?`
      }
      description={isRetry || going === 0 ? undefined : 'An image goes with all its names.'}
      footer={
        <>
          <Button data-autofocus onClick={onClose}>
            {isRetry ? 'Close' : 'Cancel'}
          </Button>
          {(!isRetry || (canForce && force)) && (
            <Button variant="danger" disabled={going === 0} loading={isBusy} onClick={() => void remove()}>
              {force ? 'Remove by force' : 'Remove'}
            </Button>
          )}
        </>
      }
    >
      <div className={styles.stack}>
        <ul className={styles.list} aria-label="Images to remove">
          {left.map((image) => (
            <RemovedRow key={image.id} image={image} failure={failures.get(image.id)} force={force} />
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

function RemovedRow(props: { image: ImageSummary; failure: ErrorShape | undefined; force: boolean }) {
  const { image, failure, force } = props;
  const { tags, usedBy } = image;
  return (
    <li className={styles.item}>
      <span className={styles.name}>
        {tags.length === 0
          ? `${displayName(nameOfImage(image))} (untagged${isNamedById(image) ? '' : `, ${shortId(image.id)}`})`
          : tags.map(displayName).join(', ')}
      </span>
      <span className={styles.size}>{formatBytes(image.sizeBytes)}</span>
      {failure !== undefined ? (
        <span className={styles.danger} role="alert">
          {displayName(failure.message)} {failure.hint}
        </span>
      ) : (
        usedBy.length > 0 && (
          <span className={styles.note}>
            Used by {usedBy.map(displayName).join(', ')}: {stayWords(usedBy.length, force)}
          </span>
        )
      )}
    </li>
  );
}

function stayWords(containers: number, force: boolean): string {
  if (force) return containers === 1 ? 'it goes unless that runs.' : 'it goes unless one of them runs.';
  return `it stays until ${containers === 1 ? 'that container is' : 'those containers are'} removed.`;
}
