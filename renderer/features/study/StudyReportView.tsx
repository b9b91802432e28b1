import type { StudyReport } from '#shared/study/analyseStudy.ts';
import { fitWords, STUDY_COLUMNS, studyRow } from '#shared/study/describeStudy.ts';
import { StudyPlots } from './StudyPlots.tsx';
import styles from './StudyReportView.module.css';

/** What a study found: the verdict, two plots, the table they are drawn from, the fits, and what to bear in mind. */
export function StudyReportView({ report }: { report: StudyReport }) {
  return (
    <article className={styles.report} aria-label="Result of the study">
      <p className={styles.verdict}>
        {report.remaining > 0 ? 'So far: ' : ''}
        {report.verdict}
      </p>
      <StudyPlots report={report} />
      <div className={styles.scroller} tabIndex={0} role="region" aria-label="Table of the study">
        <table className={styles.table}>
          <thead>
            <tr>
              {STUDY_COLUMNS.map(({ name, label }) => (
                <th key={label} scope="col" aria-label={label}>
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {report.points.map((point) => {
              const [workers, ...cells] = studyRow(point);
              return (
                <tr key={point.workers}>
                  <th scope="row">{workers}</th>
                  {cells.map((cell, index) => (
                    <td key={STUDY_COLUMNS[index + 1]?.label}>{cell}</td>
                  ))}
                </tr>
              );
            })}
          </tbody>
        </table>
      </div>
      {report.fits.length + report.notes.length > 0 ? (
        <ul className={styles.notes}>
          {[...report.fits.map(fitWords), ...report.notes].map((note) => (
            <li key={note}>{note}</li>
          ))}
        </ul>
      ) : null}
    </article>
  );
}
