import { CaseSensitive, ChevronDown, ChevronUp, Regex, Search } from 'lucide-react';
import { type KeyboardEvent, type Ref, useSyncExternalStore } from 'react';
import type { LogTerm } from '#shared/logs/LogQuery.ts';
import { IconButton } from '../../../ui/IconButton.tsx';
import type { LogSearch } from '../search/LogSearch.ts';
import { SearchCount } from './SearchCount.tsx';
import styles from './SearchField.module.css';

export interface SearchDraft extends LogTerm {
  regex: boolean;
  matchCase: boolean;
}

interface SearchFieldProps {
  search: LogSearch;
  draft: SearchDraft;
  onChange: (draft: SearchDraft) => void;
  onStep: (direction: 1 | -1) => void;
  /** Escape in an empty field. */
  onLeave: () => void;
  ref?: Ref<HTMLInputElement>;
}

/** What to look for, and the way through what was found while the log is still being looked through. */
export function SearchField({ search, draft, onChange, onStep, onLeave, ref }: SearchFieldProps) {
  // The count listens by itself.
  useSyncExternalStore(search.subscribe, () =>
    [search.term === null, search.problem, search.count === 0].join(' '),
  );
  const isActive = draft.text !== '';
  const problem = isActive ? search.problem : null;

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Enter' || event.key === 'F3') {
      event.preventDefault();
      event.stopPropagation();
      onStep(event.shiftKey ? -1 : 1);
    } else if (event.key === 'Escape') {
      event.stopPropagation();
      if (isActive) onChange({ ...draft, text: '' });
      else onLeave();
    }
  };

  return (
    <div
      className={styles.search}
      role="search"
      data-active={isActive || undefined}
      data-invalid={problem !== null || undefined}
    >
      <div className={styles.field}>
        <Search size={13} aria-hidden className={styles.icon} />
        <input
          ref={ref}
          className={styles.input}
          type="text"
          value={draft.text}
          aria-label="Search logs"
          aria-invalid={problem !== null || undefined}
          placeholder="Search"
          spellCheck={false}
          autoComplete="off"
          maxLength={1000}
          onChange={(event) => onChange({ ...draft, text: event.target.value })}
          onKeyDown={onKeyDown}
        />
        <IconButton
          size="small"
          label="Match case"
          icon={<CaseSensitive size={14} />}
          pressed={draft.matchCase}
          onClick={() => onChange({ ...draft, matchCase: !draft.matchCase })}
        />
        <IconButton
          size="small"
          label="Regular expression"
          icon={<Regex size={13} />}
          pressed={draft.regex}
          onClick={() => onChange({ ...draft, regex: !draft.regex })}
        />
      </div>
      {isActive ? (
        <>
          {search.term === null ? null : <SearchCount search={search} />}
          <IconButton
            label="Previous match"
            keys="shift+enter"
            icon={<ChevronUp size={15} />}
            disabled={search.count === 0}
            onClick={() => onStep(-1)}
          />
          <IconButton
            label="Next match"
            keys="enter"
            icon={<ChevronDown size={15} />}
            disabled={search.count === 0}
            onClick={() => onStep(1)}
          />
        </>
      ) : null}
      {problem === null ? null : (
        <div className={styles.problem} role="alert">
          {problem}
        </div>
      )}
    </div>
  );
}
