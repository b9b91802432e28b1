import { useEffect, useRef, useState } from 'react';
import type { Client } from '#shared/contract/Client.ts';
import type { RunExportProgress, RunRecord } from '#shared/domain/Run.ts';
import { Banner } from '../../ui/Banner.tsx';
import { Button } from '../../ui/Button.tsx';
import { Dialog } from '../../ui/Dialog.tsx';
import { ProgressBar } from '../../ui/ProgressBar.tsx';
import { Select } from '../../ui/Select.tsx';
import { TextField } from '../../ui/TextField.tsx';
import { displayName } from '../app/displayName.ts';
import { formatBytes } from '../build/formatBytes.ts';
import styles from './ExportDialog.module.css';

type Format = 'folder' | 'tar';

interface ExportDialogProps {
  client: Client;
  record: RunRecord;
  onClose: () => void;
}

/** Copies a run to a place of one's own. Closing it breaks the copying off. */
export function ExportDialog({ client, record: { summary }, onClose }: ExportDialogProps) {
  const [format, setFormat] = useState<Format>('tar');
  const [path, setPath] = useState('');
  const [progress, setProgress] = useState<RunExportProgress>();
  const [problem, setProblem] = useState<string>();
  const stream = useRef<{ close(): void }>(undefined);
  const isGoing = progress !== undefined && progress.done === undefined && problem === undefined;
  useEffect(() => {
    let stale = false;
    client.call('app.info', {}).then(
      ({ homeDirectory }) =>
        stale || setPath((before) => before || `${homeDirectory}/${summary.title}-${summary.id}.tar`),
      () => undefined,
    );
    return () => {
      stale = true;
      stream.current?.close();
    };
  }, [client, summary.id, summary.title]);
  const start = (): void => {
    if (isGoing || path === '') return;
    setProblem(undefined);
    setProgress({ bytes: 0, totalBytes: 0 });
    stream.current = client.stream(
      'runExport',
      { id: summary.id, path, format },
      {
        onBatch: (items) => setProgress(items.at(-1)),
        onEnd: (error) => {
          if (error !== undefined) setProblem(`${error.message} ${error.hint ?? ''}`.trim());
        },
      },
    );
  };
  const choose = (next: Format): void => {
    setFormat(next);
    setPath((before) =>
      next === 'tar' ? `${before.replace(/\.tar$/, '')}.tar` : before.replace(/\.tar$/, ''),
    );
  };
  return (
    <Dialog
      open
      onClose={onClose}
      title="Export the run"
      description="Its record, compose file, log and results, with the hashes of all files."
      footer={
        progress?.done === undefined ? (
          <>
            <Button onClick={onClose}>Cancel</Button>
            <Button variant="primary" loading={isGoing} disabled={path === ''} onClick={start}>
              Export
            </Button>
          </>
        ) : (
          <Button variant="primary" onClick={onClose}>
            Close
          </Button>
        )
      }
    >
      <form
        className={styles.form}
        onSubmit={(event) => {
          event.preventDefault();
          start();
        }}
      >
        <Select<Format>
          label="As"
          value={format}
          onChange={choose}
          options={[
            { value: 'tar', label: 'a tar archive' },
            { value: 'folder', label: 'a folder' },
          ]}
        />
        <TextField label="To" value={path} onChange={setPath} disabled={isGoing} data-autofocus />
        {problem === undefined ? null : (
          <Banner tone="error" title="It could not be exported">
            {problem}
          </Banner>
        )}
        {progress?.done !== undefined ? (
          <Banner title="Exported">{displayName(progress.done)}</Banner>
        ) : isGoing ? (
          <div className={styles.progress}>
            <ProgressBar label="Exported" value={progress.bytes} max={Math.max(1, progress.totalBytes)} />
            <span>
              {formatBytes(progress.bytes)} of {formatBytes(progress.totalBytes)}
            </span>
          </div>
        ) : null}
      </form>
    </Dialog>
  );
}
