import { type Located, textOf } from '#shared/compose/Located.ts';
import { Plain, type Written } from '#shared/compose/edit/Written.ts';
import { Button } from '../../../ui/Button.tsx';
import { wholeProblem } from '../capacity.ts';
import { CommitField } from './CommitField.tsx';
import styles from './ServiceForm.module.css';
import { useServiceForm } from './ServiceFormContext.ts';
import { useField } from './useField.ts';

const MOST = 1024;
const LONG = ['deploy', 'resources', 'reservations', 'devices'] as const;

/**
 * The GPUs of each replica: none, `all`, or how many. What asks for certain devices, or says more of them, is for the text.
 */
export function GpuField() {
  const { service, showLine } = useServiceForm();
  const { said, problem, origin, set } = useField(['gpus']);
  const count = service.items('gpus')[0];
  const long = service.field(...LONG).place;
  const simple =
    said.text ?? (said.from === 'absent' ? '' : simpleCount(service.items('gpus').map(({ value }) => value)));
  const place =
    simple === undefined ? (said.place ?? count?.place) : said.from === 'absent' ? long : undefined;
  if (place !== undefined)
    return (
      <p className={styles.note}>
        It asks for certain GPUs or devices.{' '}
        <Button size="small" variant="ghost" onClick={() => showLine(place.line)}>
          Line {place.line}
        </Button>
      </p>
    );
  return (
    <CommitField
      label="GPUs"
      value={simple ?? ''}
      placeholder="none"
      hint={origin ?? 'A number, or “all”. The engine needs the NVIDIA Container Toolkit.'}
      problem={problem}
      check={(value) => (value.trim().toLowerCase() === 'all' ? undefined : wholeProblem(value, 0, MOST))}
      onCommit={(value) => {
        const text = value.trim().toLowerCase();
        if (text === '' || text === '0') return set(undefined);
        return set(text === 'all' ? 'all' : [new Map<string, Written>([['count', new Plain(text)]])]);
      }}
    />
  );
}

/** The number of a list that says nothing but one; undefined where it says more. */
function simpleCount(items: readonly Located[]): string | undefined {
  const [item] = items;
  if (items.length !== 1 || item?.kind !== 'map') return undefined;
  const entries = [...item.entries];
  const [key, entry] = entries[0] ?? [];
  return entries.length === 1 && key === 'count' && entry !== undefined ? textOf(entry.value) : undefined;
}
