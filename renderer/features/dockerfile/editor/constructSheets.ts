import { EditorView } from '@codemirror/view';

let done = false;

/**
 * Makes CodeMirror put its style sheets into the document as constructed ones. In a document it would add a style element, which our
 * content security policy forbids; in a shadow root it constructs. So one view is made in a shadow root, and the set of
 * sheets that it leaves there is handed to the document.
 */
export function constructSheets(): void {
  if (done) return;
  done = true;
  const root = document.createElement('div').attachShadow({ mode: 'open' });
  // Not every document can do it; the ones of tests have no policy either.
  if (!('adoptedStyleSheets' in root) || typeof CSSStyleSheet !== 'function') return;
  new EditorView({ root }).destroy();
  const symbol = Object.getOwnPropertySymbols(root).find(({ description }) => description === 'styleSet');
  if (symbol !== undefined) Reflect.set(document, symbol, Reflect.get(root, symbol));
}
