import { useState } from 'react';
import type { Client } from '#shared/contract/Client.ts';
import type { CostTable } from '#shared/study/cost/costTable.ts';
import { showError } from '../../app/showError.ts';
import { usePreferences } from '../../stores/preferences.ts';
import { TextField } from '../../ui/TextField.tsx';
import { NumbersTable } from './NumbersTable.tsx';
import { parsePrice, parseWorkers } from './parseCost.ts';
import styles from './Section.module.css';

interface CostSectionProps {
  cost: CostTable;
  price: number;
  /** With a number of workers that was not measured, or none. */
  onAsk: (workers: number | undefined) => void;
  client: Client;
}

/** What a run costs at each count, and what it would at another. The price is remembered for all apps. */
export function CostSection({ cost, price, onAsk, client }: CostSectionProps) {
  const [priceText, setPriceText] = useState(price === 0 ? '' : String(price));
  const [workersText, setWorkersText] = useState('');
  const changePrice = (text: string): void => {
    setPriceText(text);
    const corePrice = parsePrice(text);
    if (corePrice === undefined) return;
    usePreferences.setState({ corePrice });
    client.call('preferences.set', { corePrice }).catch(showError);
  };
  return (
    <section className={styles.section} aria-label="Cost">
      <h2 className={styles.title}>Cost of a run</h2>
      <div className={styles.row}>
        <TextField
          className={styles.number}
          label="Price per core-hour"
          inputMode="decimal"
          placeholder="none"
          value={priceText}
          onChange={changePrice}
          error={parsePrice(priceText) === undefined ? 'Give a number, as in 0.04.' : undefined}
        />
        <TextField
          className={styles.number}
          label="Forecast for workers"
          inputMode="numeric"
          placeholder="as measured"
          value={workersText}
          onChange={(text) => {
            setWorkersText(text);
            onAsk(text.trim() === '' ? undefined : parseWorkers(text));
          }}
          error={
            workersText.trim() !== '' && parseWorkers(workersText) === undefined
              ? 'Give a whole number from 1.'
              : undefined
          }
        />
      </div>
      <NumbersTable
        label="Cost by workers"
        columns={cost.columns.map((name) => ({ name }))}
        rows={cost.rows}
      />
      {cost.notes.length === 0 ? null : (
        <ul className={styles.points} role="status">
          {cost.notes.map((note) => (
            <li key={note}>{note}</li>
          ))}
        </ul>
      )}
    </section>
  );
}
