import { Info } from 'lucide-react';
import type { ReactNode } from 'react';
import { Button } from '../../ui/Button.tsx';
import { NumberField } from '../../ui/NumberField.tsx';
import { SegmentedControl } from '../../ui/SegmentedControl.tsx';
import { Select } from '../../ui/Select.tsx';
import { MOST_GPUS, PLACEMENT_DEFAULTS, type PlacementPolicy } from '#shared/placement/PlacementPolicy.ts';
import type { PlacedServiceView } from '#shared/placement/PlacementView.ts';
import { decisionWords, placeWords, policyWords } from '#shared/placement/describePlacement.ts';
import { countsOf, type Topology } from '#shared/placement/Topology.ts';
import { displayName } from '../app/displayName.ts';
import styles from './PlacementPanel.module.css';

interface PlacementControlsProps {
  service: PlacedServiceView;
  topology: Topology;
  /** A change is being written. */
  isBusy: boolean;
  onChange: (wanted: PlacementPolicy) => void;
  /** News of the last change. */
  children?: ReactNode;
}

const isCompose = (file: string): boolean => /\.ya?ml$/i.test(file);

/** How the replicas of one service are placed; each change is written into its compose file. */
export function PlacementControls({ service, topology, isBusy, onChange, children }: PlacementControlsProps) {
  const { placement, name, file, line, source } = service;
  const decision = decisionWords(service);
  const { cpus, cores, nodes, gpus } = countsOf(topology);
  const policy = placement ?? PLACEMENT_DEFAULTS;
  const hasCpus = policy.cpusPerWorker > 0;
  const disabled = isBusy || !isCompose(file) || (source !== null && source.changedIn === undefined);
  const change = (fields: Partial<PlacementPolicy>): void => onChange({ ...policy, ...fields });
  return (
    <section className={styles.service} aria-label={`Placement of ${displayName(name)}`}>
      <header className={styles.serviceHead}>
        <h2>{displayName(name)}</h2>
        <span className={styles.muted}>{policyWords(service)}</span>
        <span className={styles.place}>
          {displayName(
            source?.decides === undefined
              ? `${file}${line === undefined ? '' : `:${line}`}`
              : placeWords(source.decides),
          )}
        </span>
      </header>
      {decision === undefined ? null : (
        <p className={styles.decision}>
          <Info size={14} aria-hidden />
          <span>{displayName(decision)}</span>
        </p>
      )}
      {children}
      {isCompose(file) ? (
        <div className={styles.controls}>
          <NumberField
            label="CPUs each"
            value={policy.cpusPerWorker}
            min={0}
            max={cpus}
            disabled={disabled}
            onCommit={(cpusPerWorker) => change({ cpusPerWorker })}
          />
          {gpus > 0 || policy.gpusPerWorker > 0 ? (
            <NumberField
              label="GPUs each"
              value={policy.gpusPerWorker}
              min={0}
              max={Math.max(1, Math.min(gpus, MOST_GPUS))}
              disabled={disabled}
              onCommit={(gpusPerWorker) => change({ gpusPerWorker })}
            />
          ) : null}
          {hasCpus ? (
            <>
              <div className={styles.field}>
                <span className={styles.label} aria-hidden>
                  NUMA nodes
                </span>
                <SegmentedControl<PlacementPolicy['policy']>
                  label="NUMA nodes"
                  value={policy.policy}
                  disabled={disabled}
                  onChange={(chosen) => change({ policy: chosen })}
                  options={[
                    { value: 'packed', label: 'Packed' },
                    { value: 'spread', label: 'Spread' },
                  ]}
                />
              </div>
              <Select<PlacementPolicy['smt']>
                label="Threads of a core"
                value={policy.smt}
                disabled={disabled}
                onChange={(smt) => change({ smt })}
                options={[
                  { value: 'avoid', label: 'one' },
                  { value: 'use', label: 'all' },
                ]}
              />
              <Select<PlacementPolicy['memory']>
                label="Memory from"
                value={policy.memory}
                disabled={disabled}
                onChange={(memory) => change({ memory })}
                options={[
                  { value: 'any', label: 'any node' },
                  { value: 'local', label: nodes > 1 ? 'its own nodes' : 'its own node' },
                ]}
              />
              <NumberField
                label="Cores left free"
                value={policy.leaveFree}
                min={0}
                max={Math.max(0, cores - 1)}
                disabled={disabled}
                onCommit={(leaveFree) => change({ leaveFree })}
              />
              <Select<PlacementPolicy['threads']>
                label="Thread variables"
                value={policy.threads}
                disabled={disabled}
                onChange={(threads) => change({ threads })}
                options={[
                  { value: 'match', label: 'match the CPUs' },
                  { value: 'keep', label: 'as they are' },
                ]}
              />
            </>
          ) : null}
          {placement === null ? null : (
            <Button
              className={styles.off}
              variant="ghost"
              disabled={disabled}
              onClick={() => onChange({ ...PLACEMENT_DEFAULTS })}
            >
              Run anywhere
            </Button>
          )}
        </div>
      ) : (
        <p className={styles.muted}>
          A placement stands in a compose file, and this project has none: generate one under Dockerfile, or
          write it.
        </p>
      )}
    </section>
  );
}
