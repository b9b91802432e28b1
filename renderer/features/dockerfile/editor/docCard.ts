import type { InstructionDoc } from '#shared/dockerfile/help/InstructionDoc.ts';
import { formatKeys } from '../../../ui/formatKeys.ts';
import styles from './editorCards.module.css';

/** The words about an instruction or flag as an element; the editor's own parts are no React. */
export function docCard({ syntax, text, example }: InstructionDoc): HTMLElement {
  const card = element('div', styles.doc);
  card.append(
    element('code', styles.syntax, syntax),
    element('p', styles.text, text),
    element('code', styles.example, example),
  );
  return card;
}

/** A finding’s sentence and why it matters. */
export function findingCard(message: string, explanation: string): HTMLElement {
  const card = element('div', styles.finding);
  card.append(element('strong', styles.message, message), element('span', styles.text, explanation));
  return card;
}

/** The fixes that a key takes: the first one of them. */
export function fixesCard(names: readonly string[]): HTMLElement {
  const card = element('div', styles.fixes);
  card.append(element('kbd', styles.key, formatKeys('mod+.').join('+')), names[0] ?? '');
  return card;
}

function element(name: string, className: string | undefined, text = ''): HTMLElement {
  const made = document.createElement(name);
  if (className !== undefined) made.className = className;
  made.textContent = text;
  return made;
}
