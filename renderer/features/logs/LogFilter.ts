/** Which workers' rows a log shows. */
export type LogFilter =
  | { kind: 'all' }
  | { kind: 'service'; service: string }
  | { kind: 'worker'; worker: string };

export const ALL_WORKERS: LogFilter = { kind: 'all' };

/** The test for a worker key (`service-index`). Rows of no worker (skipped lines) are always shown. */
export function filterTest(filter: LogFilter): ((worker: string) => boolean) | null {
  if (filter.kind === 'all') return null;
  if (filter.kind === 'worker') return (worker) => worker === '' || worker === filter.worker;
  const prefix = `${filter.service}-`;
  return (worker) =>
    worker === '' || (worker.startsWith(prefix) && /^\d+$/.test(worker.slice(prefix.length)));
}

export function sameFilter(left: LogFilter, right: LogFilter): boolean {
  if (left.kind === 'service' && right.kind === 'service') return left.service === right.service;
  if (left.kind === 'worker' && right.kind === 'worker') return left.worker === right.worker;
  return left.kind === right.kind;
}
