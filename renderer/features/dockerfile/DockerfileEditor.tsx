import { useEffect, useEffectEvent, useMemo, useRef, useState } from 'react';
import { FileX } from 'lucide-react';
import { toast } from 'sonner';
import type { Client } from '#shared/contract/Client.ts';
import { applyEdits } from '#shared/compose/applyEdits.ts';
import type { AppView } from '#shared/domain/AppView.ts';
import type { Severity, TextEdit } from '#shared/domain/Diagnostic.ts';
import { Badge } from '../../ui/Badge.tsx';
import { Banner } from '../../ui/Banner.tsx';
import { EmptyState } from '../../ui/EmptyState.tsx';
import { Spinner } from '../../ui/Spinner.tsx';
import { Tabs } from '../../ui/Tabs.tsx';
import { displayName } from '../app/displayName.ts';
import styles from './DockerfileEditor.module.css';
import { CodeEditor, type CodeEditorHandle } from './editor/CodeEditor.tsx';
import { DiffView } from './editor/DiffView.tsx';
import { ConflictBanner } from './ConflictBanner.tsx';
import { EditorActions } from './EditorActions.tsx';
import {
  changedPaths,
  chooseFile,
  type EditorTarget,
  editorText,
  fileKey,
  isChanged,
  keepMine,
  noteText,
  redoText,
  takeDisk,
  undoText,
  useEditorFiles,
} from './editorFiles.ts';
import { EditorStatus } from './EditorStatus.tsx';
import { startUnwrittenGuard } from './unwrittenGuard.ts';
import { useProjectFiles } from './useProjectFiles.ts';
import { useWriteFile } from './useWriteFile.ts';

interface DockerfileEditorProps {
  app: AppView;
  client: Client;
  /** A file and line that someone asked for; {@link onTargetReached} when the editor is there. */
  target?: EditorTarget | undefined;
  onTargetReached?: (() => void) | undefined;
}

type Mode = 'edit' | 'review' | 'compare';

const HELP_ID = 'dockerfile-editor-keys';
const NO_FINDINGS: Record<Severity, number> = { error: 0, warning: 0, info: 0 };

/**
 * The Dockerfiles, ignore files and compose files of a project, to be edited with help, reviewed as a diff, and written. What is not
 * written stays in {@link useEditorFiles} while the window is open. Key it by app.
 */
