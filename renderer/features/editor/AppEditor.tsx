import { FileX } from 'lucide-react';
import { useEffect, useMemo, useState } from 'react';
import type { Client } from '#shared/contract/Client.ts';
import { ServiceText } from '#shared/compose/edit/ServiceText.ts';
import type { AppView } from '#shared/domain/AppView.ts';
import { appHash, goTo } from '../../stores/route.ts';
import { Banner } from '../../ui/Banner.tsx';
import { Button } from '../../ui/Button.tsx';
import { EmptyState } from '../../ui/EmptyState.tsx';
import { Spinner } from '../../ui/Spinner.tsx';
import { displayName } from '../app/displayName.ts';
import { ConflictBanner } from '../dockerfile/ConflictBanner.tsx';
import {
  changedPaths,
  keepMine,
  redoText,
  takeDisk,
  undoText,
  useEditorFiles,
} from '../dockerfile/editorFiles.ts';
import { startUnwrittenGuard } from '../dockerfile/unwrittenGuard.ts';
import styles from './AppEditor.module.css';
import { DocumentPane } from './DocumentPane.tsx';
import { EditorBar } from './EditorBar.tsx';
import { EditorTabs } from './EditorTabs.tsx';
import { lookAt, useEditorView } from './editorViewStore.ts';
import { LeaveDialog } from './LeaveDialog.tsx';
import { SavedBanner } from './SavedBanner.tsx';
import { ServiceDialogs, type ServiceQuestion } from './ServiceDialogs.tsx';
import { ServicesPane } from './ServicesPane.tsx';
import { useComposeDocument } from './useComposeDocument.ts';
import { useComposeFiles } from './useComposeFiles.ts';
import { useDraft } from './useDraft.ts';
import { useEditorKeys } from './useEditorKeys.ts';
import { useLeaveGuard } from './useLeaveGuard.ts';

