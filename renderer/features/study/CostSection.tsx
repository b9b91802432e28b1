import { useState } from 'react';
import type { Client } from '#shared/contract/Client.ts';
import type { CostTable, Prices } from '#shared/study/cost/costTable.ts';
import { showError } from '../../app/showError.ts';
import { usePreferences } from '../../stores/preferences.ts';
import { TextField } from '../../ui/TextField.tsx';
import { NumbersTable } from './NumbersTable.tsx';
import { parsePrice, parseWorkers } from './parseCost.ts';
import styles from './Section.module.css';

interface CostSectionProps {
  cost: CostTable;
  prices: Prices;
  /** Workers were given GPUs, which have a price of their own. */
  hasGpus: boolean;
  /** With a number of workers that was not measured, or none. */
  onAsk: (workers: number | undefined) => void;
  client: Client;
}

/** What a run costs at each count, and what it would at another. Prices are remembered for all apps. */
export function CostSection({ cost, prices, hasGpus, onAsk, client }: CostSectionProps) {
  const [workersText, setWorkersText] = useState('');
  const keep = (changed: { corePrice: number } | { gpuPrice: number }): void => {
    usePreferences.setState(changed);
    client.call('preferences.set', changed).catch(showError);
  };
  return (
    <section className={styles.section} aria-label="Cost">
      <h2 className={styles.title}>Cost of a run</h2>
      <div className={styles.row}>
        <PriceField
          label="Price per core-hour"
          first={prices.core}
          onPrice={(corePrice) => keep({ corePrice })}
        />
        {hasGpus ? (
          <PriceField
            label="Price per GPU-hour"
            first={prices.gpu}
            onPrice={(gpuPrice) => keep({ gpuPrice })}
          />
        ) : null}
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

function PriceField(props: { label: string; first: number; onPrice: (price: number) => void }) {
  const { label, first, onPrice } = props;
  const [text, setText] = useState(first === 0 ? '' : String(first));
  return (
    <TextField
      className={styles.number}
      label={label}
      inputMode="decimal"
      placeholder="none"
      value={text}
      onChange={(next) => {
        setText(next);
        const price = parsePrice(next);
        if (price !== undefined) onPrice(price);
      }}
      error={parsePrice(text) === undefined ? 'Give a number, as in 0.04.' : undefined}
    />
  );
}
