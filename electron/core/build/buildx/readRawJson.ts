import type { SolveLog, SolveStatus, SolveTransfer, SolveVertex, SolveWarning } from '../SolveStatus.ts';

type Fields = Record<string, unknown>;

/**
 * One line of `--progress=rawjson` (buildkit, client/graph.go: SolveStatus; times are RFC 3339, bytes base64);
 * undefined when the value is none.
 */
export function readRawJson(value: unknown): SolveStatus | undefined {
  if (!isFields(value)) return undefined;
  if (!['vertexes', 'statuses', 'logs', 'warnings'].some((key) => Array.isArray(value[key])))
    return undefined;
  return {
    vertexes: listOf(value['vertexes']).map(vertex),
    statuses: listOf(value['statuses']).map(transfer),
    logs: listOf(value['logs']).map(log),
    warnings: listOf(value['warnings']).map(warning),
  };
}

function vertex(fields: Fields): SolveVertex {
  const inputs = fields['inputs'];
  return {
    digest: text(fields['digest']),
    inputs: Array.isArray(inputs) ? inputs.map(text) : [],
    name: text(fields['name']),
    cached: fields['cached'] === true,
    startedAt: time(fields['started']),
    completedAt: time(fields['completed']),
    error: text(fields['error']),
  };
}

function transfer(fields: Fields): SolveTransfer {
  return {
    vertex: text(fields['vertex']),
    id: text(fields['id']),
    current: number(fields['current']),
    total: number(fields['total']),
    completed: time(fields['completed']) !== undefined,
  };
}

function log(fields: Fields): SolveLog {
  return { vertex: text(fields['vertex']), data: Buffer.from(text(fields['data']), 'base64') };
}

function warning(fields: Fields): SolveWarning {
  const [range] = listOf(fields['range']);
  const start = range?.['start'];
  const line = isFields(start) && typeof start['line'] === 'number' ? start['line'] : undefined;
  return {
    vertex: text(fields['vertex']),
    message: Buffer.from(text(fields['short']), 'base64').toString('utf8'),
    ...(line === undefined ? {} : { line }),
  };
}

const isFields = (value: unknown): value is Fields => typeof value === 'object' && value !== null;
const listOf = (value: unknown): Fields[] => (Array.isArray(value) ? value.filter(isFields) : []);
const text = (value: unknown): string => (typeof value === 'string' ? value : '');
const number = (value: unknown): number => (typeof value === 'number' ? value : 0);

function time(value: unknown): number | undefined {
  const parsed = typeof value === 'string' ? Date.parse(value) : Number.NaN;
  return Number.isNaN(parsed) ? undefined : parsed;
}
