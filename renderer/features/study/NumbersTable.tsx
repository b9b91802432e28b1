import styles from './NumbersTable.module.css';

interface NumbersTableProps {
  /** Of the region that it scrolls in, sideways. */
  label: string;
  /** `label`: the whole name, where the written one is short. */
  columns: readonly { name: string; label?: string }[];
  /** Cells as text; the first of each row is its head. */
  rows: readonly (readonly string[])[];
}

/** A table of numbers, each row by its worker count. */
export function NumbersTable({ label, columns, rows }: NumbersTableProps) {
  return (
    <div className={styles.scroller} tabIndex={0} role="region" aria-label={label}>
      <table className={styles.table}>
        <thead>
          <tr>
            {columns.map((column) => (
              <th key={column.label ?? column.name} scope="col" aria-label={column.label}>
                {column.name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(([head = '', ...cells]) => (
            <tr key={head}>
              <th scope="row">{head}</th>
              {cells.map((cell, index) => (
                <td key={columns[index + 1]?.label ?? columns[index + 1]?.name}>{cell}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
