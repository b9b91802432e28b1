import { PackageOpen, RefreshCw } from 'lucide-react';
import type { Client } from '#shared/contract/Client.ts';
import { Banner } from '../../ui/Banner.tsx';
import { Button } from '../../ui/Button.tsx';
import { Dialog } from '../../ui/Dialog.tsx';
import { EmptyState } from '../../ui/EmptyState.tsx';
import { Spinner } from '../../ui/Spinner.tsx';
import { displayName } from '../app/displayName.ts';
import { ContextSummary } from './ContextSummary.tsx';
import styles from './ContextPreviewDialog.module.css';
import { HeaviestPaths } from './HeaviestPaths.tsx';
import { LeftOutNotice } from './LeftOutNotice.tsx';
import { SkippedEntries } from './SkippedEntries.tsx';
import { useContextPreview } from './useContextPreview.ts';

interface ContextPreviewDialogProps {
  client: Client;
  appId: string;
  service: string;
  open: boolean;
  onClose: () => void;
}

/** What a service's build sends to the engine, what weighs most of it, and one press to leave that out. */
export function ContextPreviewDialog({ client, appId, service, open, onClose }: ContextPreviewDialogProps) {
  const { preview, error, isReading, ignoring, leftOut, read, ignore, undo } = useContextPreview(
    client,
    appId,
    service,
    open,
  );
  const problem = preview?.problem;
  return (
    <Dialog
      open={open}
      onClose={onClose}
      size="large"
      title={`Build context of ${displayName(service)}`}
      description="The files that a build sends to the engine before it begins."
      data-testid="context-preview"
      footer={
        <>
          <LeftOutNotice leftOut={leftOut} isBusy={ignoring !== undefined} onUndo={undo} />
          <Button icon={<RefreshCw size={14} />} loading={isReading} onClick={read}>
            Read again
          </Button>
          <Button variant="primary" data-autofocus onClick={onClose}>
            Done
          </Button>
        </>
      }
    >
      <div className={styles.stack} aria-busy={isReading}>
        {error !== undefined && (
          <Banner tone="error" title={error.message}>
            {error.hint}
          </Banner>
        )}
        {problem !== undefined && (
          <Banner tone={problem.code === 'too-large' ? 'warn' : 'error'} title={displayName(problem.message)}>
            {problem.hint}
          </Banner>
        )}
        {preview === undefined && error === undefined && (
          <div className={styles.waiting}>
            <Spinner label="Reading the folder" />
          </div>
        )}
        {preview !== undefined && preview.files > 0 && (
          <>
            <ContextSummary preview={preview} />
            <HeaviestPaths
              preview={preview}
              ignoring={ignoring}
              restorable={leftOut?.path}
              onIgnore={ignore}
            />
          </>
        )}
        {preview !== undefined && preview.files === 0 && problem === undefined && (
          <EmptyState compact icon={<PackageOpen size={20} />} title="Nothing is sent">
            {preview.ignoreFile === undefined
              ? 'The folder holds no files.'
              : `${displayName(preview.ignoreFile)} leaves everything out.`}
          </EmptyState>
        )}
        {preview !== undefined && preview.skipped.length > 0 && <SkippedEntries skipped={preview.skipped} />}
      </div>
    </Dialog>
  );
}
