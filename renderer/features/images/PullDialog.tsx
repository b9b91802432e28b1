import { useEffect, useId, useState } from 'react';
import { useWindowServices } from '../../app/WindowServices.ts';
import { Button } from '../../ui/Button.tsx';
import { Dialog } from '../../ui/Dialog.tsx';
import { ReferenceForm } from './ReferenceForm.tsx';
import { TransferItem } from './TransferItem.tsx';
import { startTransfer, useTransfers } from './transfersStore.ts';

/** Asks which image, then shows its layers come. Closing it does not stop the pull. */
export function PullDialog({ open, onClose }: { open: boolean; onClose: () => void }) {
  const { client } = useWindowServices();
  const form = useId();
  const [reference, setReference] = useState('');
  const [id, setId] = useState<number | null>(null);
  const transfer = useTransfers(({ transfers }) => transfers.find((candidate) => candidate.id === id));
  useEffect(() => {
    if (open) return;
    setReference('');
    setId(null);
  }, [open]);
  const isRunning = transfer?.state === 'running';
  return (
    <Dialog
      open={open}
      onClose={onClose}
      title="Pull an image"
      description={
        transfer === undefined
          ? 'From Docker Hub, or from the registry that its name begins with.'
          : undefined
      }
      footer={
        transfer === undefined ? (
          <>
            <Button onClick={onClose}>Cancel</Button>
            <Button variant="primary" type="submit" form={form}>
              Pull
            </Button>
          </>
        ) : (
          <>
            {!isRunning && <Button onClick={() => setId(null)}>Pull another</Button>}
            <Button variant="primary" data-autofocus onClick={onClose}>
              {isRunning ? 'Go on in the background' : 'Close'}
            </Button>
          </>
        )
      }
    >
      {transfer === undefined ? (
        <ReferenceForm
          id={form}
          label="Image"
          hint="As in python:3.11-slim or registry.example.org/team/solver:2"
          value={reference}
          onChange={setReference}
          onSubmit={(wanted) => setId(startTransfer(client, 'pull', wanted))}
        />
      ) : (
        <TransferItem transfer={transfer} alwaysOpen />
      )}
    </Dialog>
  );
}
