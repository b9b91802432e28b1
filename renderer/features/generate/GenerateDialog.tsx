import type { Client } from '#shared/contract/Client.ts';
import type { AppView } from '#shared/domain/AppView.ts';
import { Dialog } from '../../ui/Dialog.tsx';
import { displayName } from '../app/displayName.ts';
import { GenerateForm } from './GenerateForm.tsx';
import styles from './GenerateDialog.module.css';
import { closeGenerate, useGenerate } from './generateStore.ts';

interface GenerateDialogProps {
  app: AppView;
  client: Client;
  /** An engine answers, so that what was written can be built. */
  engineReady: boolean;
  onBuild: () => void;
}

/** Proposes a Dockerfile, an ignore file and a compose file for an app's folder, and writes them. */
export function GenerateDialog({ app, client, engineReady, onBuild }: GenerateDialogProps) {
  const open = useGenerate((store) => store.appId === app.id);
  const isWritten = useGenerate((store) => store.written !== undefined);
  const title = displayName(app.title);
  return (
    <Dialog
      open={open}
      onClose={closeGenerate}
      title="Generate a Dockerfile"
      description={isWritten ? `For ${title}.` : `For ${title}. Nothing is written before you say so.`}
      size="wide"
      bodyClassName={styles.body}
    >
      {open && <GenerateForm app={app} client={client} engineReady={engineReady} onBuild={onBuild} />}
    </Dialog>
  );
}
