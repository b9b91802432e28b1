import { FileX, Plus } from 'lucide-react';
import { lazy, Suspense } from 'react';
import { ServiceText } from '#shared/compose/edit/ServiceText.ts';
import { Button } from '../../ui/Button.tsx';
import { EmptyState } from '../../ui/EmptyState.tsx';
import { Spinner } from '../../ui/Spinner.tsx';
import { displayName } from '../app/displayName.ts';
import { editorText } from '../dockerfile/editorFiles.ts';
import styles from './AppEditor.module.css';
import { type EditorView, lookAt } from './editorViewStore.ts';
import { FormPane } from './FormPane.tsx';
import type { ServiceQuestion } from './ServiceDialogs.tsx';
import { ServiceGraph } from './ServiceGraph.tsx';
import type { ComposeDocument } from './useComposeDocument.ts';
import type { CheckedDraft } from './useDraft.ts';

// CodeMirror is larger than the rest: who only fills in the form does without.
const TextPane = lazy(() => import('./TextPane.tsx'));
const DiffView = lazy(() =>
  import('../dockerfile/editor/DiffView.tsx').then((module) => ({ default: module.DiffView })),
);

interface DocumentPaneProps {
  appId: string;
  path: string;
  view: EditorView;
  document: ComposeDocument;
  checked: CheckedDraft | undefined;
  /** Errors found in each service. */
  errors: ReadonlyMap<string, number>;
  /** The service that is looked at; undefined where there is none. */
  name: string | undefined;
  onSave: () => void;
  onQuestion: (question: ServiceQuestion) => void;
}

/** The document in the view that was chosen. */
export function DocumentPane(props: DocumentPaneProps) {
  const { appId, path, view, document, checked, errors, name, onSave, onQuestion } = props;
  const { file, parsed, edit } = document;
  const waiting = (
    <div className={styles.waiting}>
      <Spinner label={`Reading ${displayName(path)}`} />
    </div>
  );
  // Why it cannot be read is told above.
  if (file === undefined || parsed === undefined) return document.error === undefined ? waiting : null;
  const showLine = (line: number): void => lookAt(appId, { tab: 'text', line: { line } });
  if (view.tab === 'text')
    return (
      <Suspense fallback={waiting}>
        <TextPane key={path} {...{ appId, path, file, checked, line: view.line, onSave }} />
      </Suspense>
    );
  if (view.tab === 'changes')
    return (
      <Suspense fallback={waiting}>
        <DiffView
          before={editorText(file.disk ?? file.file)}
          after={file.text}
          kind="compose"
          beforeLabel={file.disk === undefined ? 'On disk' : 'On disk now'}
          afterLabel="Yours"
          sideBySide={file.disk !== undefined}
        />
      </Suspense>
    );
  if ('refusal' in parsed) {
    const { message, hint, line } = parsed.refusal;
    return (
      <EmptyState
        icon={<FileX size={24} />}
        title={
          view.tab === 'graph'
            ? 'This text cannot be shown as a graph'
            : 'This text cannot be shown as a form'
        }
        actions={
          <Button onClick={() => showLine(line ?? 1)}>
            {line === undefined ? 'Show the text' : `Show line ${line}`}
          </Button>
        }
      >
        {displayName(message)} {hint}
      </EmptyState>
    );
  }
  const service = name === undefined ? undefined : ServiceText.find(parsed.source, name);
  if (service === undefined)
    return (
      <EmptyState
        icon={<Plus size={24} />}
        title="No services yet"
        actions={
          <Button variant="primary" onClick={() => onQuestion({ kind: 'add' })}>
            Add service…
          </Button>
        }
      >
        A service is a program of the app: what it is built from, and how many of it run.
      </EmptyState>
    );
  if (view.tab === 'graph')
    return checked === undefined ? (
      waiting
    ) : (
      <ServiceGraph
        services={checked.draft.model?.services ?? []}
        errors={errors}
        chosen={name}
        onOpen={(of) => lookAt(appId, { service: of, tab: 'form' })}
      />
    );
  return (
    <FormPane
      path={path}
      service={service}
      checked={checked}
      edit={edit}
      showLine={showLine}
      onRename={() => onQuestion({ kind: 'rename', service: service.name })}
      onRemove={() => onQuestion({ kind: 'remove', service: service.name })}
    />
  );
}
