import {
  ArrowDownToLine,
  ArrowUpFromLine,
  ChevronDown,
  ChevronRight,
  CircleAlert,
  CircleCheck,
  X,
} from 'lucide-react';
import { useState } from 'react';
import { transferProgress } from '#shared/image/transferProgress.ts';
import { useWindowServices } from '../../app/WindowServices.ts';
import { Button } from '../../ui/Button.tsx';
import { IconButton } from '../../ui/IconButton.tsx';
import { ProgressBar } from '../../ui/ProgressBar.tsx';
import { displayName } from '../app/displayName.ts';
import { formatBytes } from '../build/formatBytes.ts';
import styles from './TransferItem.module.css';
import { TransferLayers } from './TransferLayers.tsx';
import { cancelTransfer, dismissTransfer, startTransfer, type Transfer } from './transfersStore.ts';

/** One pull or push: how far it is, or how it ended; its layers on demand. */
export function TransferItem({ transfer, alwaysOpen = false }: { transfer: Transfer; alwaysOpen?: boolean }) {
  const { client } = useWindowServices();
  const [isOpen, setIsOpen] = useState(false);
  const { id, state, view, error } = transfer;
  const reference = displayName(view.reference);
  const { share } = transferProgress(view);
  const isRunning = state === 'running';
  const canOpen = view.layers.length > 0 && !alwaysOpen;
  const Icon =
    state === 'failed'
      ? CircleAlert
      : state === 'done'
        ? CircleCheck
        : view.direction === 'pull'
          ? ArrowDownToLine
          : ArrowUpFromLine;
  return (
    <div className={styles.item} data-transfer={view.reference} data-state={state}>
      <div className={styles.line}>
        <Icon size={15} className={styles.icon} aria-hidden />
        <div className={styles.text}>
          <span className={styles.reference} title={reference}>
            {reference}
          </span>
          <span className={styles.status} role="status">
            {statusText(transfer)}
          </span>
        </div>
        {canOpen && (
          <IconButton
            size="small"
            label={isOpen ? `Hide the layers of ${reference}` : `Show the layers of ${reference}`}
            aria-expanded={isOpen}
            icon={isOpen ? <ChevronDown size={14} /> : <ChevronRight size={14} />}
            onClick={() => setIsOpen(!isOpen)}
          />
        )}
        {(state === 'failed' || state === 'cancelled') && (
          <Button size="small" onClick={() => startTransfer(client, view.direction, view.reference)}>
            Try again
          </Button>
        )}
        {isRunning ? (
          <Button size="small" onClick={() => cancelTransfer(id)}>
            Cancel
          </Button>
        ) : (
          !alwaysOpen && (
            <IconButton
              size="small"
              label={`Dismiss ${reference}`}
              icon={<X size={14} />}
              onClick={() => dismissTransfer(id)}
            />
          )
        )}
      </div>
      {isRunning && (
        <ProgressBar
          label={`${view.direction === 'pull' ? 'Pulling' : 'Pushing'} ${reference}`}
          {...(share === undefined ? {} : { value: share })}
        />
      )}
      {error !== undefined && (
        <div className={styles.error} role="alert">
          <p>{displayName(error.message)}</p>
          {error.hint !== undefined && <p className={styles.hint}>{displayName(error.hint)}</p>}
        </div>
      )}
      {view.layers.length > 0 && (alwaysOpen || isOpen) && <TransferLayers view={view} />}
    </div>
  );
}

function statusText({ state, view }: Transfer): string {
  if (state === 'cancelled') return 'Cancelled';
  if (state === 'failed') return view.direction === 'pull' ? 'Not pulled' : 'Not pushed';
  if (state === 'done') {
    const { digest, sizeBytes } = view.result ?? {};
    const facts = [
      view.status,
      sizeBytes === undefined ? '' : formatBytes(sizeBytes),
      digest === undefined ? '' : digest.slice(0, 'sha256:'.length + 12),
    ];
    return facts.filter(Boolean).join(' · ');
  }
  const { layers, layersDone, share } = transferProgress(view);
  const status = displayName(view.status);
  return share === undefined
    ? status
    : `${status} · ${layersDone} of ${layers} layers · ${Math.floor(share * 100)} %`;
}
