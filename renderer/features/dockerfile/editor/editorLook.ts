import { HighlightStyle, syntaxHighlighting } from '@codemirror/language';
import type { Extension } from '@codemirror/state';
import { EditorView } from '@codemirror/view';
import { tags } from '@lezer/highlight';

const field = {
  backgroundColor: 'var(--color-surface)',
  backgroundImage: 'none',
  border: '1px solid var(--color-field-border)',
  borderRadius: 'var(--radius-s)',
  color: 'var(--color-text)',
  fontFamily: 'var(--font-ui)',
  fontSize: 'var(--text-s)',
};

/** The editor in the app's own colours, which follow the theme by themselves. */
const theme = EditorView.theme({
  // The element that tooltips are put into bears the same class, and is no editor.
  '&.cm-editor': {
    height: '100%',
    backgroundColor: 'var(--color-surface)',
    color: 'var(--color-text)',
    fontSize: 'var(--text-s)',
  },
  '&.cm-focused': { outline: 'none' },
  '.cm-scroller': { fontFamily: 'var(--font-mono)', lineHeight: '20px' },
  '.cm-content': { padding: '6px 0', caretColor: 'var(--color-text)' },
  '.cm-line': { padding: '0 12px 0 6px' },
  '.cm-cursor, .cm-dropCursor': { borderLeftColor: 'var(--color-text)' },
  '&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground': {
    backgroundColor: 'var(--color-selected)',
  },
  '.cm-activeLine': { backgroundColor: 'transparent' },
  '&.cm-focused .cm-activeLine': { backgroundColor: 'var(--color-hover)' },
  '.cm-gutters': {
    backgroundColor: 'var(--color-surface)',
    borderRight: '0',
    color: 'var(--color-text-faint)',
  },
  '.cm-activeLineGutter': { backgroundColor: 'transparent', color: 'var(--color-text)' },
  '.cm-lineNumbers .cm-gutterElement': { minWidth: '32px', padding: '0 4px 0 8px' },
  '.cm-gutter-lint': { width: '18px' },
  '.cm-gutter-lint .cm-gutterElement': { padding: '3px 2px' },
  '.cm-lint-marker': { content: 'normal', width: '9px', height: '9px', margin: '2px auto' },
  '.cm-lint-marker-error': { backgroundColor: 'var(--color-danger-mark)', borderRadius: '50%' },
  '.cm-lint-marker-warning': {
    backgroundColor: 'var(--color-warn-mark)',
    clipPath: 'polygon(50% 0, 100% 100%, 0 100%)',
  },
  '.cm-lint-marker-info': {
    boxSizing: 'border-box',
    border: '2px solid var(--color-busy-mark)',
    borderRadius: '50%',
  },
  '.cm-specialChar': { color: 'var(--color-danger)' },
  '.cm-matchingBracket, &.cm-focused .cm-matchingBracket': { backgroundColor: 'var(--color-active)' },
  '.cm-searchMatch': { backgroundColor: 'var(--rule-amber)' },
  '.cm-searchMatch.cm-searchMatch-selected': {
    backgroundColor: 'var(--rule-amber)',
    outline: '2px solid var(--focus-ring)',
  },
  '.cm-selectionMatch': { backgroundColor: 'var(--color-active)' },
  '.cm-panels': {
    backgroundColor: 'var(--color-sunken)',
    color: 'var(--color-text)',
    fontFamily: 'var(--font-ui)',
  },
  '.cm-panels.cm-panels-top': { borderBottom: '1px solid var(--color-border)' },
  '.cm-panels.cm-panels-bottom': { borderTop: '1px solid var(--color-border)' },
  '.cm-panel.cm-search': { padding: '6px 28px 6px 12px' },
  '.cm-panel.cm-search label': { fontSize: 'var(--text-s)' },
  '.cm-panel.cm-search [name=close], .cm-panel.cm-panel-lint [name=close]': {
    color: 'var(--color-text-muted)',
    fontSize: '18px',
    width: '24px',
    height: '24px',
    top: '4px',
    right: '4px',
    cursor: 'pointer',
  },
  '.cm-textfield': { ...field, padding: '2px 6px' },
  '.cm-button': {
    ...field,
    backgroundColor: 'var(--color-raised)',
    border: '1px solid var(--color-border-strong)',
    padding: '2px 8px',
    '&:active': { backgroundImage: 'none', backgroundColor: 'var(--color-active)' },
  },
  '.cm-panel.cm-panel-lint ul': { maxHeight: '132px' },
  '.cm-panel.cm-panel-lint ul [aria-selected]': { backgroundColor: 'var(--color-selected)' },
  '.cm-panel.cm-panel-lint ul:focus [aria-selected]': {
    backgroundColor: 'var(--color-selected)',
    color: 'var(--color-text)',
  },
  '.cm-tooltip': {
    backgroundColor: 'var(--color-raised)',
    border: '0',
    borderRadius: 'var(--radius-m)',
    boxShadow: 'var(--shadow-2)',
    color: 'var(--color-text)',
    fontFamily: 'var(--font-ui)',
    fontSize: 'var(--text-s)',
    zIndex: '40',
  },
  '.cm-tooltip.cm-tooltip-autocomplete': { padding: '4px' },
  '.cm-tooltip.cm-tooltip-autocomplete > ul': { fontFamily: 'var(--font-mono)', maxHeight: '220px' },
  '.cm-tooltip.cm-tooltip-autocomplete > ul > li': {
    display: 'flex',
    alignItems: 'baseline',
    gap: '12px',
    padding: '3px 8px',
    borderRadius: 'var(--radius-s)',
  },
  '.cm-tooltip-autocomplete ul li[aria-selected]': {
    backgroundColor: 'var(--color-selected)',
    color: 'var(--color-text)',
  },
  '.cm-completionMatchedText': { color: 'var(--color-accent-text)', textDecoration: 'none' },
  '.cm-completionDetail': {
    flex: '1',
    minWidth: '0',
    marginLeft: '0',
    overflow: 'hidden',
    textOverflow: 'ellipsis',
    textAlign: 'right',
    color: 'var(--color-text-muted)',
    fontFamily: 'var(--font-ui)',
    fontStyle: 'normal',
  },
  '.cm-tooltip.cm-completionInfo': { padding: '0', margin: '0 6px' },
  '.cm-snippetField': { backgroundColor: 'var(--color-active)' },
  '.cm-diagnostic': { padding: '6px 10px', borderLeft: '3px solid var(--color-border-strong)' },
  '.cm-diagnostic-error': { borderLeftColor: 'var(--color-danger-mark)' },
  '.cm-diagnostic-warning': { borderLeftColor: 'var(--color-warn-mark)' },
  '.cm-diagnostic-info': { borderLeftColor: 'var(--color-busy-mark)' },
  '.cm-diagnosticAction': {
    ...field,
    backgroundColor: 'var(--color-raised)',
    border: '1px solid var(--color-border-strong)',
    padding: '2px 8px',
    margin: '6px 6px 0 0',
    cursor: 'pointer',
  },
  '.cm-diagnosticAction:hover': { backgroundColor: 'var(--color-hover)' },
  // The differences: what goes is marked in red, what comes in green.
  '.cm-deletedChunk': { backgroundColor: 'var(--color-danger-soft)', paddingLeft: '6px' },
  '&.cm-merge-a .cm-changedLine': { backgroundColor: 'var(--color-danger-soft)' },
  '&.cm-merge-b .cm-changedLine, .cm-inlineChangedLine': { backgroundColor: 'var(--color-ok-soft)' },
  '&.cm-merge-b .cm-changedText, &.cm-merge-a .cm-changedText, .cm-deletedChunk .cm-deletedText': {
    background: 'var(--color-active)',
  },
  '&.cm-merge-a .cm-changedLineGutter, .cm-deletedLineGutter': { background: 'var(--color-danger-mark)' },
  '&.cm-merge-b .cm-changedLineGutter': { background: 'var(--color-ok-mark)' },
});

const highlight = HighlightStyle.define([
  { tag: tags.keyword, color: 'var(--color-accent-text)', fontWeight: '600' },
  { tag: tags.comment, color: 'var(--color-text-faint)', fontStyle: 'italic' },
  { tag: tags.string, color: 'var(--color-ok)' },
  { tag: [tags.number, tags.bool, tags.atom], color: 'var(--color-warn)' },
  { tag: [tags.variableName, tags.special(tags.variableName)], color: 'var(--color-warn)' },
  {
    tag: [tags.attributeName, tags.propertyName, tags.definition(tags.propertyName)],
    color: 'var(--color-accent-text)',
  },
  { tag: tags.operator, color: 'var(--color-danger)' },
  { tag: tags.invalid, color: 'var(--color-danger)' },
]);

export const editorLook: Extension = [theme, syntaxHighlighting(highlight)];
