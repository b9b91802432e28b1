import { MergeView, unifiedMergeView } from '@codemirror/merge';
import { EditorState, type Extension } from '@codemirror/state';
import { EditorView, lineNumbers } from '@codemirror/view';
import { useEffect, useRef } from 'react';
import type { ProjectFileKind } from '#shared/domain/ProjectFile.ts';
import { constructSheets } from './constructSheets.ts';
import styles from './DiffView.module.css';
import { editorLook } from './editorLook.ts';
import { fileLanguage } from './fileLanguage.ts';

interface DiffViewProps {
  before: string;
  after: string;
  kind: ProjectFileKind;
  beforeLabel: string;
  afterLabel: string;
  /** Side by side where there is room, instead of one below the other. */
  sideBySide?: boolean;
}

/** Below this width two texts side by side cannot be read. */
const NARROW_PIXELS = 720;

/** Two texts and where they differ, to be read only. */
export function DiffView({
  before,
  after,
  kind,
  beforeLabel,
  afterLabel,
  sideBySide = false,
}: DiffViewProps) {
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const parent = box.current;
    if (!parent) return undefined;
    constructSheets();
    const common = (label: string): Extension[] => [
      lineNumbers(),
      fileLanguage(kind),
      editorLook,
      EditorView.lineWrapping,
      EditorState.readOnly.of(true),
      EditorView.contentAttributes.of({ 'aria-label': label, 'aria-readonly': 'true', tabindex: '0' }),
    ];
    if (sideBySide && parent.clientWidth >= NARROW_PIXELS) {
      const view = new MergeView({
        a: { doc: before, extensions: common(beforeLabel) },
        b: { doc: after, extensions: common(afterLabel) },
        parent,
      });
      return () => view.destroy();
    }
    const view = new EditorView({
      doc: after,
      extensions: [
        ...common(`Changes from ${beforeLabel} to ${afterLabel}`),
        unifiedMergeView({ original: before, mergeControls: false }),
      ],
      parent,
    });
    return () => view.destroy();
  }, [before, after, kind, beforeLabel, afterLabel, sideBySide]);

  return (
    <div className={styles.diff}>
      <div className={styles.legend}>
        <span className={styles.before}>{beforeLabel}</span>
        <span className={styles.after}>{afterLabel}</span>
      </div>
      <div className={styles.box} ref={box} data-testid="diff" />
    </div>
  );
}
