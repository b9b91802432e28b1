import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { DisposableStack } from '#shared/domain/Disposable.ts';
import { createAppsService } from './apps/createAppsService.ts';
import { createBuildService } from './build/createBuildService.ts';
import { createBuildHistory } from './build/history/createBuildHistory.ts';
import type { Core } from './Core.ts';
import { createEngineService } from './engine/createEngineService.ts';
import { createGenerateService } from './generate/createGenerateService.ts';
import { createImagesService } from './images/createImagesService.ts';
import { credentialsFor } from './images/credentials/credentialsFor.ts';
import { createLogService } from './logs/createLogService.ts';
import { readLogLimit } from './logs/readLogLimit.ts';
import { createMetricsService } from './metrics/createMetricsService.ts';
import { createProjectFilesService } from './projectFiles/createProjectFilesService.ts';
import { createRunsService } from './runs/createRunsService.ts';
import { createFileStore } from './store/FileStore.ts';
import { removePartials } from './store/removePartials.ts';
import { createStudyService } from './study/createStudyService.ts';
import { MeasuringGate } from './study/MeasuringGate.ts';
import { StudyBoard } from './study/StudyBoard.ts';
import { Turn } from './study/Turn.ts';
import { createSweepService } from './sweep/createSweepService.ts';
import { SweepBoard } from './sweep/SweepBoard.ts';

export interface CoreOptions {
  dataFolder: string;
  /** The environment engines are looked for in; nothing else is taken from it, least of all by compose files. */
  env: NodeJS.ProcessEnv;
  homeDirectory: string;
  /** Holds the bundled samples, a folder each. */
  templatesFolder: string;
  onlyHost?: string | undefined;
  /** The built entry of the log engine's threads (electron/core/logs/threads/logWorker.ts). */
  logWorkerFile: string;
  /** Keeps the logs of all opened projects from now on, also while nobody looks. Default false. */
  keepLogs?: boolean | undefined;
  /** Keeps the control doors of all opened projects open. Default false. */
  keepDoors?: boolean | undefined;
  log?: ((message: string) => void) | undefined;
}

/** Puts the layers together. The engine is not looked for before `core.engine.start()`. */
export async function createCore(options: CoreOptions): Promise<Core> {
  await mkdir(options.dataFolder, { recursive: true, mode: 0o700 });
  await removePartials(options.dataFolder);
  const owned = new DisposableStack();
  const store = createFileStore(options.dataFolder);
  const engine = owned.add(createEngineService({ ...options, store }));
  const history = owned.add(
    createBuildHistory({ folder: join(options.dataFolder, 'builds'), log: options.log }),
  );
  const builds = owned.add(
    createBuildService({
      engine,
      history,
      contextWorkerFile: join(dirname(options.logWorkerFile), 'contextWorker.mjs'),
      env: options.env,
      credentialsFor: (host) => credentialsFor(host, options),
    }),
  );
  const images = createImagesService({ engine, env: options.env, homeDirectory: options.homeDirectory });
  const apps = owned.add(await createAppsService({ ...options, engine, builds, images, store }));
  const logs = owned.add(
    createLogService({
      engine,
      apps,
      folder: join(options.dataFolder, 'logs'),
      workerFile: options.logWorkerFile,
      limitBytes: readLogLimit(options.env['FLOTILLA_LOG_LIMIT']),
      keepLogs: options.keepLogs ?? false,
      log: options.log,
    }),
  );
  const studiesFolder = join(options.dataFolder, 'studies');
  const gate = new MeasuringGate(studiesFolder);
  const turn = new Turn(join(options.dataFolder, 'turn'));
  const metrics = owned.add(
    createMetricsService({ engine, apps, logs, gate, folder: join(options.dataFolder, 'metrics') }),
  );
  const runs = owned.add(
    createRunsService({
      ...{ ...options, engine, apps, logs, metrics, studiesFolder },
      removeStudy: async ({ id, appId }) => {
        await studies.remove(id);
        studyBoard.tell(appId);
      },
    }),
  );
  const studies = owned.add(
    createStudyService({ engine, apps, ledger: runs, folder: studiesFolder, gate, turn }),
  );
  const studyBoard = owned.add(new StudyBoard(studies));
  const sweeps = owned.add(
    createSweepService({ engine, apps, folder: join(options.dataFolder, 'sweeps'), turn }),
  );
  return {
    dataFolder: options.dataFolder,
    store,
    engine,
    builds,
    apps,
    logs,
    images,
    runs,
    studies,
    studyBoard,
    sweeps,
    sweepBoard: owned.add(new SweepBoard(sweeps)),
    metrics,
    projectFiles: createProjectFilesService({ apps }),
    generate: createGenerateService({ apps }),
    dispose: () => owned.dispose(),
  };
}
