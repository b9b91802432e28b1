import { FilePlus2, FolderX, ShieldAlert } from 'lucide-react';
import { lazy, Suspense, useCallback, useEffect, useMemo, useRef, useState } from 'react';
import type { Client } from '#shared/contract/Client.ts';
import type { AppView } from '#shared/domain/AppView.ts';
import type { Role } from '#shared/domain/Role.ts';
import type { RunSummary } from '#shared/domain/Run.ts';
import { editHash, goTo } from '../../stores/route.ts';
import { Badge } from '../../ui/Badge.tsx';
import { Banner } from '../../ui/Banner.tsx';
import { Button } from '../../ui/Button.tsx';
import { EmptyState } from '../../ui/EmptyState.tsx';
import { Spinner } from '../../ui/Spinner.tsx';
import { Tabs } from '../../ui/Tabs.tsx';
import { BuildPanel } from '../build/BuildPanel.tsx';
import { latestBuilds } from '../build/latestBuilds.ts';
import { lookAtApp, lookAtLatest } from '../build/state/buildViewStore.ts';
import { DockerfilePane } from '../dockerfile/DockerfilePane.tsx';
import { useEditorPane } from '../dockerfile/useEditorPane.ts';
import { GenerateDialog } from '../generate/GenerateDialog.tsx';
import { GenerateNotice } from '../generate/GenerateNotice.tsx';
import { openGenerate } from '../generate/generateStore.ts';
import { LogPanel, type LogPanelHandle } from '../logs/LogPanel.tsx';
import type { TimeSpan } from '../logs/query/buildLogQuery.ts';
import { ALL_WORKERS, type WorkerChoice } from '../logs/query/WorkerChoice.ts';
import { ProblemsPanel } from '../problems/ProblemsPanel.tsx';
import { StudyPanel } from '../study/StudyPanel.tsx';
import { appAbilities } from './appAbilities.ts';
import { AppCommands } from './AppCommands.ts';
import { AppHeader } from './AppHeader.tsx';
import { AppNotices } from './AppNotices.tsx';
import styles from './AppScreen.module.css';
import { ConsentPanel } from './ConsentPanel.tsx';
import { ChangedCodeNotice } from './ChangedCodeNotice.tsx';
import { closeConsent, openConsent, useConsent } from './consentStore.ts';
import { countErrors } from './countErrors.ts';
import { idleWords } from './idleWords.ts';
import { OperationStrip } from './OperationStrip.tsx';
import { PagePanes } from './PagePanes.tsx';
import { workerKeeper } from './sameWorkers.ts';
import { ServiceList } from './ServiceList.tsx';
import type { AppKeyTargets } from './appActions.ts';
import { useAppKeys } from './useAppKeys.ts';
import { useAppTab } from './useAppTab.ts';
import { WorkerDetails } from './WorkerDetails.tsx';
import { WorkersGrid } from './WorkersGrid.tsx';

const MetricsPanel = lazy(() => import('../metrics/MetricsPanel.tsx'));
const PlacementPanel = lazy(() => import('../placement/PlacementPanel.tsx'));
const RunsPanel = lazy(() => import('../runs/RunsPanel.tsx'));
const SweepPanel = lazy(() => import('../sweep/SweepPanel.tsx'));

type TabId =
  | 'logs'
  | 'metrics'
  | 'placement'
  | 'build'
  | 'dockerfile'
  | 'runs'
  | 'study'
  | 'sweep'
  | 'problems';

const PANELS: readonly TabId[] = [
  'logs',
  'metrics',
  'placement',
  'build',
  'dockerfile',
  'runs',
  'study',
  'sweep',
  'problems',
];
/** The folder of an app found on the engine is not known, and so are its Dockerfiles, what a study or a sweep would run, whose runs they are, and where it is to run. */
const PANELS_WITHOUT_FOLDER = PANELS.filter(
  (panel) =>
    panel !== 'dockerfile' &&
    panel !== 'study' &&
    panel !== 'sweep' &&
    panel !== 'runs' &&
    panel !== 'placement',
);

/** What a run writes last may come to the engine a moment after its end. */
const LATE_LINES_MS = 1_000;

interface AppScreenProps {
  app: AppView;
  client: Client;
  engineReady: boolean;
  /** Opens a project folder by dialog or picker. */
  onOpenFolder: () => void;
}

