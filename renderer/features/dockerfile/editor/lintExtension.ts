import { type Action, forEachDiagnostic, type Diagnostic as Mark, linter } from '@codemirror/lint';
import { type EditorState, type Extension, StateEffect } from '@codemirror/state';
import type { EditorView } from '@codemirror/view';
import { diagnoseDockerfile } from '#shared/dockerfile/diagnoseDockerfile.ts';
import type { Diagnostic, Fix } from '#shared/domain/Diagnostic.ts';
import { findingCard } from './docCard.ts';
import type { EditorHelp } from './EditorHelp.ts';

const DELAY_MS = 250;

/** Something around the text has changed: look at it again. */
export const factsChanged = StateEffect.define();

/** Findings as squiggles and marks in the margin, each with its fixes. */
export function lintExtension(help: EditorHelp): Extension {
  return linter(
    (view) => {
      const found = diagnose(help, view.state);
      help.onFindings({
        error: count(found, 'error'),
        warning: count(found, 'warning'),
        info: count(found, 'info'),
      });
      return found.map((diagnostic) => markOf(help, diagnostic, view.state));
    },
    {
      delay: DELAY_MS,
      needsRefresh: (update) =>
        update.transactions.some(({ effects }) => effects.some((effect) => effect.is(factsChanged))),
    },
  );
}

/** Takes the first fix of the findings at the cursor, or else in its line. */
export function fixAtCursor(view: EditorView): boolean {
  const { head } = view.state.selection.main;
  const line = view.state.doc.lineAt(head);
  const marks: { mark: Mark; from: number; to: number; near: boolean }[] = [];
  forEachDiagnostic(view.state, (mark, from, to) => {
    if (to < line.from || from > line.to || (mark.actions?.length ?? 0) === 0) return;
    marks.push({ mark, from, to, near: from <= head && head <= to });
  });
  const [first] = marks.sort((left, right) => Number(right.near) - Number(left.near));
  const action = first?.mark.actions?.[0];
  if (first === undefined || action === undefined) return false;
  action.apply(view, first.from, first.to);
  return true;
}

function diagnose(help: EditorHelp, state: EditorState): readonly Diagnostic[] {
  if (help.kind === 'dockerfile') return diagnoseDockerfile(help.path, state.doc.toString(), help.facts());
  const { length } = state.doc;
  return help.projectDiagnostics().filter(({ range }) => range === undefined || range.end <= length);
}

function markOf(help: EditorHelp, diagnostic: Diagnostic, state: EditorState): Mark {
  const { length } = state.doc;
  const from = Math.min(diagnostic.range?.start ?? 0, length);
  const to = Math.min(Math.max(diagnostic.range?.end ?? from, from), length);
  const seen = state.doc;
  return {
    from,
    to,
    severity: diagnostic.severity,
    source: diagnostic.code,
    message: `${diagnostic.message} ${diagnostic.explanation}`,
    renderMessage: () => findingCard(diagnostic.message, diagnostic.explanation),
    // A finding of the project has its fixes in the list of problems: they were made for the file on disk.
    actions:
      help.kind === 'dockerfile'
        ? diagnostic.fixes.map(
            (fix): Action => ({
              name: fix.title,
              apply: (view) => {
                const present = view.state.doc.eq(seen) ? fix : sameFix(help, view.state, diagnostic, fix);
                if (present !== undefined) take(help, view, present);
              },
            }),
          )
        : [],
  };
}

/** The fix as it is for a text that has changed since: offsets hold for the text they were made for only. */
function sameFix(
  help: EditorHelp,
  state: EditorState,
  { code, message }: Diagnostic,
  { id }: Fix,
): Fix | undefined {
  const same = diagnose(help, state).filter((diagnostic) => diagnostic.code === code);
  const found = same.find((diagnostic) => diagnostic.message === message) ?? same[0];
  return found?.fixes.find((fix) => fix.id === id);
}

function take(help: EditorHelp, view: EditorView, fix: Fix): void {
  const own = fix.edits.filter(({ file }) => file === help.path);
  const others = new Set(fix.edits.map(({ file }) => file).filter((file) => file !== help.path));
  if (own.length > 0)
    view.dispatch({
      changes: own.map(({ start, end, newText }) => ({ from: start, to: end, insert: newText })),
      userEvent: 'input.fix',
      scrollIntoView: true,
    });
  for (const file of others)
    help.editOther(
      file,
      fix.edits.filter((edit) => edit.file === file),
    );
}

function count(found: readonly Diagnostic[], severity: Diagnostic['severity']): number {
  return found.filter((diagnostic) => diagnostic.severity === severity).length;
}
