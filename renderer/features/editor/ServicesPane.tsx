import { FileCode2, Plus } from 'lucide-react';
import { type KeyboardEvent, useEffect, useEffectEvent, useRef } from 'react';
import type { ServiceModel } from '#shared/domain/ServiceModel.ts';
import { Badge } from '../../ui/Badge.tsx';
import { Button } from '../../ui/Button.tsx';
import { displayName } from '../app/displayName.ts';
import styles from './AppEditor.module.css';

interface ServicesPaneProps {
  names: readonly string[];
  chosen: string | undefined;
  models: readonly ServiceModel[];
  /** Errors found in each service. */
  errors: ReadonlyMap<string, number>;
  /** False where the text cannot be read: nothing can be added to it. */
  canAdd: boolean;
  onChoose: (name: string) => void;
  /** Opens the file that has a service of the project which this one has not. */
  onOther: (service: ServiceModel) => void;
  onAdd: () => void;
  onRename: (name: string) => void;
  onRemove: (name: string) => void;
}

const STEPS: Record<string, number> = { ArrowDown: 1, ArrowUp: -1, Home: -Infinity, End: Infinity };

/** The services of the file, to be chosen, added, renamed and removed. Arrows move, F2 renames, Delete removes. */
export function ServicesPane(props: ServicesPaneProps) {
  const { names, chosen, models, errors, canAdd, onChoose, onOther, onAdd, onRename, onRemove } = props;
  const list = useRef<HTMLUListElement>(null);
  const isThere = chosen !== undefined;
  const onOpened = useEffectEvent(() => {
    // Whoever came by key goes on from here; a field that has the focus already keeps it.
    if (document.activeElement === document.body)
      list.current?.querySelector<HTMLElement>('[aria-current]')?.focus();
  });
  useEffect(() => {
    if (isThere) onOpened();
  }, [isThere]);
  const others = models.filter(({ name }) => !names.includes(name));
  const onKeyDown = (event: KeyboardEvent, of: string): void => {
    const at = names.indexOf(of);
    const step = STEPS[event.key];
    if (event.key === 'F2') onRename(of);
    else if (event.key === 'Delete') onRemove(of);
    else if (step !== undefined) {
      const next = names[Math.min(names.length - 1, Math.max(0, at + step))];
      if (next === undefined) return;
      onChoose(next);
      list.current?.querySelector<HTMLElement>(`[data-service="${CSS.escape(next)}"]`)?.focus();
    } else return;
    event.preventDefault();
  };
  return (
    <nav className={styles.services} aria-label="Services">
      <ul className={styles.list} ref={list}>
        {names.map((name) => {
          const model = models.find((each) => each.name === name);
          const wrong = errors.get(name) ?? 0;
          return (
            <li key={name}>
              <button
                type="button"
                className={styles.service}
                data-service={name}
                aria-current={name === chosen ? 'true' : undefined}
                tabIndex={name === chosen ? 0 : -1}
                onClick={() => onChoose(name)}
                onKeyDown={(event) => onKeyDown(event, name)}
              >
                <span className={styles.name}>{displayName(name)}</span>
                {wrong > 0 ? (
                  <Badge tone="danger">{wrong === 1 ? '1 error' : `${wrong} errors`}</Badge>
                ) : model === undefined ? null : (
                  <span className={styles.part}>
                    {model.role}
                    {model.replicas === 1 ? '' : ` × ${model.replicas}`}
                  </span>
                )}
              </button>
            </li>
          );
        })}
        {others.map((service) => (
          <li key={service.name}>
            <button type="button" className={styles.service} onClick={() => onOther(service)}>
              <FileCode2 size={13} aria-hidden />
              <span className={styles.name}>{displayName(service.name)}</span>
              <span className={styles.part}>{displayName(service.file)}</span>
            </button>
          </li>
        ))}
      </ul>
      <Button size="small" icon={<Plus size={13} />} disabled={!canAdd} onClick={onAdd}>
        Add service…
      </Button>
    </nav>
  );
}