/** An app's page, given its view. */
export function AppScreen({ app, client, engineReady, onOpenFolder }: AppScreenProps) {
  const consentOpen = useConsent((store) => store.appId === app.id);
  const consentPurpose = useConsent((store) => store.purpose);
  const [selected, setSelected] = useState<string | null>(null);
  const [choice, setChoice] = useState<WorkerChoice>(ALL_WORKERS);
  const [jump, setJump] = useState<{ timeMs: number } | null>(null);
  const [span, setSpan] = useState<TimeSpan | null>(null);
  const [study, setStudy] = useState('');
  const [keepWorkers] = useState(workerKeeper);
  const workers = keepWorkers(app.workers);
  const errors = countErrors(app);
  const [tab, setTab] = useAppTab<TabId>(
    app.id,
    // Where nothing runs and nothing can, the reason is what there is to see.
    app.status === 'unreadable' ||
      app.status === 'no-project' ||
      (app.status !== 'unknown' && workers.length === 0 && errors > 0)
      ? 'problems'
      : 'logs',
    app.origin === 'folder' ? PANELS : PANELS_WITHOUT_FOLDER,
  );
  const scroller = useRef<HTMLDivElement>(null);
  const logs = useRef<LogPanelHandle>(null);
  const page = useRef<HTMLDivElement>(null);

  const serviceNames = app.services.map((service) => service.name).join('\n');
  const serviceOrder = useMemo(() => (serviceNames === '' ? [] : serviceNames.split('\n')), [serviceNames]);

  const workerKeys = useKeys(workers);

  const commands = useMemo(() => new AppCommands(client, app.id), [client, app.id]);
  const can = appAbilities(app, engineReady);
  const ungranted = app.dangers.filter((danger) => !danger.granted);

  const run = () => {
    if (ungranted.length > 0) openConsent(app.id);
    else commands.run(app);
  };
  const showBuild = () => {
    setTab('build');
    lookAtLatest(app.id);
  };
  const buildAndRun = () => {
    showBuild();
    commands.buildAndRun();
  };
  const build = () => {
    showBuild();
    commands.build();
  };

  const edit = () => goTo(editHash(app.id));

  const select = useCallback(
    (key: string | null) => {
      setSelected(key);
      setChoice(key === null ? ALL_WORKERS : { kind: 'worker', worker: key });
      if (key !== null) setTab('logs');
    },
    [setTab],
  );
  const showLog = useCallback(
    (worker: string, timeMs?: number) => {
      setJump(timeMs === undefined ? null : { timeMs });
      setSpan(null);
      select(worker);
    },
    [select],
  );
  const showRunLog = (run: RunSummary, worker: string | undefined) => {
    select(worker ?? null);
    // One that goes on is followed from its begin.
    setJump(run.closedAt === undefined ? { timeMs: run.startedAt } : null);
    setSpan(
      run.closedAt === undefined ? null : { fromMs: run.startedAt, toMs: run.closedAt + LATE_LINES_MS },
    );
    setTab('logs');
  };
  const selectedWorker = selected === null ? undefined : workers.find((worker) => worker.key === selected);

  const changeChoice = useCallback((next: WorkerChoice) => {
    setChoice(next);
    setSelected(next.kind === 'worker' ? next.worker : null);
  }, []);

  useShowFailedBuild(app, () => setTab('build'));
  const unwritten = useEditorPane(app.id, () => setTab('dockerfile'));

  const keys: AppKeyTargets = {
    app,
    can,
    page,
    run,
    stop: () => commands.stop(),
    build,
    selectedService: selectedWorker?.service,
    scale: (service, replicas) => commands.scale(service, replicas),
    edit,
    showLogs: () => setTab('logs'),
    logs,
  };
  useAppKeys(keys);

  const onRole = useCallback((service: string, role: Role) => commands.setRole(service, role), [commands]);
  const onScale = useCallback(
    (service: string, replicas: number) => commands.scale(service, replicas),
    [commands],
  );
  const onAutoscale = useCallback(
    (service: string, on: boolean) => commands.setAutoscale(service, on),
    [commands],
  );
  const onFix = useCallback(
    (diagnosticId: string, fixId: string) => commands.applyFix(diagnosticId, fixId),
    [commands],
  );

  const onFixInPlace = useCallback(
    (diagnosticId: string, fixId: string) => void commands.applyFix(diagnosticId, fixId),
    [commands],
  );

  const builds = latestBuilds(app.builds);
  const building = builds.some((entry) => ['queued', 'packing', 'building'].includes(entry.state));
  const buildFailed = builds.some((entry) => entry.state === 'failed');

  // Nothing to show above: the problems get the whole page.
  const bare = app.diagnostics.some((diagnostic) => diagnostic.code === 'no-project');
  const unreadable = app.services.length === 0 && app.diagnostics.length > 0 && workers.length === 0 && !bare;

  const top = (
    <div className={styles.top} ref={scroller} data-testid="app-top">
      {consentOpen && ungranted.length > 0 ? (
        <ConsentPanel
          dangers={app.dangers}
          allowLabel={consentPurpose?.label}
          onClose={closeConsent}
          onAllow={(ids) => {
            closeConsent();
            void commands.allow(ids, consentPurpose?.go ?? (() => commands.run(app)));
          }}
        />
      ) : ungranted.length > 0 ? (
        <Banner
          tone="warn"
          action={
            <Button size="small" icon={<ShieldAlert size={13} />} onClick={() => openConsent(app.id)}>
              Review
            </Button>
          }
        >
          {ungranted.length === 1 ? '1 setting needs' : `${ungranted.length} settings need`} your consent
          before this app can run.
        </Banner>
      ) : null}
      <GenerateNotice app={app} />
      {app.services.length === 0 ? (
        <EmptyState
          icon={<FolderX size={24} />}
          title="Nothing to run here"
          actions={
            app.origin === 'folder' && !app.folderError ? (
              <Button variant="primary" icon={<FilePlus2 size={14} />} onClick={() => openGenerate(app.id)}>
                Generate Dockerfile…
              </Button>
            ) : undefined
          }
        >
          {app.folderError
            ? 'The project folder is not there.'
            : 'No Dockerfile and no compose file with services was found in this folder.'}
        </EmptyState>
      ) : (
        <ServiceList
          app={app}
          workers={workers}
          disabled={!can.scale}
          onRole={onRole}
          onScale={onScale}
          onAutoscale={onAutoscale}
          onFix={onFixInPlace}
        />
      )}
      {workers.length === 0 ? (
        app.services.length > 0 && ungranted.length === 0 ? (
          <p className={styles.idle}>{idleWords(app, engineReady)}</p>
        ) : null
      ) : (
        <section className={styles.workers} aria-label="Workers of this app">
          {selectedWorker ? <WorkerDetails worker={selectedWorker} onClose={() => select(null)} /> : null}
          <WorkersGrid
            workers={workers}
            serviceOrder={serviceOrder}
            selected={selected}
            onSelect={select}
            scroller={scroller}
          />
        </section>
      )}
    </div>
  );

  const bottom = (
    <Tabs<TabId>
      className={styles.tabs}
      panelClassName={styles.panel}
      label="Panels"
      value={tab}
      onChange={(next) => {
        setJump(null);
        setSpan(null);
        setTab(next);
      }}
      tabs={[
        { id: 'logs', label: 'Logs' },
        { id: 'metrics', label: 'Metrics' },
        {
          id: 'build',
          label: 'Build',
          badge: building ? (
            <Badge tone="busy">building</Badge>
          ) : buildFailed ? (
            <Badge tone="danger">failed</Badge>
          ) : undefined,
        },
        ...(app.origin === 'folder'
          ? [
              {
                id: 'dockerfile' as const,
                label: 'Dockerfile',
                badge: unwritten > 0 ? <Badge tone="busy">not written</Badge> : undefined,
              },
              {
                id: 'placement' as const,
                label: 'Placement',
                badge:
                  app.shortage === undefined ? undefined : (
                    <Badge tone={app.shortage === 'error' ? 'danger' : 'warn'}>
                      {app.shortage === 'error' ? 'no room' : 'short'}
                    </Badge>
                  ),
              },
              { id: 'runs' as const, label: 'Runs' },
              { id: 'study' as const, label: 'Study' },
              { id: 'sweep' as const, label: 'Sweep' },
            ]
          : []),
        {
          id: 'problems',
          label: 'Problems',
          badge:
            app.diagnostics.length === 0 ? undefined : (
              <Badge tone={errors > 0 ? 'danger' : 'neutral'}>{app.diagnostics.length}</Badge>
            ),
        },
      ]}
    >
      {tab === 'logs' ? (
        <LogPanel
          key={app.id}
          ref={logs}
          client={client}
          appId={app.id}
          workers={workerKeys}
          services={serviceOrder}
          choice={choice}
          onChoice={changeChoice}
          jump={jump}
          span={span}
        />
      ) : tab === 'metrics' ? (
        <Suspense fallback={<Spinner label="Opening the metrics" />}>
          <MetricsPanel
            key={app.id}
            app={app}
            client={client}
            engineReady={engineReady}
            onShowLog={showLog}
          />
        </Suspense>
      ) : tab === 'build' ? (
        <BuildPanel
          client={client}
          app={app}
          canBuild={can.build}
          onBuild={(options) => commands.build(options)}
          onCancel={(buildId) => commands.cancelBuild(buildId)}
        />
      ) : tab === 'dockerfile' && app.origin === 'folder' ? (
        <DockerfilePane app={app} client={client} />
      ) : tab === 'placement' && app.origin === 'folder' ? (
        <Suspense fallback={<Spinner label="Opening the placement" />}>
          <PlacementPanel key={app.id} app={app} client={client} engineReady={engineReady} />
        </Suspense>
      ) : tab === 'runs' && app.origin === 'folder' ? (
        <Suspense fallback={<Spinner label="Opening the runs" />}>
          <RunsPanel
            key={app.id}
            app={app}
            client={client}
            engineReady={engineReady}
            onShowLog={showRunLog}
            onShowStudy={(studyId) => {
              setStudy(studyId);
              setTab('study');
            }}
          />
        </Suspense>
      ) : tab === 'study' && app.origin === 'folder' ? (
        <StudyPanel key={study} first={study} app={app} client={client} engineReady={engineReady} />
      ) : tab === 'sweep' && app.origin === 'folder' ? (
        <Suspense fallback={<Spinner label="Opening the sweeps" />}>
          <SweepPanel key={app.id} app={app} client={client} engineReady={engineReady} />
        </Suspense>
      ) : (
        <ProblemsPanel app={app} onFix={onFix} onFixAll={() => commands.fixAll(app)} />
      )}
    </Tabs>
  );

  return (
    <div className={styles.page} ref={page} data-testid="app-page" data-app={app.id} data-status={app.status}>
      <AppHeader
        app={app}
        workers={workers}
        can={can}
        commands={commands}
        onRun={run}
        onBuildAndRun={buildAndRun}
        onBuild={build}
        onEdit={edit}
      />
      <OperationStrip operations={app.operations} onCancel={(id) => commands.cancel(id)} />
      <AppNotices
        app={app}
        commands={commands}
        onOpenFolder={onOpenFolder}
        onShowProblems={() => setTab('problems')}
        onShowBuild={(buildId) => {
          lookAtApp(app.id, { chosen: buildId, comparison: null });
          setTab('build');
        }}
      />
      <ChangedCodeNotice
        app={app}
        client={client}
        can={can}
        onBuildAndRun={buildAndRun}
        onRebuild={(services) => {
          showBuild();
          commands.build({ services, recreate: true });
        }}
      />
      {unreadable ? (
        <>
          <Banner flush tone="error" title="This project cannot be run as it stands">
            {errors > 0 && app.diagnostics.some((diagnostic) => diagnostic.fixes.length > 0)
              ? 'No service could be read from its files. Each problem says where it is; most are fixed in one click.'
              : 'No service could be read from its files. Each problem says where it is.'}
          </Banner>
          <div className={styles.onlyPanels}>{bottom}</div>
        </>
      ) : (
        <PagePanes top={top} bottom={bottom} shown={tab} />
      )}
      {app.origin === 'folder' ? (
        <GenerateDialog app={app} client={client} engineReady={engineReady} onBuild={build} />
      ) : null}
    </div>
  );
}

/** Keys of the workers, the same array while they are the same. */
function useKeys(workers: readonly { key: string }[]): readonly string[] {
  const joined = workers.map((worker) => worker.key).join('\n');
  return useMemo(() => (joined === '' ? [] : joined.split('\n')), [joined]);
}

/** Turns to the build panel once when a build fails while the page is open. */
function useShowFailedBuild(app: AppView, show: () => void): void {
  const failed = latestBuilds(app.builds).find((build) => build.state === 'failed')?.id;
  const known = useRef(failed);
  useEffect(() => {
    if (failed !== undefined && failed !== known.current) show();
    known.current = failed;
  });
}
