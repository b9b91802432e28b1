import { Lock } from 'lucide-react';
import { memo } from 'react';
import type { Diagnostic } from '#shared/domain/Diagnostic.ts';
import type { AppView, ServiceView, WorkerView } from '#shared/domain/AppView.ts';
import type { Role } from '#shared/domain/Role.ts';
import { Button } from '../../ui/Button.tsx';
import { Select } from '../../ui/Select.tsx';
import { Tooltip } from '../../ui/Tooltip.tsx';
import { AutoscaleControl } from './AutoscaleControl.tsx';
import { countStages } from './countPhases.ts';
import { displayName } from './displayName.ts';
import { DoorControl } from './DoorControl.tsx';
import { ScaleControl } from './ScaleControl.tsx';
import { useWantedReplicas } from './scaleStore.ts';
import styles from './ServiceRow.module.css';

interface ServiceRowProps {
  appId: string;
  origin: AppView['origin'];
  service: ServiceView;
  workers: readonly WorkerView[];
  /** Findings whose fixes would let the service be scaled. */
  blockers: readonly Diagnostic[];
  /** No engine: numbers cannot be changed. */
  disabled: boolean;
  onRole: (service: string, role: Role) => void;
  onScale: (service: string, replicas: number) => void;
  onAutoscale: (service: string, on: boolean) => void;
  onFix: (diagnosticId: string, fixId: string) => void;
}

const ROLE_OPTIONS: { value: Role; label: string }[] = [
  { value: 'main', label: 'Main' },
  { value: 'worker', label: 'Worker' },
  { value: 'service', label: 'Service' },
];

/** A service: what part it plays, what it runs, how many, and how to change that. */
export const ServiceRow = memo(function ServiceRow(props: ServiceRowProps) {
  const { appId, origin, service, workers, blockers, disabled, onRole, onScale, onAutoscale, onFix } = props;
  const wanted = useWantedReplicas(appId, service.name);
  const replicas = wanted ?? service.requestedReplicas;
  const name = displayName(service.name);
  const counts = countStages(workers);
  const blocked = service.scaleBlockedBy;
  // An app whose folder is not known cannot be scaled: nobody knows what a further replica would be.
  const scalable = service.role === 'worker' && origin === 'folder';
  const beyond = scalable ? beyondWords(replicas, service) : undefined;
  return (
    <section className={styles.service} aria-label={`Service ${name}`} data-service={service.name}>
      <div className={styles.row}>
        <div className={styles.identity}>
          <span className={styles.name}>{name}</span>
          <span className={styles.meta}>
            <Tooltip content={displayName(service.image)}>
              <span className={styles.image}>{displayName(service.image)}</span>
            </Tooltip>
            {service.buildable && service.imagePresent === false ? (
              <span className={styles.flag}>not built</span>
            ) : null}
            {service.file ? (
              <span className={styles.place}>
                {displayName(service.file)}
                {service.line === undefined ? '' : `:${service.line}`}
              </span>
            ) : null}
          </span>
        </div>
        <div className={styles.role}>
          <Select
            label={`Role of ${name}`}
            hideLabel
            value={service.role}
            disabled={origin === 'engine'}
            onChange={(role) => onRole(service.name, role)}
            options={ROLE_OPTIONS}
          />
          {service.roleSource === 'guessed' ? (
            <Tooltip content={`Guessed: ${displayName(service.roleReason)}`}>
              <span className={styles.guessed} tabIndex={0}>
                guessed
              </span>
            </Tooltip>
          ) : null}
        </div>
        <div className={styles.state}>
          <div className={styles.counts}>
            {scalable || replicas !== 1 ? (
              <span className={styles.requested}>{replicas} requested</span>
            ) : null}
            {counts.length === 0 && replicas > 0 ? <span>not started</span> : null}
            {counts.map(({ phase, text }) => (
              <span key={phase} data-phase={phase}>
                {text}
              </span>
            ))}
          </div>
          {service.door === undefined ? null : <DoorControl service={name} door={service.door} />}
          {scalable && service.autoscale !== undefined ? (
            <AutoscaleControl
              service={name}
              autoscale={service.autoscale}
              disabled={disabled || blocked !== null}
              onChange={(on) => onAutoscale(service.name, on)}
            />
          ) : null}
        </div>
        <div className={styles.scale}>
          {scalable ? (
            <ScaleControl
              service={service.name}
              replicas={replicas}
              disabled={disabled || blocked !== null}
              onChange={(next) => onScale(service.name, next)}
            />
          ) : null}
        </div>
      </div>
      {beyond === undefined ? null : (
        <p className={styles.beyond} role="note">
          {beyond}
        </p>
      )}
      {scalable && blocked !== null ? (
        <div className={styles.blocked} role="note">
          <Lock size={13} aria-hidden />
          <span className={styles.reason}>{displayName(blocked)}</span>
          {blockers.map((diagnostic) =>
            diagnostic.fixes.map((fix) => (
              <Button key={fix.id} size="small" onClick={() => onFix(diagnostic.id, fix.id)}>
                {displayName(fix.title)}
              </Button>
            )),
          )}
        </div>
      ) : null}
    </section>
  );
});

/** That a number lies outside of those that the file has in mind: set by hand it holds, and should be no slip of the hand. */
function beyondWords(replicas: number, service: ServiceView): string | undefined {
  const range = service.scaleRange ?? service.autoscale;
  if (range === undefined || (replicas >= range.min && replicas <= range.max)) return undefined;
  const bound =
    replicas > range.max
      ? `more than the file’s maximum of ${range.max}`
      : `fewer than the file’s minimum of ${range.min}`;
  return `${replicas} is ${bound}.${replicas === service.declaredReplicas ? '' : ' Set by hand, it holds.'}`;
}
