import { Copy, FilePen } from 'lucide-react';
import type { BuildFailure } from '#shared/domain/Build.ts';
import { Button } from '../../../ui/Button.tsx';
import { CodeText } from '../../../ui/CodeText.tsx';
import { displayName } from '../../app/displayName.ts';
import { SourceExcerpt } from '../../problems/SourceExcerpt.tsx';
import { copyText } from './copyText.ts';
import styles from './FailureCard.module.css';

interface FailureCardProps {
  failure: BuildFailure;
  openFile: ((file: string, line: number | undefined) => void) | undefined;
}

/** Why a build failed, at its line, with the likely cause and what to do. */
export function FailureCard({ failure, openFile }: FailureCardProps) {
  const { file, line, message, hint, excerpt } = failure;
  const place = file === undefined ? undefined : `${file}${line === undefined ? '' : `:${line}`}`;
  return (
    <div className={styles.failure} role="alert">
      <div className={styles.head}>
        <span className={styles.message}>
          <CodeText text={displayName(message)} />
        </span>
        {place === undefined ? null : <span className={styles.place}>{displayName(place)}</span>}
      </div>
      {excerpt && excerpt.length > 0 ? (
        <SourceExcerpt
          label={`Excerpt of ${displayName(file ?? 'Dockerfile')}`}
          lines={excerpt.map((row) => ({
            ...row,
            ...(row.line === line ? { mark: { from: 0, to: row.text.length } } : {}),
          }))}
        />
      ) : null}
      {hint ? (
        <p className={styles.hint}>
          <CodeText text={displayName(hint)} />
        </p>
      ) : null}
      <div className={styles.actions}>
        {file !== undefined && openFile ? (
          <Button size="small" icon={<FilePen size={13} />} onClick={() => openFile(file, line)}>
            Open in editor
          </Button>
        ) : null}
        <Button
          size="small"
          icon={<Copy size={12} />}
          onClick={() => copyText(failureText(failure, place), 'Error copied')}
        >
          Copy
        </Button>
      </div>
    </div>
  );
}

function failureText({ message, hint, excerpt, line }: BuildFailure, place: string | undefined): string {
  const rows = (excerpt ?? []).map((row) => `${row.line === line ? '>' : ' '} ${row.line}  ${row.text}`);
  return [
    `${place === undefined ? '' : `${place}: `}${message}`,
    ...(hint === undefined ? [] : [hint]),
    ...rows,
  ].join('\n');
}
