import { useEffect, useId, useRef, useState } from 'react';
import { type ErrorShape, toErrorShape } from '#shared/contract/errors.ts';
import type { ImageSummary } from '#shared/domain/Image.ts';
import { formatReference, parseReference, referenceProblem } from '#shared/image/parseReference.ts';
import { useWindowServices } from '../../app/WindowServices.ts';
import { Banner } from '../../ui/Banner.tsx';
import { Button } from '../../ui/Button.tsx';
import { Dialog } from '../../ui/Dialog.tsx';
import { displayName } from '../app/displayName.ts';
import styles from './dialogs.module.css';
import { nameOfImage } from './imageRows.ts';
import { useImages } from './imagesStore.ts';
import { NameOwnerNotice } from './NameOwnerNotice.tsx';
import { ReferenceForm } from './ReferenceForm.tsx';

/** Gives an image one more name. A name that another image has moves only by a press that says so. */
export function TagDialog({ image, onClose }: { image: ImageSummary | null; onClose: () => void }) {
  const { client } = useWindowServices();
  const form = useId();
  const move = useRef<HTMLButtonElement>(null);
  const [reference, setReference] = useState('');
  const [isBusy, setIsBusy] = useState(false);
  const [error, setError] = useState<ErrorShape | null>(null);
  /** What the engine said of a name that our list did not know to be taken. */
  const [told, setTold] = useState<{ reference: string; owner: ImageSummary } | null>(null);
  const images = useImages((store) => store.images);
  useEffect(() => {
    setReference(image?.tags[0] ?? '');
    setError(null);
    setTold(null);
    // oxlint-disable-next-line react/exhaustive-deps -- only another image begins anew
  }, [image?.id]);
  const wanted = reference.trim();
  const known = ownerOf(wanted, images?.values() ?? []);
  const owner = known ?? (told?.reference === wanted ? told.owner : undefined);
  const isTaken = owner !== undefined && owner.id !== image?.id;

  const tag = (name: string, replace: boolean): void => {
    if (image === null) return;
    setIsBusy(true);
    setError(null);
    client
      .call('images.tag', { image: image.id, reference: name, ...(replace ? { replace } : {}) })
      .then(onClose, (thrown: unknown) => {
        const shape = toErrorShape(thrown);
        const holder = shape.detail?.['owner'] as ImageSummary | undefined;
        if (shape.code === 'conflict' && holder !== undefined) setTold({ reference: name, owner: holder });
        else setError(shape);
      })
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
          {isTaken ? (
            <Button ref={move} variant="danger" loading={isBusy} onClick={() => tag(wanted, true)}>
              Move the name
            </Button>
          ) : (
            <Button variant="primary" type="submit" form={form} loading={isBusy}>
              Tag
            </Button>
          )}
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
          onSubmit={(name) => {
            // Enter in the field asks; only the button, which says what it does, takes a name from another image.
            if (isTaken) move.current?.focus();
            else tag(name, false);
          }}
        />
        {isTaken && <NameOwnerNotice name={wanted} owner={owner} />}
        {owner !== undefined && !isTaken && <p className={styles.muted}>The image has this name already.</p>}
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
