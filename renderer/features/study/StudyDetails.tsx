import { useState } from 'react';
import { TextField } from '../../ui/TextField.tsx';
import type { DetailErrors } from './parseDetails.ts';
import styles from './StudyForm.module.css';

/** Further settings of a study as they are typed; empty: as usual. */
export interface StudyDetailTexts {
  name: string;
  from: string;
  to: string;
  mostRepetitions: string;
  cpusPerWorker: string;
  timeout: string;
  seed: string;
}

export const NO_DETAILS: StudyDetailTexts = {
  name: '',
  from: '',
  to: '',
  mostRepetitions: '',
  cpusPerWorker: '',
  timeout: '',
  seed: '',
};

const FIELDS: { name: keyof StudyDetailTexts; label: string; placeholder: string; hint: string }[] = [
  { name: 'name', label: 'Name', placeholder: 'none', hint: 'To compare with, as a baseline.' },
  {
    name: 'from',
    label: 'Time begins with the line',
    placeholder: 'with the containers',
    hint: 'Any part of a line of the log.',
  },
  {
    name: 'to',
    label: 'Time ends with the line',
    placeholder: 'with the containers',
    hint: 'The last one that holds it.',
  },
  {
    name: 'mostRepetitions',
    label: 'Repetitions at most',
    placeholder: 'as often as all',
    hint: 'More runs while the interval is wider than ±5 %.',
  },
  {
    name: 'cpusPerWorker',
    label: 'CPUs bound to each worker',
    placeholder: 'not bound',
    hint: 'Of its own, while there are enough.',
  },
  {
    name: 'timeout',
    label: 'A run takes at most, minutes',
    placeholder: '10',
    hint: 'Then it is broken off.',
  },
  { name: 'seed', label: 'Seed', placeholder: 'by chance', hint: 'Of the order of the runs.' },
];

interface StudyDetailsProps {
  texts: StudyDetailTexts;
  onChange: (texts: StudyDetailTexts) => void;
  errors: DetailErrors;
}

/** The settings of a study that most leave as they are: folded away at first, unless one of them is set. */
export function StudyDetails({ texts, onChange, errors }: StudyDetailsProps) {
  const [isOpen] = useState(() => Object.values(texts).some((text) => text !== ''));
  return (
    <details className={styles.details} open={isOpen}>
      <summary>More settings</summary>
      <div className={styles.fields}>
        {FIELDS.map(({ name, label, placeholder, hint }) => (
          <TextField
            key={name}
            label={label}
            placeholder={placeholder}
            value={texts[name]}
            onChange={(text) => onChange({ ...texts, [name]: text })}
            error={errors[name]}
            hint={hint}
          />
        ))}
      </div>
    </details>
  );
}
