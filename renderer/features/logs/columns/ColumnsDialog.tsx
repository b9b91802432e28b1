import type { LogRow } from '#shared/domain/LogView.ts';
import { Dialog } from '../../../ui/Dialog.tsx';
import { displayName } from '../../app/displayName.ts';
import { MOST_COLUMNS } from '../settings/logSettings.ts';
import styles from './ColumnsDialog.module.css';
import { fieldNames } from './fieldColumns.ts';

interface ColumnsDialogProps {
  open: boolean;
  onClose: () => void;
  rows: readonly LogRow[];
  fields: readonly string[];
  onChange: (fields: readonly string[]) => void;
}

/** Which fields of the lines (JSON, `name=value`) get a column. */
export function ColumnsDialog({ open, onClose, rows, fields, onChange }: ColumnsDialogProps) {
  const names = open ? [...new Set([...fields, ...fieldNames(rows)])].slice(0, 200) : [];
  return (
    <Dialog open={open} onClose={onClose} size="small" title="Columns">
      {names.length === 0 ? (
        <p className={styles.none}>The lines in sight have no fields: neither JSON nor name=value pairs.</p>
      ) : (
        <ul>
          {names.map((name) => (
            <li key={name}>
              <label className={styles.entry}>
                <input
                  type="checkbox"
                  checked={fields.includes(name)}
                  disabled={!fields.includes(name) && fields.length >= MOST_COLUMNS}
                  onChange={(event) =>
                    onChange(
                      event.target.checked ? [...fields, name] : fields.filter((other) => other !== name),
                    )
                  }
                />
                <span className={styles.name}>{displayName(name)}</span>
              </label>
            </li>
          ))}
        </ul>
      )}
    </Dialog>
  );
}
