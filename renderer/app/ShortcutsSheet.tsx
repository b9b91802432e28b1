import { IMAGE_KEYS } from '../features/images/useImagesKeys.ts';
import { LOG_KEYS } from '../features/logs/panel/panelKeys.ts';
import { Dialog } from '../ui/Dialog.tsx';
import { Kbd } from '../ui/Kbd.tsx';
import styles from './ShortcutsSheet.module.css';
import { WINDOW_KEYS } from './useWindowKeys.ts';

const APP_KEYS = [
  { keys: 'r', title: 'Run' },
  { keys: 'p', title: 'What will change' },
  { keys: 'b', title: 'Build' },
  { keys: 's', title: 'Stop' },
  { keys: 'e', title: 'Edit the compose file' },
  { keys: 'plus', title: 'One more worker' },
  { keys: '-', title: 'One worker fewer' },
  { keys: '0…9', title: 'Type a number of workers' },
  { keys: '/', title: 'Search the logs' },
  { keys: 'g t', title: 'Go to the end of the log and follow it' },
  { keys: 'arrowup', title: 'Move among apps, workers and steps (all arrows)' },
  { keys: 'enter', title: 'Show the chosen worker’s log' },
  { keys: 'escape', title: 'Close, or choose nothing' },
];

/** All keys at a glance. */
export function ShortcutsSheet({ open, onClose }: { open: boolean; onClose: () => void }) {
  return (
    <Dialog open={open} onClose={onClose} title="Keyboard shortcuts" size="large">
      <div className={styles.columns}>
        <Keys title="Everywhere" keys={WINDOW_KEYS} />
        <Keys title="In an app" keys={APP_KEYS} />
        <Keys title="In the log" keys={LOG_KEYS} />
        <Keys title="On the page about images" keys={IMAGE_KEYS} />
      </div>
    </Dialog>
  );
}

function Keys({ title, keys }: { title: string; keys: readonly { keys: string; title: string }[] }) {
  return (
    <section>
      <h3 className={styles.heading}>{title}</h3>
      <dl>
        {keys.map((entry) => (
          <div key={entry.keys} className={styles.row}>
            <dt>{entry.title}</dt>
            <dd>
              <Kbd keys={entry.keys} />
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
