import { Plus } from 'lucide-react';
import { useRef, useState } from 'react';
import type { Client } from '#shared/contract/Client.ts';
import type { AppView } from '#shared/domain/AppView.ts';
import type { SweepSummary } from '#shared/domain/Sweep.ts';
import { showError } from '../../app/showError.ts';
import { useEngine } from '../../stores/engine.ts';
import { Banner } from '../../ui/Banner.tsx';
import { Button } from '../../ui/Button.tsx';
import { Select } from '../../ui/Select.tsx';
import { Spinner } from '../../ui/Spinner.tsx';
import { useKeptFocus } from '../../ui/useKeptFocus.ts';
import { orAskConsent } from '../app/consentStore.ts';
import { formatWhen } from '../build/formatWhen.ts';
import { SweepForm } from './SweepForm.tsx';
import styles from './SweepPanel.module.css';
import { SweepView } from './SweepView.tsx';
import { useSweeps, useSweepTable } from './useSweeps.ts';

/** Until an engine tells how many it has. */
const USUAL_CPUS = 4;
/** In place of a sweep's id: a new one is being made up. */
const NEW = 'new';

interface SweepPanelProps {
  app: AppView;
  client: Client;
  engineReady: boolean;
}

/** The sweeps of an app: begins one, and shows the table of each as it fills. */
export default function SweepPanel({ app, client, engineReady }: SweepPanelProps) {
  const state = useSweeps(client, app.id);
  const cpus = useEngine(({ state: engine }) => (engine?.phase === 'ready' ? engine.info.cpus : USUAL_CPUS));
  const [chosen, setChosen] = useState('');
  const panel = useRef<HTMLDivElement>(null);
  useKeptFocus(panel);
  const going = state?.going ?? null;
  const sweeps = state?.sweeps ?? [];
  // A sweep that was deleted gives way to the newest.
  const known = chosen === NEW || sweeps.some(({ id }) => id === chosen) ? chosen : '';
  const shown = known === '' ? (going?.sweepId ?? sweeps[0]?.id ?? NEW) : known;
  const table = useSweepTable(client, shown === NEW ? undefined : shown);
  if (state === undefined)
    return (
      <div className={styles.waiting}>
        <Spinner />
      </div>
    );
  const canStart = engineReady && going === null;
  const begin = async (call: () => Promise<null>): Promise<void> => {
    try {
      const purpose = { label: 'Allow and sweep', go: () => void begin(call) };
      // The one that begins is looked at.
      if (await orAskConsent(call(), app.id, purpose)) setChosen('');
    } catch (error) {
      showError(error);
    }
  };
  const cancel = (): void => void client.call('sweeps.cancel', { appId: app.id }).catch(showError);
  const choice = (
    <>
      <Select
        className={styles.choice}
        data-focus-id="choice"
        label="Sweep"
        hideLabel
        value={shown}
        onChange={setChosen}
        options={[
          ...(shown === NEW ? [{ value: NEW, label: 'New sweep' }] : []),
          ...sweeps.map((sweep) => ({ value: sweep.id, label: sweepTitle(sweep) })),
        ]}
      />
      <Button icon={<Plus size={14} />} disabled={shown === NEW} onClick={() => setChosen(NEW)}>
        New sweep
      </Button>
    </>
  );
  return (
    <div ref={panel} className={styles.panel} data-testid="sweep-panel">
      {state.error === null ? null : (
        <Banner flush tone="error" title={state.error.message}>
          {state.error.hint}
        </Banner>
      )}
      {sweeps.length === 0 || table !== undefined ? null : <div className={styles.bar}>{choice}</div>}
      {going !== null && going.sweepId === undefined ? (
        <div className={styles.strip} role="status" tabIndex={-1} data-keeps-focus>
          <Spinner size={14} />
          {going.phase === 'queued' ? 'Waits: another sweep or a study goes first' : 'Getting the images'}
          <Button size="small" onClick={cancel}>
            Cancel
          </Button>
        </div>
      ) : null}
      {shown === NEW ? (
        <div className={styles.new}>
          {sweeps.length > 0 ? null : (
            <p className={styles.intro}>
              A sweep runs a container of a service for each combination of parameters, so many at once, and
              collects what each of them finds in one table.
            </p>
          )}
          <SweepForm app={app} client={client} cpus={cpus} canStart={canStart} begin={begin} />
        </div>
      ) : table === undefined ? (
        <div className={styles.waiting}>
          <Spinner />
        </div>
      ) : (
        <SweepView
          key={shown}
          table={table}
          client={client}
          progress={going?.sweepId === shown ? going : undefined}
          canStart={canStart}
          begin={begin}
        >
          {choice}
        </SweepView>
      )}
    </div>
  );
}

function sweepTitle({ name, createdAt, parameters, counts }: SweepSummary): string {
  const called = name === undefined ? parameters.join(', ') : `“${name}”`;
  const jobs = counts.waiting + counts.running + counts.ok + counts.failed;
  return `${formatWhen(createdAt, Date.now())} · ${called} · ${jobs === 1 ? '1 job' : `${jobs} jobs`}`;
}
