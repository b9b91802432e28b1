import { Bookmark, Copy, FilterX, ListFilter, X } from 'lucide-react';
import { useEffect, useState } from 'react';
import type { LogRow } from '#shared/domain/LogView.ts';
import { Button } from '../../../ui/Button.tsx';
import { IconButton } from '../../../ui/IconButton.tsx';
import { Spinner } from '../../../ui/Spinner.tsx';
import { displayName } from '../../app/displayName.ts';
import { ansiSpans } from '../ansiSpans.ts';
import { cleanTerminalText, withoutColours } from '../cleanTerminalText.ts';
import { rowFields } from '../columns/rowFields.ts';
import { hueOf } from '../list/LogRowLine.tsx';
import { TextRuns } from '../list/TextRuns.tsx';
import { formatFullTime } from '../time/formatLogTime.ts';
import { LEVEL_NAMES } from '../toolbar/LevelMenu.tsx';
import type { LogViewClient } from '../view/LogViewClient.ts';
import { rowTimeMs } from '../view/rowTime.ts';
import { fieldTest } from './fieldTest.ts';
import styles from './LogDetails.module.css';
import { prettyJson } from './prettyJson.ts';

/** A line of megabytes is shown up to here; copying gives all of it. */
const SHOWN_CHARACTERS = 200_000;

interface LogDetailsProps {
  view: LogViewClient;
  row: LogRow;
  hues: Readonly<Record<string, number>>;
  bookmarked: boolean;
  onBookmark: () => void;
  onFilter: (test: string) => void;
  onCopy: (text: string, what: string) => void;
  onClose: () => void;
}

/** One line whole: its text, its fields and the lines that continue it. */
export function LogDetails(props: LogDetailsProps) {
  const { view, row, hues, bookmarked, onBookmark, onFilter, onCopy, onClose } = props;
  const [whole, setWhole] = useState<{ row: LogRow; continued: LogRow[] } | null>(null);
  useEffect(() => {
    let isCurrent = true;
    view.row(row.id).then(
      (answer) => {
        if (isCurrent) setWhole(answer);
      },
      () => {
        // Gone meanwhile: what the list has of it is shown.
        if (isCurrent) setWhole({ row, continued: [] });
      },
    );
    return () => {
      isCurrent = false;
    };
  }, [view, row]);

  const isLoaded = whole !== null && whole.row.id === row.id;
  const shown = isLoaded ? whole.row : row;
  const continued = isLoaded ? whole.continued : [];
  const text = cleanTerminalText(shown.text);
  const plain = withoutColours(text);
  const json = prettyJson(plain);
  const fields = [...rowFields(shown)];
  const all = [plain, ...continued.map((line) => withoutColours(cleanTerminalText(line.text)))].join('\n');

  return (
    <section
      className={styles.details}
      aria-label="Details of the line"
      onKeyDown={(event) => {
        if (event.key !== 'Escape') return;
        event.stopPropagation();
        onClose();
      }}
    >
      <header className={styles.head}>
        <span className={styles.worker} style={hueOf(shown.worker, hues)}>
          {displayName(shown.worker)}
        </span>
        <span className={styles.about}>
          {shown.level === 'none' ? '' : `${LEVEL_NAMES[shown.level]} · `}
          {shown.kind}
        </span>
        <IconButton
          size="small"
          label={bookmarked ? 'Remove the bookmark' : 'Set a bookmark'}
          icon={<Bookmark size={14} fill={bookmarked ? 'currentColor' : 'none'} />}
          pressed={bookmarked}
          onClick={onBookmark}
        />
        <IconButton
          size="small"
          label="Copy"
          icon={<Copy size={14} />}
          onClick={() => onCopy(all, 'Line copied')}
        />
        <IconButton size="small" label="Close details" icon={<X size={15} />} onClick={onClose} />
      </header>
      <div className={styles.body} tabIndex={0} role="group" aria-label="Content of the line">
        <p className={styles.time}>{formatFullTime(rowTimeMs(shown))}</p>
        {isLoaded ? null : <Spinner label="Loading the line" />}
        <pre className={styles.text}>
          {json ?? <TextRuns spans={ansiSpans(text.slice(0, SHOWN_CHARACTERS))} ranges={[]} />}
          {text.length > SHOWN_CHARACTERS ? ' …' : ''}
          {shown.truncated === true ? ' … the rest was not kept' : ''}
        </pre>
        {continued.length > 0 ? (
          <>
            <h3 className={styles.heading}>
              Continued, {continued.length} {continued.length === 1 ? 'line' : 'lines'}
            </h3>
            <pre className={styles.text}>
              {continued.map((line) => (
                <div key={line.id}>
                  <TextRuns spans={ansiSpans(cleanTerminalText(line.text))} ranges={[]} />
                </div>
              ))}
            </pre>
          </>
        ) : null}
        {fields.length > 0 ? (
          <>
            <h3 className={styles.heading}>Fields</h3>
            <table className={styles.fields}>
              <tbody>
                {fields.map(([name, value]) => (
                  <tr key={name}>
                    <th scope="row">{displayName(name)}</th>
                    <td>{displayName(value)}</td>
                    <td className={styles.acts}>
                      <IconButton
                        size="small"
                        label={`Only lines with this ${displayName(name)}`}
                        icon={<ListFilter size={13} />}
                        onClick={() => onFilter(fieldTest(name, '=', value))}
                      />
                      <IconButton
                        size="small"
                        label={`No lines with this ${displayName(name)}`}
                        icon={<FilterX size={13} />}
                        onClick={() => onFilter(fieldTest(name, '!=', value))}
                      />
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
            <Button
              size="small"
              variant="ghost"
              icon={<Copy size={13} />}
              onClick={() => onCopy(JSON.stringify(Object.fromEntries(fields), null, 2), 'Fields copied')}
            >
              Copy as JSON
            </Button>
          </>
        ) : null}
      </div>
    </section>
  );
}
