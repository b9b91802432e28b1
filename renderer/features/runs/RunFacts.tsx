import type { RunGit, RunRecord } from '#shared/domain/Run.ts';
import { usageByService } from '#shared/runs/totalUsage.ts';
import { coreSecondsWords, peakMemoryWords, seenWords } from '#shared/runs/usageWords.ts';
import { displayName } from '../app/displayName.ts';
import { formatBytes } from '../build/formatBytes.ts';
import { classNames } from '../../ui/classNames.ts';
import styles from './RunTable.module.css';

/** What a run was made from and where it ran. */
export function RunFacts({ record }: { record: RunRecord }) {
  const { summary, host, git, services, workers } = record;
  const { usage } = summary;
  const rows: [string, string | undefined][] = [
    ['Run', summary.id],
    ['Made again from', summary.rerunOf],
    [
      'Noticed',
      summary.origin === 'found' ? 'when it ran already: its files may have been others' : undefined,
    ],
    [
      'Used',
      usage && `${coreSecondsWords(usage)}, ${peakMemoryWords(usage)} of memory at most in one container`,
    ],
    ...usageByService(workers).map(({ service, usage: own }): [string, string] => [
      `Used by ${service}`,
      `${coreSecondsWords(own)}, ${peakMemoryWords(own)}`,
    ]),
    ['How exact', usage && seenWords(usage)],
    ['Commit', gitWords(git)],
    ['Engine', host && `${host.engine}, ${host.operatingSystem}, ${host.architecture}`],
    ['Kernel', host?.kernel],
    [
      'Host',
      host &&
        `${host.cpus} CPUs, ${formatBytes(host.memoryBytes)}, cgroup ${host.cgroupVersion}${host.rootless ? ', rootless' : ''}`,
    ],
    ...services.map(({ name, image, imageId, replicas }): [string, string] => [
      name,
      `${replicas} × ${image}${imageId === undefined ? '' : ` (${imageId.replace('sha256:', '').slice(0, 12)})`}`,
    ]),
    ['Settings', summary.composeHash?.slice(0, 12)],
    ['Log', record.logs],
    ['Kept at', record.folder],
  ];
  return (
    <div className={styles.box}>
      <table className={classNames(styles.table, styles.facts)}>
        <caption className={styles.caption}>Made from</caption>
        <tbody>
          {rows.map(([what, value]) =>
            value === undefined ? null : (
              <tr key={what}>
                <th scope="row">{displayName(what)}</th>
                <td>{displayName(value)}</td>
              </tr>
            ),
          )}
        </tbody>
      </table>
    </div>
  );
}

function gitWords(git: RunGit | undefined): string | undefined {
  if (git === undefined) return undefined;
  if (!git.known) return `not known: ${git.reason}`;
  const changes =
    git.dirty === undefined
      ? 'changes not known'
      : git.dirty
        ? `changed: ${git.changed.slice(0, 5).join(', ')}${git.changed.length > 5 ? ` and ${git.changed.length - 5} more` : ''}`
        : 'nothing changed';
  return `${git.commit.slice(0, 12)}${git.branch === undefined ? '' : ` on ${git.branch}`}, ${changes}`;
}
