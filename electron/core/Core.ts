import type { Disposable } from '#shared/domain/Disposable.ts';
import type { AppsService, LogService } from './apps/AppsApi.ts';
import type { BuildService } from './build/BuildApi.ts';
import type { EngineService } from './engine/EngineApi.ts';
import type { GenerateService } from './generate/GenerateApi.ts';
import type { ImagesService } from './images/ImagesApi.ts';
import type { MetricsService } from './metrics/MetricsApi.ts';
import type { ProjectFilesService } from './projectFiles/ProjectFilesApi.ts';
import type { RunsService } from './runs/RunsApi.ts';
import type { StudyService } from './study/StudyApi.ts';
import type { StudyBoard } from './study/StudyBoard.ts';
import type { SweepBoard } from './sweep/SweepBoard.ts';
import type { SweepService } from './sweep/SweepApi.ts';
import type { Store } from './store/StoreApi.ts';

/** One core, whatever the shell. */
export interface Core extends Disposable {
  readonly dataFolder: string;
  readonly store: Store;
  readonly engine: EngineService;
  readonly builds: BuildService;
  readonly apps: AppsService;
  readonly logs: LogService;
  readonly images: ImagesService;
  readonly projectFiles: ProjectFilesService;
  readonly runs: RunsService;
  readonly studies: StudyService;
  readonly studyBoard: StudyBoard;
  readonly sweeps: SweepService;
  readonly sweepBoard: SweepBoard;
  readonly metrics: MetricsService;
  readonly generate: GenerateService;
}
