import { Layers } from 'lucide-react';
import { useRoute } from '../../stores/route.ts';
import { Spinner } from '../../ui/Spinner.tsx';
import { useTransfers } from '../images/transfersStore.ts';
import styles from './Sidebar.module.css';

/** Leads to the page about images; tells that something is pulled or pushed wherever one is. */
export function ImagesLink() {
  const isCurrent = useRoute((store) => store.route.page === 'images');
  const running = useTransfers(
    ({ transfers }) => transfers.filter(({ state }) => state === 'running').length,
  );
  return (
    <nav className={styles.places} aria-label="Engine">
      <a
        className={styles.engine}
        href="#/images"
        title="Images"
        aria-current={isCurrent ? 'page' : undefined}
      >
        <Layers size={14} aria-hidden />
        <span className={styles.wide}>Images</span>
        {running > 0 && (
          <Spinner size={12} label={running === 1 ? 'One transfer goes on' : `${running} transfers go on`} />
        )}
      </a>
    </nav>
  );
}
