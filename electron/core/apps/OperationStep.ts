import type { BuildService } from '../build/BuildApi.ts';
import type { EngineService } from '../engine/EngineApi.ts';
import type { ImagesService } from '../images/ImagesApi.ts';

/** How an operation tells what it does, and hears that it should not go on. */
export interface OperationStep {
  step(step: string, done?: number, total?: number): void;
  signal: AbortSignal;
}

/** The services that operations work with. */
export interface OperationTools {
  engine: EngineService;
  builds: BuildService;
  images: Pick<ImagesService, 'pull'>;
}
