import { useEffect, useId, useMemo, useRef, useState } from 'react';
import type { GeneratedFile } from '#shared/domain/Generate.ts';
import { Button } from '../../ui/Button.tsx';
import { SegmentedControl } from '../../ui/SegmentedControl.tsx';
import { DiffView } from './DiffView.tsx';
import styles from './FilePane.module.css';
import { shiftNotes } from './shiftNotes.ts';

interface FilePaneProps {
  file: GeneratedFile;
  /** The text that would be written: the generated one, or what was typed. */
  text: string;
  /** It is to be written. */
  included: boolean;
  onEdit: (text: string) => void;
  onReset: () => void;
  onInclude: (included: boolean) => void;
}

type View = 'text' | 'changes';

/** One file before it is written: its text to edit, why its lines are as they are, and what it changes on disk. */
export function FilePane({ file, text, included, onEdit, onReset, onInclude }: FilePaneProps) {
  const id = useId();
  const area = useRef<HTMLTextAreaElement>(null);
  const list = useRef<HTMLUListElement>(null);
  const [line, setLine] = useState(1);
  const [view, setView] = useState<View>('text');
  const count = useMemo(() => text.split('\n').length, [text]);
  const notes = useMemo(() => shiftNotes(file.text, text, file.notes), [file, text]);
  const { present } = file;
  const isEdited = text !== file.text;
  const shown: View = present === undefined ? 'text' : view;

  // The note of the line that is edited comes into view beside it.
  useEffect(() => {
    list.current?.querySelector('[data-here]')?.scrollIntoView({ block: 'nearest' });
  }, [line]);

  const followCaret = (): void => {
    const { current } = area;
    if (current !== null) setLine(current.value.slice(0, current.selectionStart).split('\n').length);
  };
  const goTo = (from: number, to: number): void => {
    const { current } = area;
    if (current === null) return;
    const lines = text.split('\n');
    const start = lines.slice(0, from - 1).join('\n').length + (from > 1 ? 1 : 0);
    current.focus();
    current.setSelectionRange(start, start + lines.slice(from - 1, to).join('\n').length);
    setLine(from);
  };

  return (
    <div className={styles.pane}>
      <div className={styles.bar}>
        <label className={styles.include}>
          <input type="checkbox" checked={included} onChange={(event) => onInclude(event.target.checked)} />
          Write {file.path}
        </label>
        <span className={styles.state}>{stateOf(present, text, included)}</span>
        <span className={styles.grow} />
        {isEdited && (
          <Button size="small" onClick={onReset}>
            Undo my edits
          </Button>
        )}
        {present !== undefined && (
          <SegmentedControl<View>
            label="View"
            value={shown}
            onChange={setView}
            options={[
              { value: 'text', label: 'Text' },
              { value: 'changes', label: 'Changes' },
            ]}
          />
        )}
      </div>
      {isEdited && (
        <p className={styles.edited}>Edited by you: choices on the left no longer change this file.</p>
      )}
      {shown === 'changes' && present !== undefined ? (
        <DiffView before={present} after={text} />
      ) : (
        <div className={styles.columns}>
          <div className={styles.editor} data-dim={included ? undefined : ''}>
            <div className={styles.numbers} aria-hidden>
              {Array.from({ length: count }, (_, at) => {
                const number = at + 1;
                const hasNote = notes.some((note) => note.from <= number && number <= note.to);
                return (
                  // Line numbers are their own identity.
                  // oxlint-disable-next-line react/no-array-index-key
                  <span
                    key={number}
                    data-note={hasNote || undefined}
                    data-here={number === line || undefined}
                  >
                    {number}
                  </span>
                );
              })}
            </div>
            <textarea
              ref={area}
              className={styles.text}
              aria-label={`Text of ${file.path}`}
              aria-describedby={`${id}-note`}
              value={text}
              rows={count + 1}
              wrap="off"
              spellCheck={false}
              autoComplete="off"
              autoCapitalize="off"
              onChange={(event) => onEdit(event.target.value)}
              onSelect={followCaret}
            />
          </div>
          <div className={styles.notes} id={`${id}-note`}>
            <h3 className={styles.notesTitle}>Why it is so</h3>
            {notes.length === 0 ? (
              <p className={styles.noNotes}>Nothing to say of this text.</p>
            ) : (
              <ul className={styles.noteList} ref={list}>
                {notes.map((note) => (
                  <li key={`${note.from}-${note.to}-${note.text}`}>
                    <button
                      type="button"
                      className={styles.note}
                      data-here={(note.from <= line && line <= note.to) || undefined}
                      onClick={() => goTo(note.from, note.to)}
                    >
                      <span className={styles.where}>
                        {note.from === note.to ? `Line ${note.from}` : `Lines ${note.from}–${note.to}`}
                      </span>
                      {note.text}
                    </button>
                  </li>
                ))}
              </ul>
            )}
          </div>
        </div>
      )}
    </div>
  );
}

function stateOf(present: string | undefined, text: string, included: boolean): string {
  if (present === undefined) return 'new';
  if (present === text) return 'stands there already';
  return included
    ? 'replaces what stands there'
    : 'stands there already with another text, which stays; tick to replace it';
}
