import { X } from 'lucide-react';
import { useEffect, useState } from 'react';
import type { Client } from '#shared/contract/Client.ts';
import { type ErrorShape, toErrorShape } from '#shared/contract/errors.ts';
import type { SweepJob, SweepPlan } from '#shared/domain/Sweep.ts';
import { timeWords } from '#shared/study/words.ts';
import { IconButton } from '../../ui/IconButton.tsx';
import { formatWhen } from '../build/formatWhen.ts';
import styles from './JobDetails.module.css';

const LOOK_MS = 2_000;

interface JobDetailsProps {
  plan: SweepPlan;
  job: SweepJob;
  client: Client;
  onClose: () => void;
}

/** One job of a sweep: its parameters, how its tries went, and the last lines of its log. */
export function JobDetails({ plan, job, client, onClose }: JobDetailsProps) {
  const { lines, error } = useJobLog(client, plan.id, job);
  const { last } = job;
  const title = `Job ${job.index + 1}`;
  return (
    <section className={styles.details} aria-label={title}>
      <header className={styles.head}>
        <h2 className={styles.title}>{title}</h2>
        <IconButton size="small" label="Close the job" icon={<X size={14} />} onClick={onClose} />
      </header>
      <div className={styles.facts}>
        <p>{stateWords(job)}</p>
        {last?.reason === undefined ? null : (
          <p className={styles.bad}>
            Try {last.number}: {last.reason}
          </p>
        )}
        {(last?.problems ?? []).map((problem) => (
          <p key={problem}>{problem}</p>
        ))}
        {plan.parameters.map((name, at) => (
          <p key={name}>
            {name} = {plan.rows[job.index]?.[at]}
          </p>
        ))}
      </div>
      <pre className={styles.log} tabIndex={0} aria-label={`Log of job ${job.index + 1}`} data-job-log>
        {lines !== undefined && lines.length > 0 ? (
          lines.join('\n')
        ) : (
          <span className={styles.empty}>
            {error?.message ??
              (lines === undefined
                ? 'Reading the log…'
                : job.tries === 0
                  ? 'Nothing yet.'
                  : 'It wrote nothing.')}
          </span>
        )}
      </pre>
    </section>
  );
}

function stateWords({ state, tries, left, last }: SweepJob): string {
  const when = last === undefined ? '' : `, the last one at ${formatWhen(last.startedAt, Date.now())}`;
  const time = last?.timeMs === undefined ? '' : `, ${timeWords(last.timeMs)}`;
  const triesWords =
    tries === 0 ? 'not tried yet' : tries === 1 ? `one try${when}${time}` : `${tries} tries${when}${time}`;
  const more = state === 'waiting' && tries > 0 ? `; ${left} more` : '';
  return `${state}: ${triesWords}${more}`;
}

/** The last lines of a job's log, read again while it runs and when it has ended. */
function useJobLog(client: Client, sweepId: string, { index, state, tries }: SweepJob) {
  const [answer, setAnswer] = useState<{ lines?: string[]; error?: ErrorShape }>({});
  useEffect(() => setAnswer({}), [sweepId, index]);
  useEffect(() => {
    let stale = false;
    const read = (): void =>
      void client.call('sweeps.log', { sweepId, job: index }).then(
        (lines) => stale || setAnswer({ lines }),
        (error: unknown) => stale || setAnswer({ error: toErrorShape(error) }),
      );
    read();
    const timer = state === 'running' ? setInterval(read, LOOK_MS) : undefined;
    return () => {
      stale = true;
      clearInterval(timer);
    };
  }, [client, sweepId, index, state, tries]);
  return answer;
}
