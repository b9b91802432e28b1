import { useEffect, useEffectEvent, useRef, useState } from 'react';
import type { Severity } from '#shared/domain/Diagnostic.ts';
import { CodeEditor, type CodeEditorHandle } from '../dockerfile/editor/CodeEditor.tsx';
import { type EditorFile, fileKey, noteText, redoText, undoText } from '../dockerfile/editorFiles.ts';
import { EditorStatus } from '../dockerfile/EditorStatus.tsx';
import styles from './AppEditor.module.css';
import { lookAt } from './editorViewStore.ts';
import type { CheckedDraft } from './useDraft.ts';

interface TextPaneProps {
  appId: string;
  path: string;
  file: EditorFile;
  checked: CheckedDraft | undefined;
  /** A line that someone asked for. */
  line: { line: number } | undefined;
  onSave: () => void;
}

const HELP_ID = 'compose-editor-keys';

/** The file as text, in the editor that Dockerfiles have. */
export default function TextPane({ appId, path, file, checked, line, onSave }: TextPaneProps) {
  const editor = useRef<CodeEditorHandle>(null);
  const [findings, setFindings] = useState<Record<Severity, number>>({ error: 0, warning: 0, info: 0 });
  const arrive = useEffectEvent((wanted: { line: number }) => {
    editor.current?.goToLine(wanted.line);
    lookAt(appId, { line: undefined });
  });
  useEffect(() => {
    if (line !== undefined) arrive(line);
  }, [line]);
  return (
    <div className={styles.text}>
      <div className={styles.code}>
        <CodeEditor
          ref={editor}
          fileKey={fileKey(appId, path)}
          path={path}
          kind="compose"
          text={file.text}
          factsVersion={checked}
          mixedLineEnds={file.file.lineEnds === 'mixed'}
          describedBy={HELP_ID}
          facts={() => ({})}
          projectDiagnostics={() =>
            checked?.text === file.text
              ? checked.draft.diagnostics.filter((diagnostic) => diagnostic.file === path)
              : []
          }
          onText={(text, kind) => noteText(appId, path, text, kind)}
          onUndo={() => undoText(appId, path)}
          onRedo={() => redoText(appId, path)}
          onReview={onSave}
          onFindings={setFindings}
          editOther={() => undefined}
        />
      </div>
      <EditorStatus
        id={HELP_ID}
        mode="edit"
        findings={findings}
        file={file.file}
        kind="compose"
        saveLabel="save"
      />
    </div>
  );
}
