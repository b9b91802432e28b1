import { useEffect, useState } from 'react';
import type { ImageSummary } from '#shared/domain/Image.ts';
import { DOCKER_HUB, parseReference, referenceProblem } from '#shared/image/parseReference.ts';
import { useWindowServices } from '../../app/WindowServices.ts';
import { Button } from '../../ui/Button.tsx';
import { Dialog } from '../../ui/Dialog.tsx';
import { Select } from '../../ui/Select.tsx';
import { displayName } from '../app/displayName.ts';
import styles from './dialogs.module.css';
import { TransferItem } from './TransferItem.tsx';
import { startTransfer, useTransfers } from './transfersStore.ts';

/** Says where a push goes before it goes, then shows the layers go. Closing it does not stop the push. */
export function PushDialog({ image, onClose }: { image: ImageSummary | null; onClose: () => void }) {
  const { client } = useWindowServices();
  const [tag, setTag] = useState('');
  const [id, setId] = useState<number | null>(null);
  const transfer = useTransfers(({ transfers }) => transfers.find((candidate) => candidate.id === id));
  const tags = image?.tags ?? [];
  useEffect(() => {
    // A name with a registry is the likelier wish.
    setTag(image?.tags.find((candidate) => registryOf(candidate) !== DOCKER_HUB) ?? image?.tags[0] ?? '');
    setId(null);
    // oxlint-disable-next-line react/exhaustive-deps -- only another image begins anew
  }, [image?.id]);
  const registry = registryOf(tag);
  return (
    <Dialog
      open={image !== null}
      onClose={onClose}
      title="Push the image"
      footer={
        transfer === undefined ? (
          <>
            <Button onClick={onClose}>Cancel</Button>
            <Button
              variant="primary"
              data-autofocus
              disabled={registry === undefined}
              onClick={() => setId(startTransfer(client, 'push', tag))}
            >
              Push
            </Button>
          </>
        ) : (
          <Button variant="primary" data-autofocus onClick={onClose}>
            {transfer.state === 'running' ? 'Go on in the background' : 'Close'}
          </Button>
        )
      }
    >
      {transfer === undefined ? (
        <div className={styles.stack}>
          <Select
            label="Name"
            value={tag}
            onChange={setTag}
            options={tags.map((name) => ({ value: name, label: displayName(name) }))}
          />
          <p className={styles.muted}>
            It goes to <strong>{registry === DOCKER_HUB ? 'Docker Hub' : displayName(registry ?? '')}</strong>
            , with the sign-in of docker’s own configuration.
            {registry === DOCKER_HUB && ' For another registry, tag it with that registry’s name first.'}
          </p>
        </div>
      ) : (
        <TransferItem transfer={transfer} alwaysOpen />
      )}
    </Dialog>
  );
}

function registryOf(tag: string): string | undefined {
  return referenceProblem(tag) === undefined ? parseReference(tag).registry : undefined;
}
