import { classNames } from './classNames.ts';
import { formatKeys } from './formatKeys.ts';
import styles from './Kbd.module.css';

/** A shortcut as key caps, e.g. `mod+k`. */
export function Kbd({ keys, tone = 'normal' }: { keys: string; tone?: 'normal' | 'inverse' | undefined }) {
  return (
    <span className={classNames(styles.keys, tone === 'inverse' && styles.inverse)}>
      {formatKeys(keys).map((cap) => (
        <kbd key={cap} className={styles.cap}>
          {cap}
        </kbd>
      ))}
    </span>
  );
}
