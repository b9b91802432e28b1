import { useMemo, useState } from 'react';
import type { Client } from '#shared/contract/Client.ts';
import type { StudyRecord } from '#shared/domain/Study.ts';
import { analyseStudy } from '#shared/study/analyseStudy.ts';
import { baselineOf } from '#shared/study/baselineOf.ts';
import { checkRequirements } from '#shared/study/checkRequirements.ts';
import { compareStudies } from '#shared/study/compareStudies.ts';
import { costTable } from '#shared/study/cost/costTable.ts';
import { runForecaster } from '#shared/study/cost/forecastRun.ts';
import { fitWords, STUDY_COLUMNS, studyRow } from '#shared/study/describeStudy.ts';
import { measurePoints } from '#shared/study/measurePoints.ts';
import { remainingRuns } from '#shared/study/planRuns.ts';
import { studyPlots } from '#shared/study/plots/studyPlots.ts';
import type { Requirement } from '#shared/study/Requirement.ts';
import { usePreferences } from '../../stores/preferences.ts';
import { Comparison } from './Comparison.tsx';
import { CostSection } from './CostSection.tsx';
import { StudyExport } from './StudyExport.tsx';
import { NumbersTable } from './NumbersTable.tsx';
import { PlotFigure } from './PlotFigure.tsx';
import { RequirementList } from './RequirementList.tsx';
import section from './Section.module.css';
import styles from './StudyReportView.module.css';
import { studyTitle } from './studyTitle.ts';

interface StudyReportViewProps {
  record: StudyRecord;
  /** The app's other studies, newest first. */
  others: readonly StudyRecord[];
  requirements: readonly Requirement[];
  /** It is under way. */
  goesOn: boolean;
  client: Client;
}

/**
 * What a study found: the verdict, whether it is as it has to be, plots, the table they are drawn from, how it compares with an earlier one, fits, what to bear in
 * mind, and what it costs.
 */
export function StudyReportView({ record, others, requirements, goesOn, client }: StudyReportViewProps) {
  const [beforeId, setBeforeId] = useState('');
  const [asked, setAsked] = useState<number>();
  const core = usePreferences(({ corePrice }) => corePrice);
  const gpu = usePreferences(({ gpuPrice }) => gpuPrice);
  const report = useMemo(() => analyseStudy(record), [record]);
  const plots = useMemo(() => studyPlots(report), [report]);
  const forecaster = useMemo(() => runForecaster(report), [report]);
  const before = others.find(({ plan }) => plan.id === beforeId);
  const comparison = useMemo(
    () =>
      before === undefined
        ? undefined
        : {
            with: studyTitle(before),
            comparison: compareStudies(measurePoints(before).points, report.points),
          },
    [before, report],
  );
  // A study is held against those before it: it is no baseline of itself.
  const earlier = others.filter(({ plan }) => plan.createdAt < record.plan.createdAt);
  const toCome = goesOn ? remainingRuns(record.plan, record.runs).map(({ workers }) => workers) : [];
  const results = checkRequirements(
    requirements,
    report.points,
    (name) => baselineOf(earlier, name),
    new Set(toCome),
  );
  const cost = costTable(report, { core, gpu }, asked === undefined ? [] : [asked], forecaster);
  return (
    <article className={styles.report} aria-label="Result of the study">
      <header className={styles.head}>
        <p className={styles.verdict}>
          {report.remaining > 0 ? 'So far: ' : ''}
          {report.verdict}
        </p>
        <StudyExport
          record={record}
          report={report}
          extras={{
            requirements: results,
            comparison,
            cost: core > 0 || gpu > 0 || asked !== undefined ? cost : undefined,
          }}
        />
      </header>
      {results.length === 0 ? null : <RequirementList results={results} />}
      {plots.length === 0 ? null : (
        <div className={styles.plots}>
          {plots.map((plot) => (
            <PlotFigure key={plot.id} plot={plot} />
          ))}
        </div>
      )}
      <NumbersTable
        label="Table of the study"
        columns={STUDY_COLUMNS}
        rows={report.points.map((point) => studyRow(point))}
      />
      {report.fits.length + report.notes.length > 0 ? (
        <ul className={section.points}>
          {[...report.fits.map(fitWords), ...report.notes].map((note) => (
            <li key={note}>{note}</li>
          ))}
        </ul>
      ) : null}
      {others.length === 0 ? null : (
        <Comparison
          others={others}
          chosen={beforeId}
          onChoose={setBeforeId}
          comparison={comparison?.comparison}
        />
      )}
      {report.base === undefined ? null : (
        <CostSection
          cost={cost}
          prices={{ core, gpu }}
          hasGpus={report.plan.gpusPerWorker !== undefined}
          onAsk={setAsked}
          client={client}
        />
      )}
    </article>
  );
}
