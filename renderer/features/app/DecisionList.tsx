import { CodeText } from '../../ui/CodeText.tsx';
import { clock } from './clock.ts';
import styles from './DecisionPanel.module.css';
import { displayName } from './displayName.ts';

interface DecisionListProps<News> {
  /** The newest first. */
  news: readonly News[];
  words: (news: News) => string;
}

/** What was decided on its own, by whom- or whatever, with times and reasons. */
export function DecisionList<News extends { kind: string; at: number }>(props: DecisionListProps<News>) {
  const { news, words } = props;
  return (
    <ol className={styles.news} aria-label="Decisions, the newest first" tabIndex={0}>
      {news.length === 0 ? <li>Nothing was decided yet.</li> : null}
      {news.map((one, index) => (
        // Of one moment there can be several of a kind; counted from the oldest, a place stays.
        <li key={news.length - index} data-kind={one.kind}>
          <time>{clock(one.at)}</time>
          <span>
            <CodeText text={displayName(words(one))} />
          </span>
        </li>
      ))}
    </ol>
  );
}
