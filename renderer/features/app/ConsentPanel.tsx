import { ShieldAlert } from 'lucide-react';
import { useId, useState } from 'react';
import type { AppView } from '#shared/domain/AppView.ts';
import { Button } from '../../ui/Button.tsx';
import styles from './ConsentPanel.module.css';
import { displayName } from './displayName.ts';

interface ConsentPanelProps {
  dangers: AppView['dangers'];
  /** Of the button that allows all. */
  allowLabel?: string | undefined;
  onAllow: (dangerIds: string[]) => void;
  onClose: () => void;
}

/** Settings that reach outside the containers' walls, each to be allowed by hand before anything starts. */
export function ConsentPanel({ dangers, allowLabel = 'Allow and run', onAllow, onClose }: ConsentPanelProps) {
  const open = dangers.filter((danger) => !danger.granted);
  const [checked, setChecked] = useState<ReadonlySet<string>>(new Set());
  const heading = useId();
  const all = open.every((danger) => checked.has(danger.id));
  const toggle = (id: string) =>
    setChecked((before) => {
      const next = new Set(before);
      if (!next.delete(id)) next.add(id);
      return next;
    });
  return (
    <section className={styles.panel} aria-labelledby={heading}>
      <header className={styles.header}>
        <ShieldAlert size={16} className={styles.icon} aria-hidden />
        <div>
          <h2 id={heading} className={styles.title}>
            This project asks for more than a container usually gets
          </h2>
          <p className={styles.lead}>
            Allow each only if you trust the project. Nothing has been started. What you allow holds until a
            file that asks for it changes.
          </p>
        </div>
      </header>
      <ul className={styles.list}>
        {open.map((danger) => (
          <li key={danger.id}>
            <label className={styles.item}>
              <input type="checkbox" checked={checked.has(danger.id)} onChange={() => toggle(danger.id)} />
              <span className={styles.words}>
                <span className={styles.what}>
                  <span className={styles.service}>{displayName(danger.service)}</span>
                  <code>
                    {displayName(danger.kind)}: {displayName(danger.value)}
                  </code>
                  <span className={styles.place}>
                    {displayName(danger.file)}
                    {danger.line === undefined ? '' : `:${danger.line}`}
                  </span>
                </span>
                <span className={styles.why}>{displayName(danger.explanation)}</span>
                {danger.grantedBefore ? (
                  <span className={styles.before}>
                    Allowed before, and the same still; its files have changed since.
                  </span>
                ) : null}
              </span>
            </label>
          </li>
        ))}
      </ul>
      <footer className={styles.footer}>
        {open.length > 1 ? (
          <Button
            variant="ghost"
            onClick={() => setChecked(all ? new Set() : new Set(open.map((danger) => danger.id)))}
          >
            {all ? 'Clear all' : 'Check all'}
          </Button>
        ) : null}
        <span className={styles.spacer} />
        <Button onClick={onClose}>Not now</Button>
        <Button variant="primary" disabled={!all} onClick={() => onAllow(open.map((danger) => danger.id))}>
          {allowLabel}
        </Button>
      </footer>
    </section>
  );
}
