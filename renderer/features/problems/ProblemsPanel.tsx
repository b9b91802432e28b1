import { CircleAlert, CircleCheck, FileCode, Info, TriangleAlert, WandSparkles } from 'lucide-react';
import { useState } from 'react';
import type { AppView } from '#shared/domain/AppView.ts';
import type { Diagnostic, Severity } from '#shared/domain/Diagnostic.ts';
import { projectFileKind } from '#shared/dockerfile/projectFileKind.ts';
import { Button } from '../../ui/Button.tsx';
import { EmptyState } from '../../ui/EmptyState.tsx';
import { displayName } from '../app/displayName.ts';
import { openInEditor } from '../dockerfile/editorFiles.ts';
import { excerptLines } from './excerptLines.ts';
import { groupDiagnostics } from './groupDiagnostics.ts';
import styles from './ProblemsPanel.module.css';
import { SourceExcerpt } from './SourceExcerpt.tsx';

interface ProblemsPanelProps {
  app: AppView;
  onFix: (diagnosticId: string, fixId: string) => Promise<unknown>;
  onFixAll: () => Promise<unknown>;
}

const ICONS = { error: CircleAlert, warning: TriangleAlert, info: Info };
const WORDS: Record<Severity, string> = { error: 'Error', warning: 'Warning', info: 'Note' };

/** What was found in the project's files, by file, each with what can be done about it. */
export function ProblemsPanel({ app, onFix, onFixAll }: ProblemsPanelProps) {
  const [busy, setBusy] = useState<string | null>(null);
  const { diagnostics } = app;
  const fixable = diagnostics.filter((diagnostic) => diagnostic.fixes.length > 0);

  const during = (what: string, work: Promise<unknown>) => {
    setBusy(what);
    void work.finally(() => setBusy(null));
  };

  if (diagnostics.length === 0) {
    return (
      <EmptyState compact icon={<CircleCheck size={20} />} title="No problems">
        {app.origin === 'engine'
          ? 'The folder of this app is not known, so its files were not read.'
          : 'The project’s files read well.'}
      </EmptyState>
    );
  }
  return (
    <section className={styles.panel} aria-label="Problems">
      <div className={styles.toolbar}>
        <span className={styles.summary}>{summary(diagnostics)}</span>
        {fixable.length > 1 ? (
          <Button
            size="small"
            variant="primary"
            icon={<WandSparkles size={13} />}
            loading={busy === 'all'}
            disabled={busy !== null && busy !== 'all'}
            onClick={() => during('all', onFixAll())}
          >
            Fix all
          </Button>
        ) : null}
      </div>
      <div className={styles.list}>
        {groupDiagnostics(diagnostics).map((group) => (
          <section
            key={group.file}
            className={styles.file}
            aria-label={`Problems in ${placeName(group.file, app)}`}
          >
            <h2 className={styles.fileName}>
              <FileCode size={13} aria-hidden />
              {placeName(group.file, app)}
              <span className={styles.fileCount}>{group.diagnostics.length}</span>
            </h2>
            {group.diagnostics.map((diagnostic) => (
              <Finding
                key={diagnostic.id}
                diagnostic={diagnostic}
                app={app}
                busy={busy}
                onFix={(fixId) => during(`${diagnostic.id}\n${fixId}`, onFix(diagnostic.id, fixId))}
              />
            ))}
          </section>
        ))}
      </div>
    </section>
  );
}

/** A problem of the folder itself is said to be in it by its name. */
const placeName = (file: string, app: AppView): string => displayName(file === '.' ? app.title : file);

interface FindingProps {
  diagnostic: Diagnostic;
  app: AppView;
  busy: string | null;
  onFix: (fixId: string) => void;
}

function Finding({ diagnostic, app, busy, onFix }: FindingProps) {
  const place = `${placeName(diagnostic.file, app)}${diagnostic.range ? `:${diagnostic.range.line}` : ''}`;
  const Icon = ICONS[diagnostic.severity];
  const lines = excerptLines(diagnostic);
  return (
    <article className={styles.finding} data-severity={diagnostic.severity} data-code={diagnostic.code}>
      <span className={styles.icon} role="img" aria-label={WORDS[diagnostic.severity]}>
        <Icon size={15} aria-hidden />
      </span>
      <div className={styles.words}>
        <div className={styles.head}>
          <span className={styles.message}>{displayName(diagnostic.message)}</span>
          {app.origin === 'folder' && projectFileKind(diagnostic.file, undefined) !== undefined ? (
            <button
              type="button"
              className={styles.place}
              title="Open in the editor"
              onClick={() => openInEditor(app.id, diagnostic.file, diagnostic.range?.line)}
            >
              {place}
            </button>
          ) : (
            diagnostic.file !== '.' && <span className={styles.place}>{place}</span>
          )}
        </div>
        <p className={styles.explanation}>{displayName(diagnostic.explanation)}</p>
        {lines.length > 0 ? (
          <SourceExcerpt lines={lines} label={`Excerpt of ${displayName(diagnostic.file)}`} />
        ) : null}
        {diagnostic.fixes.length > 0 ? (
          <div className={styles.fixes}>
            {diagnostic.fixes.length > 1 ? <span className={styles.choose}>Choose a fix:</span> : null}
            {diagnostic.fixes.map((fix) => (
              <Button
                key={fix.id}
                size="small"
                loading={busy === `${diagnostic.id}\n${fix.id}`}
                disabled={busy !== null && busy !== `${diagnostic.id}\n${fix.id}`}
                onClick={() => onFix(fix.id)}
              >
                {displayName(fix.title)}
              </Button>
            ))}
          </div>
        ) : null}
      </div>
    </article>
  );
}

function summary(diagnostics: readonly Diagnostic[]): string {
  const count = (severity: Severity) =>
    diagnostics.filter((diagnostic) => diagnostic.severity === severity).length;
  const part = (number: number, one: string, many: string) =>
    number === 0 ? [] : [`${number} ${number === 1 ? one : many}`];
  return [
    ...part(count('error'), 'error', 'errors'),
    ...part(count('warning'), 'warning', 'warnings'),
    ...part(count('info'), 'note', 'notes'),
  ].join(' · ');
}
