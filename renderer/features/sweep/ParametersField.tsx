import { FileUp } from 'lucide-react';
import { type DragEvent, type ReactNode, useRef, useState } from 'react';
import { FlotillaError } from '#shared/contract/errors.ts';
import { showError } from '../../app/showError.ts';
import { Button } from '../../ui/Button.tsx';
import { SegmentedControl } from '../../ui/SegmentedControl.tsx';
import { TextArea } from '../../ui/TextArea.tsx';
import type { SweepDraft } from './sweepDraft.ts';
import styles from './SweepForm.module.css';

const MOST_BYTES = 4 * 1024 ** 2;
const ROWS = 4;

interface ParametersFieldProps {
  draft: SweepDraft;
  onChange: (change: Partial<SweepDraft>) => void;
  error: string | undefined;
  /** What begins it. */
  action: ReactNode;
  /** What comes of it. */
  outcome: string | undefined;
}

/** The parameters of a sweep: a grid that is typed, or a table that is typed, pasted, dropped or chosen. */
export function ParametersField({ draft, onChange, error, action, outcome }: ParametersFieldProps) {
  const input = useRef<HTMLInputElement>(null);
  const [over, setOver] = useState(false);
  const isGrid = draft.kind === 'grid';
  const take = async (file: File | undefined): Promise<void> => {
    if (file === undefined) return;
    if (file.size > MOST_BYTES)
      throw new FlotillaError('too-large', `${file.name} is too large for a window.`, {
        hint: 'flotilla sweep DIR FILE.csv takes it.',
      });
    onChange({ kind: 'table', table: await file.text(), file: file.name });
  };
  // The window takes what is dropped for a project: here it is none.
  const own = (event: DragEvent, isOver: boolean): void => {
    if (![...event.dataTransfer.types].includes('Files')) return;
    event.preventDefault();
    event.stopPropagation();
    setOver(isOver);
  };
  return (
    <div
      className={styles.parameters}
      data-over={over || undefined}
      onDragEnter={(event) => own(event, true)}
      onDragOver={(event) => own(event, true)}
      onDragLeave={(event) => own(event, false)}
      onDrop={(event) => {
        own(event, false);
        void take(event.dataTransfer.files[0]).catch(showError);
      }}
    >
      <div className={styles.kinds}>
        <SegmentedControl<SweepDraft['kind']>
          label="Parameters from"
          value={draft.kind}
          onChange={(kind) => onChange({ kind })}
          options={[
            { value: 'grid', label: 'Grid' },
            { value: 'table', label: 'Table' },
          ]}
        />
        <Button icon={<FileUp size={13} />} onClick={() => input.current?.click()}>
          Open CSV…
        </Button>
        <input
          ref={input}
          type="file"
          hidden
          accept=".csv,.tsv,.txt,text/csv"
          data-testid="sweep-file"
          onChange={(event) => {
            void take(event.target.files?.[0]).catch(showError);
            // The same file may be chosen again after it was edited.
            event.target.value = '';
          }}
        />
        {!isGrid && draft.file !== '' ? <span className={styles.file}>{draft.file}</span> : null}
        <span className={styles.action}>{action}</span>
      </div>
      {isGrid ? (
        <TextArea
          data-keeps-focus
          label="Parameters and their values, one a line"
          value={draft.grid}
          onChange={(grid) => onChange({ grid })}
          rows={ROWS}
          placeholder={'threads=1,2,4\nseed=1..5'}
          error={error}
          hint={outcome ?? 'All combinations are run. Each is an environment variable of the job.'}
        />
      ) : (
        <TextArea
          data-keeps-focus
          label="Table of parameters: their names first, then a job a line"
          value={draft.table}
          onChange={(table) => onChange({ table })}
          rows={ROWS}
          placeholder={'threads,seed\n1,42\n2,42'}
          error={error}
          hint={outcome ?? 'Drop a CSV file here, paste it, or open it.'}
        />
      )}
    </div>
  );
}
