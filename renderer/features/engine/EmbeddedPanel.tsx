import { Copy, Play, Square } from 'lucide-react';
import { useState } from 'react';
import { toast } from 'sonner';
import type { EmbeddedStatus } from '#shared/domain/Engine.ts';
import { showError } from '../../app/showError.ts';
import { useWindowServices } from '../../app/WindowServices.ts';
import { Button } from '../../ui/Button.tsx';
import { IconButton } from '../../ui/IconButton.tsx';
import styles from './EnginePage.module.css';

/** Flotilla's own engine: one click to start and stop it, or the command that installs what it needs. */
export function EmbeddedPanel({
  status,
  onChange,
  isOffer = false,
}: {
  status: EmbeddedStatus;
  onChange?: (status: EmbeddedStatus) => void;
  /** Another engine is in use: this is no more than an offer. */
  isOffer?: boolean;
}) {
  const { client } = useWindowServices();
  const [busy, setBusy] = useState(false);
  const act = (name: 'engine.startEmbedded' | 'engine.stopEmbedded'): void => {
    setBusy(true);
    client
      .call(name, {})
      .then((next) => {
        if (next.state === 'failed') toast.error(next.reason.message, { description: next.reason.hint });
        onChange?.(next);
      }, showError)
      .finally(() => setBusy(false));
  };
  if (status.state === 'unsupported') return <p className={styles.muted}>{status.reason}</p>;
  if (status.state === 'missing') {
    return (
      <div className={styles.embedded}>
        <p className={styles.muted}>
          Neither Docker nor Podman is installed. On {status.distribution} this installs one:
        </p>
        <div className={styles.command}>
          <code>{status.installCommand}</code>
          <IconButton
            size="small"
            label="Copy the command"
            icon={<Copy size={13} />}
            onClick={() => void copy(status.installCommand)}
          />
        </div>
        <p className={styles.muted}>Flotilla notices by itself when it is there.</p>
      </div>
    );
  }
  const isStarting = status.state === 'starting' || (busy && status.state !== 'running');
  return (
    <div className={styles.embedded}>
      <p className={styles.muted}>
        {status.state === 'running'
          ? `${status.program} runs privately for Flotilla (process ${status.pid}). It goes on when the window is closed.`
          : status.state === 'failed'
            ? status.reason.message
            : `${status.program} is installed. Flotilla can run a private engine with it; everything it stores stays in Flotilla’s own folder.`}
      </p>
      {status.state === 'running' ? (
        <Button icon={<Square size={13} />} loading={busy} onClick={() => act('engine.stopEmbedded')}>
          Stop the private engine
        </Button>
      ) : (
        <Button
          variant={isOffer ? 'secondary' : 'primary'}
          icon={<Play size={13} />}
          loading={isStarting}
          onClick={() => act('engine.startEmbedded')}
        >
          {isStarting ? 'Starting…' : 'Start a private engine'}
        </Button>
      )}
    </div>
  );
}

async function copy(text: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
    toast.success('Copied');
  } catch {
    toast.error('The clipboard cannot be used here', {
      description: 'Select the command and copy it by hand.',
    });
  }
}
