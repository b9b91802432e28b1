import { Plain } from '#shared/compose/edit/Written.ts';
import { Select } from '../../../ui/Select.tsx';
import { Switch } from '../../../ui/Switch.tsx';
import { durationProblem, wholeProblem } from '../capacity.ts';
import { CommandField } from './CommandField.tsx';
import { FieldNote } from './FieldNote.tsx';
import { Section } from './Section.tsx';
import styles from './ServiceForm.module.css';
import { TextValueField } from './TextValueField.tsx';
import { useField } from './useField.ts';

const POLICIES = ['no', 'on-failure', 'always', 'unless-stopped'];
const MOST_RETRIES = 1_000_000;

/** How it is told to be well, begins again, and ends. */
export function LifecycleSection() {
  return (
    <>
      <Section title="Health check">
        <div className={styles.whole}>
          <CommandField
            label="Command that ends with 0 when all is well"
            keys={['healthcheck', 'test']}
            hint="A list begins with CMD or CMD-SHELL. Empty: what the image says."
          />
        </div>
        <TextValueField
          label="Every"
          keys={['healthcheck', 'interval']}
          check={durationProblem}
          placeholder="30s"
        />
        <TextValueField
          label="Fails after"
          keys={['healthcheck', 'timeout']}
          check={durationProblem}
          placeholder="30s"
        />
        <TextValueField
          label="Failures in a row"
          keys={['healthcheck', 'retries']}
          isNumber
          check={(value) => wholeProblem(value, 0, MOST_RETRIES)}
          placeholder="3"
        />
        <TextValueField
          label="Time to start"
          keys={['healthcheck', 'start_period']}
          check={durationProblem}
          placeholder="0s"
        />
      </Section>
      <Section title="Start and stop">
        <RestartField />
        <TextValueField
          label="Time to stop"
          keys={['stop_grace_period']}
          check={durationProblem}
          placeholder="10s"
          hint="After SIGTERM; then it is killed."
        />
        <InitField />
      </Section>
    </>
  );
}

function RestartField() {
  const { said, problem, origin, set } = useField(['restart']);
  const value = said.text ?? '';
  const options = [...new Set(['', ...POLICIES, value])];
  return (
    <div>
      <Select
        label="Restart"
        value={value}
        onChange={(next) => set(next === '' ? undefined : next)}
        options={options.map((policy) => ({ value: policy, label: policy === '' ? 'not said: no' : policy }))}
      />
      <FieldNote problem={problem} note={origin} />
    </div>
  );
}

function InitField() {
  const { said, problem, origin, set } = useField(['init']);
  return (
    <div>
      <Switch
        label="A small init process first"
        checked={said.text === 'true'}
        onChange={(on) => set(on ? new Plain(true) : undefined)}
      />
      <FieldNote problem={problem} note={origin ?? 'Passes signals on and clears up ended processes.'} />
    </div>
  );
}
