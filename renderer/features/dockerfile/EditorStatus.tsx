import type { Severity } from '#shared/domain/Diagnostic.ts';
import type { ProjectFile, ProjectFileKind } from '#shared/domain/ProjectFile.ts';
import { Kbd } from '../../ui/Kbd.tsx';
import styles from './DockerfileEditor.module.css';

interface EditorStatusProps {
  /** The text is described by this line. */
  id: string;
  mode: 'edit' | 'review' | 'compare';
  /** Undefined where nothing is looked for. */
  findings: Record<Severity, number> | undefined;
  file: ProjectFile | undefined;
  kind: ProjectFileKind;
  /** What `mod+s` does while the text is edited. */
  saveLabel?: string;
}

/** The line below the text: what was found, how the file is written, and which keys there are. */
export function EditorStatus({ id, mode, findings, file, kind, saveLabel = 'review' }: EditorStatusProps) {
  return (
    <div className={styles.status}>
      <span className={styles.facts}>
        {mode === 'edit' && findings !== undefined ? (
          <span data-testid="editor-findings">{findingWords(findings)}</span>
        ) : null}
        {file === undefined ? null : file.exists ? (
          <>
            {file.lineEnds === 'lf' ? null : (
              <span>{file.lineEnds === 'crlf' ? 'CRLF' : 'mixed line ends'}</span>
            )}
            {file.bom ? <span>with byte order mark</span> : null}
          </>
        ) : (
          <span>not on disk yet</span>
        )}
      </span>
      <span className={styles.keys} id={id}>
        {mode === 'edit' ? (
          <>
            <Key keys="escape" then="Tab" label="leaves the text" />
            {kind === 'ignore' ? null : <Key keys="F8" label="next problem" />}
            {kind === 'dockerfile' ? (
              <>
                <Key keys="mod+." label="fix" />
                <Key keys="F1" label="explain" />
                <Key keys="ctrl+space" label="complete" />
              </>
            ) : null}
            <Key keys="mod+s" label={saveLabel} />
          </>
        ) : mode === 'review' ? (
          <Key keys="mod+s" label="write" />
        ) : null}
      </span>
    </div>
  );
}

function Key({ keys, then, label }: { keys: string; then?: string; label: string }) {
  return (
    <span className={styles.key}>
      <Kbd keys={keys} />
      {then === undefined ? null : <Kbd keys={then} />} {label}
    </span>
  );
}

function findingWords(findings: Record<Severity, number>): string {
  const part = (number: number, one: string, many: string): string[] =>
    number === 0 ? [] : [`${number} ${number === 1 ? one : many}`];
  const words = [
    ...part(findings.error, 'error', 'errors'),
    ...part(findings.warning, 'warning', 'warnings'),
    ...part(findings.info, 'note', 'notes'),
  ];
  return words.length === 0 ? 'No problems' : words.join(' · ');
}