export default function DockerfileEditor({ app, client, target, onTargetReached }: DockerfileEditorProps) {
  const files = useEditorFiles((state) => state.files);
  const chosen = useEditorFiles((state) => state.chosen[app.id]);
  const [mode, setMode] = useState<Mode>('edit');
  const [findings, setFindings] = useState(NO_FINDINGS);
  const editor = useRef<CodeEditorHandle>(null);
  const {
    path: shown,
    entries,
    error,
    facts,
    read,
  } = useProjectFiles(client, app.id, chosen, app.diagnostics);

  const key = shown === undefined ? '' : fileKey(app.id, shown);
  const file = files[key];
  const entry = entries?.find((one) => one.path === shown);
  const changed = file !== undefined && isChanged(file);
  const conflict = file?.disk;
  const unwritten = useMemo(() => changedPaths(files, app.id), [files, app.id]);
  useEffect(startUnwrittenGuard, []);

  const choose = (next: string): void => {
    chooseFile(app.id, next);
    setMode('edit');
    setFindings(NO_FINDINGS);
  };
  const backToEditing = (): void => {
    setMode('edit');
    requestAnimationFrame(() => editor.current?.focus());
  };

  const { write, writing } = useWriteFile(client, app.id, {
    onWritten: ({ file: written }) => {
      toast.success(`${displayName(written.path)} ${written.exists ? 'written' : 'created'}`);
      backToEditing();
    },
    onConflict: (of) => void read(of).then(() => setMode('compare')),
  });

  const review = (): void => {
    if (conflict !== undefined) setMode('compare');
    else if (changed) setMode('review');
  };
  const editOther = (other: string, edits: readonly TextEdit[]): void => {
    void read(other).then((ok) => {
      const opened = useEditorFiles.getState().files[fileKey(app.id, other)];
      if (!ok || opened === undefined) return;
      noteText(app.id, other, applyEdits(opened.text, edits));
      choose(other);
    });
  };

  const goTo = useEffectEvent((wish: EditorTarget) => choose(wish.path));
  useEffect(() => {
    if (target !== undefined) goTo(target);
  }, [target]);
  const isThere = target !== undefined && target.path === shown && file !== undefined && mode === 'edit';
  const arrive = useEffectEvent(() => {
    if (target?.line === undefined) editor.current?.focus();
    else editor.current?.goToLine(target.line);
    onTargetReached?.();
  });
  useEffect(() => {
    if (isThere) arrive();
  }, [isThere, target]);

  const onSaveKey = useEffectEvent((event: KeyboardEvent) => {
    // The press that began the review was the editor's.
    if (
      event.defaultPrevented ||
      mode !== 'review' ||
      event.key.toLowerCase() !== 's' ||
      !(event.ctrlKey || event.metaKey)
    )
      return;
    event.preventDefault();
    if (file !== undefined) void write(file);
  });
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent): void => onSaveKey(event);
    window.addEventListener('keydown', onKeyDown);
    return () => window.removeEventListener('keydown', onKeyDown);
  }, []);

  // A review of nothing left to review is over.
  const effective: Mode =
    mode === 'review' && !changed ? 'edit' : mode === 'compare' && conflict === undefined ? 'edit' : mode;

  if (entries === undefined)
    return error === undefined ? (
      <div className={styles.waiting}>
        <Spinner label="Reading the project’s files" />
      </div>
    ) : (
      <EmptyState compact icon={<FileX size={20} />} title="The project’s files cannot be read">
        {displayName(error.message)}
      </EmptyState>
    );
  if (shown === undefined)
    return (
      <EmptyState compact icon={<FileX size={20} />} title="No Dockerfile">
        Nothing in this project is built, and no file of it has the name.
      </EmptyState>
    );

  const all = entry === undefined ? [...entries, { path: shown, exists: true }] : entries;
  return (
    <Tabs
      label="Files"
      className={styles.editor}
      panelClassName={styles.panel}
      value={shown}
      onChange={choose}
      tabs={all.map((one) => ({
        id: one.path,
        label: displayName(one.path),
        badge: unwritten.includes(one.path) ? (
          <span className={styles.dot} role="img" aria-label="changed" title="Changes not written yet" />
        ) : one.exists ? undefined : (
          <Badge>new</Badge>
        ),
      }))}
      trailing={
        <EditorActions
          mode={effective}
          changed={changed}
          conflict={conflict !== undefined}
          writing={writing}
          fileName={displayName(shown)}
          exists={file?.file.exists ?? true}
          onReview={review}
          onWrite={() => file !== undefined && void write(file)}
          onBack={backToEditing}
          onRevert={() => takeDisk(app.id, shown)}
        />
      }
    >
      <div className={styles.body}>
        {error !== undefined ? (
          <Banner flush tone="error" title={displayName(error.message)}>
            {error.hint}
          </Banner>
        ) : null}
        {conflict !== undefined ? (
          <ConflictBanner
            fileName={displayName(shown)}
            isGone={!conflict.exists}
            comparing={effective === 'compare'}
            onCompare={() => setMode('compare')}
            onMine={() => {
              keepMine(app.id, shown);
              setMode('review');
            }}
            onTheirs={() => {
              takeDisk(app.id, shown);
              setMode('edit');
            }}
          />
        ) : null}
        <div className={styles.view}>
          {file === undefined ? (
            error === undefined ? (
              <div className={styles.waiting}>
                <Spinner label={`Reading ${displayName(shown)}`} />
              </div>
            ) : null
          ) : effective === 'edit' ? (
            <CodeEditor
              key={key}
              ref={editor}
              fileKey={key}
              path={shown}
              kind={entry?.kind ?? 'dockerfile'}
              text={file.text}
              factsVersion={`${facts.hasIgnoreFile}${facts.contextPaths?.length}${app.diagnostics.length}`}
              mixedLineEnds={file.file.lineEnds === 'mixed'}
              describedBy={HELP_ID}
              facts={() => withDrafts(facts, unwritten)}
              projectDiagnostics={() =>
                changed || file.file.lineEnds !== 'lf'
                  ? []
                  : app.diagnostics.filter((diagnostic) => diagnostic.file === shown)
              }
              onText={(text, kind) => noteText(app.id, shown, text, kind)}
              onUndo={() => undoText(app.id, shown)}
              onRedo={() => redoText(app.id, shown)}
              onReview={review}
              onFindings={setFindings}
              editOther={editOther}
            />
          ) : (
            <DiffView
              before={editorText(effective === 'compare' && conflict ? conflict : file.file)}
              after={file.text}
              kind={entry?.kind ?? 'dockerfile'}
              beforeLabel={effective === 'compare' ? 'On disk now' : 'On disk'}
              afterLabel="Yours"
              sideBySide={effective === 'compare'}
            />
          )}
        </div>
        <EditorStatus
          id={HELP_ID}
          mode={effective}
          findings={entry?.kind === 'ignore' ? undefined : findings}
          file={file?.file}
          kind={entry?.kind ?? 'dockerfile'}
        />
      </div>
    </Tabs>
  );
}

/** An ignore file that is being written counts as one. */
function withDrafts<Facts extends { ignoreFile?: string | undefined; hasIgnoreFile?: boolean | undefined }>(
  facts: Facts,
  unwritten: readonly string[],
): Facts {
  return facts.ignoreFile !== undefined && unwritten.includes(facts.ignoreFile)
    ? { ...facts, hasIgnoreFile: true }
    : facts;
}
