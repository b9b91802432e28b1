import { useState } from 'react';
import type { AppView, WorkerView } from '#shared/domain/AppView.ts';
import type { Diagnostic } from '#shared/domain/Diagnostic.ts';
import type { Role } from '#shared/domain/Role.ts';
import styles from './ServiceList.module.css';
import { ServiceRow } from './ServiceRow.tsx';

interface ServiceListProps {
  app: AppView;
  workers: readonly WorkerView[];
  /** No engine: numbers cannot be changed. */
  disabled: boolean;
  onRole: (service: string, role: Role) => void;
  onScale: (service: string, replicas: number) => void;
  onAutoscale: (service: string, on: boolean) => void;
  onFix: (diagnosticId: string, fixId: string) => void;
}

const NONE: readonly never[] = [];

/** The app's services, one row each. */
export function ServiceList(props: ServiceListProps) {
  const { app, workers, disabled, onRole, onScale, onAutoscale, onFix } = props;
  const [keepGroups] = useState(groupKeeper);
  const ofService = keepGroups(workers);
  return (
    <div className={styles.list} data-testid="services">
      {app.services.map((service) => (
        <ServiceRow
          key={service.name}
          appId={app.id}
          origin={app.origin}
          service={service}
          workers={ofService.get(service.name) ?? NONE}
          blockers={service.scaleBlockedBy === null ? NONE : scaleBlockers(app.diagnostics, service.name)}
          disabled={disabled}
          onRole={onRole}
          onScale={onScale}
          onAutoscale={onAutoscale}
          onFix={onFix}
        />
      ))}
    </div>
  );
}

/** Findings about what keeps a service from being scaled: a fixed host port, a container name. */
function scaleBlockers(diagnostics: readonly Diagnostic[], service: string): Diagnostic[] {
  return diagnostics.filter(
    (diagnostic) =>
      diagnostic.service === service &&
      diagnostic.fixes.length > 0 &&
      /port|container-?name|scale/i.test(diagnostic.code),
  );
}

/** Groups workers by service; a service's array stays the same object while its workers do. */
function groupKeeper(): (workers: readonly WorkerView[]) => ReadonlyMap<string, readonly WorkerView[]> {
  let last: { of: readonly WorkerView[]; groups: Map<string, WorkerView[]> } = {
    of: NONE,
    groups: new Map(),
  };
  return (workers) => {
    if (last.of === workers) return last.groups;
    const groups = new Map<string, WorkerView[]>();
    for (const worker of workers) {
      const group = groups.get(worker.service);
      if (group) group.push(worker);
      else groups.set(worker.service, [worker]);
    }
    for (const [service, group] of groups) {
      const before = last.groups.get(service);
      if (before && before.length === group.length && before.every((worker, at) => worker === group[at]))
        groups.set(service, before);
    }
    last = { of: workers, groups };
    return groups;
  };
}