/** An app's compose files, edited as a form or as text: two views of one document. */
export default function AppEditor({ app, client }: { app: AppView; client: Client }) {
  const view = useEditorView(app.id);
  const { paths, error: listError } = useComposeFiles(client, app);
  const path = view.path !== undefined && paths?.includes(view.path) === true ? view.path : paths?.[0];
  const document = useComposeDocument(client, app.id, path, app.diagnostics, view.tab === 'text');
  const { file, parsed, changed, edit, save } = document;
  const { checked, error: checkError } = useDraft(client, app.id, path, file?.text, app.diagnostics);
  const [question, setQuestion] = useState<ServiceQuestion>();
  const [savedAt, setSavedAt] = useState<string>();
  const files = useEditorFiles((store) => store.files);
  const unsaved = changedPaths(files, app.id).filter((each) => paths?.includes(each) === true);
  const leaving = useLeaveGuard(unsaved.length > 0);
  useEffect(startUnwrittenGuard, []);

  const close = (): void => goTo(appHash(app.id));
  /** Writes what is to be written of these files; true when all of it stands on disk. */
  const saveFiles = async (of: readonly string[]): Promise<boolean> => {
    // What is typed in a field goes in first, as if it had been left.
    const field = globalThis.document.activeElement;
    if (field instanceof HTMLElement && field.matches('[data-draft]')) {
      field.blur();
      field.focus();
    }
    for (const each of of) {
      if (!(await save(each))) return false;
      setSavedAt(each);
    }
    return true;
  };
  const saveNow = (): Promise<boolean> => saveFiles(path === undefined ? [] : [path]);
  const onPath = (work: (of: string) => void): void => {
    if (path !== undefined) work(path);
  };
  const undo = (): void => onPath((of) => undoText(app.id, of));
  const redo = (): void => onPath((of) => redoText(app.id, of));
  const discard = (): void => onPath((of) => takeDisk(app.id, of));
  useEditorKeys({ save: () => void saveNow(), undo, redo });

  const names = useMemo(
    () => (parsed !== undefined && 'source' in parsed ? ServiceText.namesIn(parsed.source) : []),
    [parsed],
  );
  const name = view.service !== undefined && names.includes(view.service) ? view.service : names[0];
  const errors = useMemo(() => {
    const counts = new Map<string, number>();
    for (const { severity, service: of } of checked?.draft.diagnostics ?? [])
      if (severity === 'error' && of !== undefined) counts.set(of, (counts.get(of) ?? 0) + 1);
    return counts;
  }, [checked]);
  if (path === undefined)
    return listError === undefined ? (
      <div className={styles.waiting}>
        <Spinner label="Reading the project’s files" />
      </div>
    ) : (
      <EmptyState
        icon={<FileX size={24} />}
        title="The project’s files cannot be read"
        actions={<Button onClick={close}>Back to the app</Button>}
      >
        {displayName(listError.message)}
      </EmptyState>
    );

  const refusal = parsed !== undefined && 'refusal' in parsed ? parsed.refusal : undefined;
  return (
    <div className={styles.page} data-testid="app-editor">
      <EditorBar
        app={app}
        paths={paths ?? []}
        path={path}
        file={file}
        changed={changed}
        saving={document.saving}
        onPath={(next) => lookAt(app.id, { path: next, service: undefined })}
        onClose={close}
        onUndo={undo}
        onRedo={redo}
        onDiscard={discard}
        onSave={() => void saveNow()}
      />
      {(document.error ?? checkError) ? (
        <Banner flush tone="error" title={displayName((document.error ?? checkError)?.message ?? '')}>
          {(document.error ?? checkError)?.hint}
        </Banner>
      ) : null}
      {file?.disk === undefined ? null : (
        <ConflictBanner
          fileName={displayName(path)}
          isGone={!file.disk.exists}
          comparing={view.tab === 'changes'}
          onCompare={() => lookAt(app.id, { tab: 'changes' })}
          onMine={() => keepMine(app.id, path)}
          onTheirs={() => takeDisk(app.id, path)}
        />
      )}
      {savedAt === path && !changed ? (
        <SavedBanner app={app} onDismiss={() => setSavedAt(undefined)} />
      ) : null}
      <div className={styles.columns}>
        <ServicesPane
          names={names}
          chosen={name}
          models={checked?.draft.model?.services ?? []}
          errors={errors}
          canAdd={file !== undefined && refusal === undefined}
          onChoose={(next) =>
            lookAt(app.id, { service: next, ...(view.tab === 'form' ? {} : { tab: 'form' }) })
          }
          onOther={(other) =>
            lookAt(
              app.id,
              paths?.includes(other.file) === true ? { path: other.file, service: other.name } : {},
            )
          }
          onAdd={() => setQuestion({ kind: 'add' })}
          onRename={(of) => setQuestion({ kind: 'rename', service: of })}
          onRemove={(of) => setQuestion({ kind: 'remove', service: of })}
        />
        <EditorTabs
          tab={view.tab}
          changed={changed}
          errors={[...errors.values()].reduce((sum, count) => sum + count, 0)}
          onTab={(tab) => lookAt(app.id, { tab })}
        >
          <DocumentPane
            appId={app.id}
            path={path}
            view={view}
            document={document}
            checked={checked}
            errors={errors}
            name={name}
            onSave={() => void saveNow()}
            onQuestion={setQuestion}
          />
        </EditorTabs>
      </div>
      <ServiceDialogs
        question={question}
        edit={edit}
        onDone={(next) => lookAt(app.id, { service: next, tab: 'form' })}
        onClose={() => setQuestion(undefined)}
      />
      <LeaveDialog
        open={leaving.asking}
        fileName={unsaved.map(displayName).join(', ')}
        onStay={leaving.stay}
        onDiscard={() => {
          for (const each of unsaved) takeDisk(app.id, each);
          leaving.leave();
        }}
        onSave={() => void saveFiles(unsaved).then((saved) => (saved ? leaving.leave() : leaving.stay()))}
      />
    </div>
  );
}
