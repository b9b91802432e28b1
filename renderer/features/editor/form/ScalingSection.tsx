import { MAX_REPLICAS } from '#shared/domain/limits.ts';
import { cpusProblem, wholeProblem } from '../capacity.ts';
import { fieldKeys, rangeKeys } from './fieldKeys.ts';
import { GpuField } from './GpuField.tsx';
import { MemoryField } from './MemoryField.tsx';
import { Section } from './Section.tsx';
import { useServiceForm } from './ServiceFormContext.ts';
import { TextValueField } from './TextValueField.tsx';
import { binaryBytes } from '../capacity.ts';

/** How many there are, and what each of them gets. */
export function ScalingSection() {
  const { service, model, capacity, elsewhere } = useServiceForm();
  const replicasKeys = fieldKeys(service, 'replicas', elsewhere);
  const said = Number(service.field(...replicasKeys).text ?? '1');
  const replicas = model?.replicas ?? (Number.isFinite(said) ? said : 1);
  const whole = (least: number) => (value: string) => wholeProblem(value, least, MAX_REPLICAS);
  const has = capacity === undefined ? undefined : `The engine has ${capacity.cpus} CPUs`;
  return (
    <>
      <Section title="Replicas">
        <TextValueField label="Replicas" keys={replicasKeys} isNumber check={whole(0)} placeholder="1" />
        <TextValueField
          label="Scale by itself at CPU use of"
          keys={['x-flotilla', 'autoscale', 'cpu']}
          placeholder="off, or 70%"
        />
        <TextValueField
          label="At least"
          keys={rangeKeys(service, 'min')}
          isNumber
          check={whole(0)}
          placeholder="1"
        />
        <TextValueField
          label="At most"
          keys={rangeKeys(service, 'max')}
          isNumber
          check={whole(1)}
          hint="Needed where it scales by itself, or main scales it."
        />
      </Section>
      <Section title="Resources of each replica">
        <TextValueField
          label="CPUs"
          keys={fieldKeys(service, 'cpus', elsewhere)}
          isNumber
          check={(value) => cpusProblem(value, replicas, capacity)}
          placeholder="no limit"
          hint={has === undefined ? 'No engine is connected to hold this against.' : `${has}.`}
        />
        <MemoryField
          label="Memory"
          keys={fieldKeys(service, 'memory', elsewhere)}
          replicas={replicas}
          capacity={capacity}
          hint={capacity === undefined ? undefined : `The engine has ${binaryBytes(capacity.memoryBytes)}.`}
        />
        <GpuField />
      </Section>
    </>
  );
}
