import { Fragment } from 'react';
import styles from './CodeText.module.css';

/** A sentence in which names stand in backticks, as in a terminal: here they stand in the font of code. */
export function CodeText({ text }: { text: string }) {
  const parts = text.split('`');
  // One that is left open is a sign like any other.
  if (parts.length % 2 === 0) return text;
  return parts.map((part, at) =>
    at % 2 === 1 ? (
      // biome-ignore lint/suspicious/noArrayIndexKey: pieces of one text have no other name
      <code key={at} className={styles.code}>
        {part}
      </code>
    ) : (
      // biome-ignore lint/suspicious/noArrayIndexKey: as above
      <Fragment key={at}>{part}</Fragment>
    ),
  );
}
