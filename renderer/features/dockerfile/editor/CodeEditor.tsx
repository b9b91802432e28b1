import { acceptCompletion, completionKeymap } from '@codemirror/autocomplete';
import { defaultKeymap, indentWithTab } from '@codemirror/commands';
import { indentUnit } from '@codemirror/language';
import { lintGutter, lintKeymap } from '@codemirror/lint';
import { highlightSelectionMatches, search, searchKeymap } from '@codemirror/search';
import { EditorState, type Extension, Prec, type Transaction } from '@codemirror/state';
import {
  drawSelection,
  EditorView,
  highlightActiveLine,
  highlightActiveLineGutter,
  highlightSpecialChars,
  keymap,
  lineNumbers,
  tooltips,
} from '@codemirror/view';
import { type Ref, useEffect, useEffectEvent, useImperativeHandle, useRef } from 'react';
import { changeBetween } from '#shared/text/changeBetween.ts';
import { constructSheets } from './constructSheets.ts';
import { cursorCard } from './cursorCard.ts';
import type { EditorHelp } from './EditorHelp.ts';
import { editorLook } from './editorLook.ts';
import { fileLanguage } from './fileLanguage.ts';
import { helpExtension } from './helpExtension.ts';
import { factsChanged, fixAtCursor, lintExtension } from './lintExtension.ts';

export interface CodeEditorHandle {
  focus(): void;
  /** Puts the cursor at the beginning of a 1-based line, in sight. */
  goToLine(line: number): void;
}

interface CodeEditorProps extends Omit<EditorHelp, 'onText'> {
  /** Tells this file from all others of the window. */
  fileKey: string;
  text: string;
  /** Changes with everything that findings depend on beside the text. */
  factsVersion: unknown;
  /** Lines that end in different ways are kept as they are. */
  mixedLineEnds: boolean;
  /** Id of the element that says which keys there are. */
  describedBy: string;
  onText: EditorHelp['onText'];
  ref?: Ref<CodeEditorHandle>;
}

/** Where the cursor was in files that were looked at before. */
const memories = new Map<string, { anchor: number; head: number }>();

/** CodeMirror for one file: key it by file. Its text is the prop’s whenever that is another than what was typed. */
export function CodeEditor(props: CodeEditorProps) {
  const { text, fileKey, factsVersion, ref } = props;
  const box = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView | null>(null);
  const typed = useRef(text);

  const onText = useEffectEvent((next: string, kind: string | undefined) => {
    typed.current = next;
    props.onText(next, kind);
  });
  const help = useEffectEvent((): CodeEditorProps => props);

  useEffect(() => {
    if (!box.current) return undefined;
    constructSheets();
    const { path, kind, mixedLineEnds, describedBy, text: initial } = help();
    const extensions = extensionsFor(
      {
        path,
        kind,
        facts: () => help().facts(),
        projectDiagnostics: () => help().projectDiagnostics(),
        editOther: (other, edits) => help().editOther(other, edits),
        onReview: () => help().onReview(),
        onFindings: (counts) => help().onFindings(counts),
        onText,
        onUndo: () => help().onUndo(),
        onRedo: () => help().onRedo(),
      },
      mixedLineEnds,
      describedBy,
    );
    const made = new EditorView({ state: stateOf(fileKey, initial, extensions), parent: box.current });
    view.current = made;
    return () => {
      const { anchor, head } = made.state.selection.main;
      memories.set(fileKey, { anchor, head });
      made.destroy();
      view.current = null;
    };
  }, [fileKey]);

  useEffect(() => {
    const present = view.current;
    if (!present || text === typed.current) return;
    typed.current = text;
    const change = changeBetween(present.state.sliceDoc(), text);
    if (change === undefined) return;
    const isHere = present.hasFocus;
    present.dispatch({
      changes: change,
      userEvent: 'input.replace',
      // Whoever takes a step back looks for what came of it.
      ...(isHere ? { selection: { anchor: change.from + change.insert.length }, scrollIntoView: true } : {}),
    });
  }, [text]);

  useEffect(() => {
    view.current?.dispatch({ effects: factsChanged.of(null) });
  }, [factsVersion]);

  useImperativeHandle(ref, () => ({
    focus: () => view.current?.focus(),
    goToLine(line) {
      const present = view.current;
      if (!present) return;
      const { doc } = present.state;
      const { from } = doc.line(Math.min(Math.max(1, line), doc.lines));
      present.dispatch({
        selection: { anchor: from },
        effects: EditorView.scrollIntoView(from, { y: 'center' }),
      });
      present.focus();
    },
  }));

  return <div ref={box} style={{ height: '100%', minHeight: 0 }} />;
}

function extensionsFor(help: EditorHelp, mixedLineEnds: boolean, describedBy: string): Extension[] {
  return [
    lineNumbers(),
    highlightActiveLineGutter(),
    highlightSpecialChars(),
    drawSelection(),
    highlightActiveLine(),
    highlightSelectionMatches(),
    indentUnit.of('    '),
    search({ top: true }),
    // Above everything: a panel would cut them off.
    tooltips({ parent: document.body }),
    ...(mixedLineEnds ? [EditorState.lineSeparator.of('\n')] : []),
    fileLanguage(help.kind),
    editorLook,
    lintGutter(),
    lintExtension(help),
    helpExtension(help),
    cursorCard(help),
    EditorView.lineWrapping,
    EditorView.contentAttributes.of({
      'aria-label': `Text of ${help.path}`,
      'aria-describedby': describedBy,
      spellcheck: 'false',
      // What scrolls must be seen to take keys, by those who check.
      tabindex: '0',
    }),
    EditorView.updateListener.of((update) => {
      if (update.docChanged) help.onText(update.state.sliceDoc(), kindOf(update.transactions));
    }),
    // Escape may close something as well; the next Tab leaves the text all the same.
    Prec.highest(keymap.of([{ key: 'Escape', run: leaveByTab }])),
    keymap.of([
      { key: 'Mod-s', preventDefault: true, run: () => (help.onReview(), true) },
      // One history for every view of the file: it is not this one's.
      { key: 'Mod-z', preventDefault: true, run: () => (help.onUndo(), true) },
      { key: 'Mod-Shift-z', preventDefault: true, run: () => (help.onRedo(), true) },
      { key: 'Mod-y', preventDefault: true, run: () => (help.onRedo(), true) },
      { key: 'Mod-.', run: fixAtCursor },
      { key: 'Tab', run: acceptCompletion },
      ...completionKeymap,
      ...searchKeymap,
      ...lintKeymap,
      ...defaultKeymap,
      indentWithTab,
    ]),
  ];
}

/** How long Escape makes Tab leave the text. */
const LEAVE_MS = 5000;

function leaveByTab(view: EditorView): boolean {
  view.setTabFocusMode(LEAVE_MS);
  return false;
}

/** Typing on, or deleting on, is one step; what a key does at once is one of its own. */
function kindOf(transactions: readonly Transaction[]): string | undefined {
  return ['input.type', 'delete'].find((kind) => transactions.some((each) => each.isUserEvent(kind)));
}

function stateOf(fileKey: string, text: string, extensions: Extension[]): EditorState {
  const memory = memories.get(fileKey);
  const within = (at: number): number => Math.min(at, text.length);
  return EditorState.create({
    doc: text,
    ...(memory === undefined
      ? {}
      : { selection: { anchor: within(memory.anchor), head: within(memory.head) } }),
    extensions,
  });
}
