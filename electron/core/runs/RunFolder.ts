import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type {
  RunGit,
  RunHost,
  RunResult,
  RunService,
  RunWorker,
  RunWorkerUsage,
} from '#shared/domain/Run.ts';
import { appendCheckedLines, parseCheckedLines } from '../store/checkedLines.ts';
import {
  gitSchema,
  hostSchema,
  resultSchema,
  serviceSchema,
  usageSchema,
  workerSchema,
} from './runSchemas.ts';

/** What a line of a run's own file tells; of a service, a worker, its usage and a result the last line counts. */
export type RunLine =
  | { host: RunHost }
  | { git: RunGit }
  | { service: RunService }
  | { worker: RunWorker }
  | { usage: RunWorkerUsage; of: string }
  | { result: RunResult };

export interface RunDetail {
  host?: RunHost | undefined;
  git?: RunGit | undefined;
  /** By name. */
  services: Map<string, RunService>;
  /** By container; what they used stands apart. */
  workers: Map<string, RunWorker>;
  /** By container. */
  usage: Map<string, RunWorkerUsage>;
  /** By container. */
  results: Map<string, RunResult>;
}

/** Where the parts of a run lie. */
export class RunFolder {
  readonly path: string;

  constructor(root: string, { appId, id }: { appId: string; id: string }) {
    this.path = join(root, appId, id);
  }

  get detail(): string {
    return join(this.path, 'detail.jsonl');
  }

  /** The resolved compose file. */
  get compose(): string {
    return join(this.path, 'compose.yaml');
  }

  /** What its containers were made from, to make them again. */
  get app(): string {
    return join(this.path, 'app.json');
  }

  /** What was measured of it, thinned. */
  get metrics(): string {
    return join(this.path, 'metrics.json');
  }

  get results(): string {
    return join(this.path, 'results');
  }

  /** The list of a worker's files with their hashes. */
  manifest(folder: string): string {
    return join(this.path, 'manifests', `${folder}.jsonl`);
  }

  /** Where a container's results are gathered until they are whole. */
  staging(containerId: string): string {
    return join(this.path, 'collecting', containerId.slice(0, 12));
  }

  append(lines: readonly RunLine[]): Promise<void> {
    return appendCheckedLines(this.detail, lines);
  }

  async read(): Promise<RunDetail> {
    const detail: RunDetail = {
      services: new Map(),
      workers: new Map(),
      usage: new Map(),
      results: new Map(),
    };
    const bytes = await readFile(this.detail).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return Buffer.alloc(0);
      throw error;
    });
    for (const value of parseCheckedLines(bytes).values) applyLine(detail, value);
    return detail;
  }
}

/** The containers of a run, each with what it was seen to use. */
export function workersOf({ workers, usage }: RunDetail): RunWorker[] {
  return [...workers.values()].map((worker) => {
    const own = usage.get(worker.containerId);
    return own === undefined ? worker : { ...worker, usage: own };
  });
}

function applyLine(detail: RunDetail, value: Record<string, unknown>): void {
  const host = hostSchema.safeParse(value['host']);
  if (host.success) detail.host = host.data;
  const git = gitSchema.safeParse(value['git']);
  if (git.success) detail.git = git.data;
  const service = serviceSchema.safeParse(value['service']);
  if (service.success) detail.services.set(service.data.name, service.data);
  const worker = workerSchema.safeParse(value['worker']);
  if (worker.success) detail.workers.set(worker.data.containerId, worker.data);
  const usage = usageSchema.safeParse(value['usage']);
  if (usage.success && typeof value['of'] === 'string') detail.usage.set(value['of'], usage.data);
  const result = resultSchema.safeParse(value['result']);
  // What somebody else has copied meanwhile is not undone by one who could not.
  const before = detail.results.get(result.data?.containerId ?? '');
  if (result.success && (result.data.state !== 'failed' || before === undefined || before.state === 'failed'))
    detail.results.set(result.data.containerId, result.data);
}
