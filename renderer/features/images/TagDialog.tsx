import { useEffect, useId, useState } from 'react';
import { type ErrorShape, toErrorShape } from '#shared/contract/errors.ts';
import type { ImageSummary } from '#shared/domain/Image.ts';
import { formatReference, parseReference, referenceProblem } from '#shared/image/parseReference.ts';
import { useWindowServices } from '../../app/WindowServices.ts';
import { Banner } from '../../ui/Banner.tsx';
import { Button } from '../../ui/Button.tsx';
import { Dialog } from '../../ui/Dialog.tsx';
import { displayName } from '../app/displayName.ts';
import styles from './dialogs.module.css';
import { nameOfImage, shortId } from './imageRows.ts';
import { useImages } from './imagesStore.ts';
import { ReferenceForm } from './ReferenceForm.tsx';

/** Gives an image one more name. Says before when another image would lose that name. */
export function TagDialog({ image, onClose }: { image: ImageSummary | null; onClose: () => void }) {
  const { client } = useWindowServices();
  const form = useId();
  const [reference, setReference] = useState('');
  const [isBusy, setIsBusy] = useState(false);
  const [error, setError] = useState<ErrorShape | null>(null);
  const images = useImages((store) => store.images);
  useEffect(() => {
    setReference(image?.tags[0] ?? '');
    setError(null);
    // oxlint-disable-next-line react/exhaustive-deps -- only another image begins anew
  }, [image?.id]);
  const owner = ownerOf(reference.trim(), images?.values() ?? []);
  const tag = (wanted: string): void => {
    if (image === null) return;
    setIsBusy(true);
    client
      .call('images.tag', { image: image.id, reference: wanted })
      .then(onClose, (thrown: unknown) => setError(toErrorShape(thrown)))
      .finally(() => setIsBusy(false));
  };
  return (
    <Dialog
      open={image !== null}
      onClose={onClose}
      title="Tag the image"
      description={image === null ? undefined : `One more name for ${displayName(nameOfImage(image))}.`}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button variant="primary" type="submit" form={form} loading={isBusy}>
            Tag
          </Button>
        </>
      }
    >
      <div className={styles.stack}>
        <ReferenceForm
          id={form}
          label="New name"
          hint="With the registry first where it is to be pushed, as in registry.example.org/team/solver:2"
          value={reference}
          onChange={setReference}
          onSubmit={tag}
        />
        {owner !== undefined && owner.id !== image?.id && (
          <Banner
            tone="warn"
            title={`${displayName(reference.trim())} names another image now (${shortId(owner.id)}).`}
          >
            It moves to this one; the other keeps its other names.
          </Banner>
        )}
        {owner !== undefined && owner.id === image?.id && (
          <p className={styles.muted}>The image has this name already.</p>
        )}
        {error !== null && (
          <Banner tone="error" title={error.message}>
            {error.hint}
          </Banner>
        )}
      </div>
    </Dialog>
  );
}

/** The image that has this name now. */
function ownerOf(reference: string, images: Iterable<ImageSummary>): ImageSummary | undefined {
  if (referenceProblem(reference) !== undefined) return undefined;
  const name = formatReference(parseReference(reference));
  for (const image of images) if (image.tags.includes(name)) return image;
  return undefined;
}
