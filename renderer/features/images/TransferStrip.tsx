import { TransferItem } from './TransferItem.tsx';
import styles from './TransferStrip.module.css';
import { useTransfers } from './transfersStore.ts';

/** Pulls and pushes of this window, newest first. */
export function TransferStrip() {
  const transfers = useTransfers((store) => store.transfers);
  if (transfers.length === 0) return null;
  return (
    <ul className={styles.strip} aria-label="Pulls and pushes">
      {transfers.map((transfer) => (
        <li key={transfer.id} className={styles.item}>
          <TransferItem transfer={transfer} />
        </li>
      ))}
    </ul>
  );
}
