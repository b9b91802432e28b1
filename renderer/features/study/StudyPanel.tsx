import { FlaskConical } from 'lucide-react';
import { useRef, useState } from 'react';
import type { Client } from '#shared/contract/Client.ts';
import type { AppView } from '#shared/domain/AppView.ts';
import { remainingRuns } from '#shared/study/planRuns.ts';
import { showError } from '../../app/showError.ts';
import { useEngine } from '../../stores/engine.ts';
import { Banner } from '../../ui/Banner.tsx';
import { EmptyState } from '../../ui/EmptyState.tsx';
import { Select } from '../../ui/Select.tsx';
import { Spinner } from '../../ui/Spinner.tsx';
import { useKeptFocus } from '../../ui/useKeptFocus.ts';
import { StudyForm } from './StudyForm.tsx';
import styles from './StudyPanel.module.css';
import { StudyProgressStrip } from './StudyProgressStrip.tsx';
import { StudyReportView } from './StudyReportView.tsx';
import { studyTitle } from './studyTitle.ts';
import { useStudies } from './useStudies.ts';

/** Until an engine tells how many it has. */
const USUAL_CPUS = 4;

interface StudyPanelProps {
  app: AppView;
  client: Client;
  engineReady: boolean;
  /** Id of the study that is shown at first; default: the newest. */
  first?: string;
}

/** The scaling studies of an app: begins one, shows how it goes, and what each of them found. */
export function StudyPanel({ app, client, engineReady, first = '' }: StudyPanelProps) {
  const state = useStudies(client, app.id);
  const cpus = useEngine(({ state: engine }) => (engine?.phase === 'ready' ? engine.info.cpus : USUAL_CPUS));
  const [chosen, setChosen] = useState(first);
  const panel = useRef<HTMLDivElement>(null);
  useKeptFocus(panel);
  if (state === undefined)
    return (
      <div className={styles.waiting}>
        <Spinner />
      </div>
    );
  const { records, going, error } = state;
  const all = going?.record === undefined ? records : [going.record, ...records];
  const shown = all.find(({ plan }) => plan.id === chosen) ?? all[0];
  const hasWorkers = app.services.some(({ role }) => role === 'worker');
  const lacksRuns = records.some(({ plan, runs }) => remainingRuns(plan, runs).length > 0);
  return (
    <div ref={panel} className={styles.panel} data-testid="study-panel">
      {error === null ? null : (
        <Banner tone="error" title={error.message}>
          {error.hint}
        </Banner>
      )}
      {going !== null ? (
        <StudyProgressStrip
          progress={going}
          onCancel={() => void client.call('studies.cancel', { appId: app.id }).catch(showError)}
        />
      ) : hasWorkers ? (
        <StudyForm app={app} client={client} cpus={cpus} engineReady={engineReady} canResume={lacksRuns} />
      ) : (
        <Banner tone="warn" title="No service of this app is a worker.">
          Choose the role worker for the service whose replicas are to be counted.
        </Banner>
      )}
      {shown === undefined ? (
        <EmptyState compact icon={<FlaskConical size={22} />} title="How well does it scale?">
          A study runs the app with each worker count several times, beside what runs now, and tells the
          speedup, the efficiency and where more workers stop paying.
        </EmptyState>
      ) : (
        <>
          {all.length > 1 ? (
            <Select
              className={styles.choice}
              label="Study"
              value={shown.plan.id}
              onChange={setChosen}
              options={all.map((record) => ({ value: record.plan.id, label: studyTitle(record) }))}
            />
          ) : null}
          <StudyReportView
            key={shown.plan.id}
            record={shown}
            others={all.filter(({ plan }) => plan.id !== shown.plan.id)}
            requirements={app.requirements ?? []}
            goesOn={shown === going?.record}
            client={client}
          />
        </>
      )}
    </div>
  );
}
