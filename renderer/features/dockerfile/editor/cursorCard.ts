import { forEachDiagnostic, type Diagnostic as Mark, nextDiagnostic } from '@codemirror/lint';
import { type Extension, StateEffect, StateField } from '@codemirror/state';
import { type EditorView, keymap, showTooltip, type Tooltip } from '@codemirror/view';
import { hoverDockerfile } from '#shared/dockerfile/help/hoverDockerfile.ts';
import { docCard, fixesCard } from './docCard.ts';
import type { EditorHelp } from './EditorHelp.ts';

const setCard = StateEffect.define<Tooltip | null>();

const card = StateField.define<Tooltip | null>({
  create: () => null,
  update(value, transaction) {
    for (const effect of transaction.effects) if (effect.is(setCard)) return effect.value;
    return transaction.docChanged || transaction.selection !== undefined ? null : value;
  },
  provide: (field) => showTooltip.from(field),
});

/** What the mouse finds by hovering, for the keyboard: F8 goes to the next finding and tells of it, F1 tells of where the cursor is. */
export function cursorCard(help: EditorHelp): Extension {
  const show = (view: EditorView, withDocs: boolean): boolean => {
    view.dispatch({ effects: setCard.of(cardAt(help, view, withDocs)) });
    return true;
  };
  return [
    card,
    keymap.of([
      { key: 'F1', run: (view) => (isShown(view) ? hide(view) : show(view, true)) },
      { key: 'F8', run: (view) => nextDiagnostic(view) && show(view, false) },
      { key: 'Escape', run: (view) => isShown(view) && hide(view) },
    ]),
  ];
}

function isShown(view: EditorView): boolean {
  return view.state.field(card) !== null;
}

function hide(view: EditorView): boolean {
  view.dispatch({ effects: setCard.of(null) });
  return true;
}

function cardAt(help: EditorHelp, view: EditorView, withDocs: boolean): Tooltip | null {
  const { state } = view;
  const { from, to } = state.selection.main;
  const marks: Mark[] = [];
  forEachDiagnostic(state, (mark, start, end) => {
    if (start <= to && end >= from) marks.push(mark);
  });
  // Anywhere in a line its instruction is meant.
  const line = state.doc.lineAt(from);
  const text = state.doc.toString();
  const start = line.from + (/^\s*/.exec(line.text)?.[0].length ?? 0);
  const docs =
    withDocs && help.kind === 'dockerfile'
      ? (hoverDockerfile(text, from) ?? hoverDockerfile(text, start))
      : null;
  if (marks.length === 0 && docs === null) return null;
  return {
    pos: from,
    above: true,
    create: () => {
      const dom = document.createElement('div');
      // Read out when it comes: the focus stays in the text.
      dom.setAttribute('role', 'status');
      for (const mark of marks) {
        const part = document.createElement('div');
        part.className = `cm-diagnostic cm-diagnostic-${mark.severity}`;
        part.append(mark.renderMessage?.(view) ?? mark.message);
        const names = (mark.actions ?? []).map(({ name }) => name);
        if (names.length > 0) part.append(fixesCard(names));
        dom.append(part);
      }
      if (docs !== null) dom.append(docCard(docs.doc));
      return { dom };
    },
  };
}
