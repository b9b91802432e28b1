import { useEffect, useState } from 'react';
import type { Client } from '#shared/contract/Client.ts';
import { toErrorShape } from '#shared/contract/errors.ts';
import type { ResultPreview } from '#shared/domain/Run.ts';
import { Spinner } from '../../../ui/Spinner.tsx';
import { displayName } from '../../app/displayName.ts';
import { formatBytes } from '../../build/formatBytes.ts';
import styles from './ResultBrowser.module.css';

interface ResultPreviewPaneProps {
  client: Client;
  runId: string;
  worker: string;
  path: string;
}

/** The beginning of a file: text, a table, or a picture. */
export function ResultPreviewPane({ client, runId, worker, path }: ResultPreviewPaneProps) {
  const [answer, setAnswer] = useState<{ preview?: ResultPreview; problem?: string }>({});
  useEffect(() => {
    let stale = false;
    setAnswer({});
    client.call('runs.preview', { id: runId, worker, path }).then(
      (preview) => stale || setAnswer({ preview }),
      (error: unknown) => stale || setAnswer({ problem: toErrorShape(error).message }),
    );
    return () => {
      stale = true;
    };
  }, [client, runId, worker, path]);
  const { preview, problem } = answer;
  return (
    <section className={styles.preview} aria-label="Preview">
      {preview === undefined ? (
        problem === undefined ? (
          <Spinner label="Reading the file" />
        ) : (
          <p className={styles.hint}>{problem}</p>
        )
      ) : (
        <>
          <div className={styles.previewFacts}>
            <span>{formatBytes(preview.size)}</span>
            {preview.sha256 === undefined ? null : (
              <span title={preview.sha256}>
                SHA-256 <code>{preview.sha256.slice(0, 16)}</code>
              </span>
            )}
            {'truncated' in preview && preview.truncated ? <span>only its beginning</span> : null}
          </div>
          <div
            className={styles.content}
            tabIndex={0}
            role="group"
            aria-label={`Beginning of ${displayName(path)}`}
          >
            <Content preview={preview} path={path} />
          </div>
        </>
      )}
    </section>
  );
}

function Content({ preview, path }: { preview: ResultPreview; path: string }) {
  switch (preview.kind) {
    case 'text':
      return <pre>{preview.text}</pre>;
    case 'image':
      return <img src={preview.url} alt={displayName(path)} />;
    case 'none':
      return <p className={styles.hint}>{preview.reason}</p>;
    case 'table': {
      const [head = [], ...rows] = preview.rows;
      return (
        <table>
          <thead>
            <tr>
              {head.map((cell, index) => (
                <th key={index} scope="col">
                  {displayName(cell)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((row, index) => (
              <tr key={index}>
                {row.map((cell, column) => (
                  <td key={column}>{displayName(cell)}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      );
    }
  }
}
