import { Pencil, Trash2 } from 'lucide-react';
import type { Diagnostic } from '#shared/domain/Diagnostic.ts';
import { Banner } from '../../../ui/Banner.tsx';
import { Button } from '../../../ui/Button.tsx';
import { displayName } from '../../app/displayName.ts';
import { BasicsSection } from './BasicsSection.tsx';
import { ItemsList } from './ItemsList.tsx';
import { LifecycleSection } from './LifecycleSection.tsx';
import { NameChoices } from './NameChoices.tsx';
import { PairsTable } from './PairsTable.tsx';
import { ScalingSection } from './ScalingSection.tsx';
import { Section } from './Section.tsx';
import styles from './ServiceForm.module.css';
import { useServiceForm } from './ServiceFormContext.ts';

interface ServiceFormProps {
  /** Found in the service, but at no field of the form. */
  others: readonly Diagnostic[];
  onRename: () => void;
  onRemove: () => void;
}

/** All that can be said of a service without writing YAML. What the form has no field for stays in the text as it is. */
export function ServiceForm({ others, onRename, onRemove }: ServiceFormProps) {
  const { service, declared, showLine } = useServiceForm();
  return (
    <div className={styles.form}>
      <header className={styles.head}>
        <h2 className={styles.title}>{displayName(service.name)}</h2>
        <Button size="small" variant="ghost" icon={<Pencil size={13} />} onClick={onRename}>
          Rename…
        </Button>
        <Button size="small" variant="ghost" icon={<Trash2 size={13} />} onClick={onRemove}>
          Remove…
        </Button>
      </header>
      {others.map((found) => (
        <Banner
          key={found.id}
          tone={found.severity === 'error' ? 'error' : found.severity === 'warning' ? 'warn' : 'info'}
          title={displayName(found.message)}
          action={
            found.range === undefined ? undefined : (
              <Button size="small" onClick={() => showLine(found.range?.line ?? 1)}>
                Line {found.range.line}
              </Button>
            )
          }
        >
          {displayName(found.explanation)}
        </Banner>
      ))}
      <BasicsSection />
      <ScalingSection />
      <Section title="Environment">
        <PairsTable field="environment" noun="variable" />
      </Section>
      <Section title="Mounts">
        <ItemsList field="volumes" noun="mount" placeholder="./data:/data or volume:/path" />
      </Section>
      <Section title="Ports">
        <ItemsList field="ports" noun="port" placeholder="8080:80" />
      </Section>
      <Section title="Networks">
        <NameChoices
          field="networks"
          names={declared.networks}
          none="The project declares no networks of its own: all its services share one."
        />
      </Section>
      <Section title="Secrets">
        <NameChoices field="secrets" names={declared.secrets} none="The project declares no secrets." />
      </Section>
      <LifecycleSection />
    </div>
  );
}
