import type { SolveLog, SolveStatus, SolveTransfer, SolveVertex, SolveWarning } from '../SolveStatus.ts';
import { readFields } from './protobufWire.ts';

/**
 * Decodes the `aux` of a `moby.buildkit.trace` event: base64 of a moby.buildkit.v1.StatusResponse
 * (buildkit, api/services/control/control.proto).
 * @throws Error when it is no such message.
 */
export function decodeTrace(aux: string): SolveStatus {
  const status: SolveStatus = { vertexes: [], statuses: [], logs: [], warnings: [] };
  for (const { number, value } of readFields(Buffer.from(aux, 'base64'))) {
    if (!Buffer.isBuffer(value)) continue;
    if (number === 1) status.vertexes.push(vertex(value));
    else if (number === 2) status.statuses.push(transfer(value));
    else if (number === 3) status.logs.push(log(value));
    else if (number === 4) status.warnings.push(warning(value));
  }
  return status;
}

function vertex(bytes: Buffer): SolveVertex {
  const found: SolveVertex = { digest: '', inputs: [], name: '', cached: false, error: '' };
  for (const { number, value } of readFields(bytes)) {
    if (Buffer.isBuffer(value)) {
      if (number === 1) found.digest = value.toString('latin1');
      else if (number === 2) found.inputs.push(value.toString('latin1'));
      else if (number === 3) found.name = value.toString('utf8');
      else if (number === 5) found.startedAt = time(value);
      else if (number === 6) found.completedAt = time(value);
      else if (number === 7) found.error = value.toString('utf8');
    } else if (number === 4) found.cached = value !== 0;
  }
  return found;
}

function transfer(bytes: Buffer): SolveTransfer {
  const found: SolveTransfer = { vertex: '', id: '', current: 0, total: 0, completed: false };
  for (const { number, value } of readFields(bytes)) {
    if (Buffer.isBuffer(value)) {
      if (number === 1) found.id = value.toString('utf8');
      else if (number === 2) found.vertex = value.toString('latin1');
      else if (number === 8) found.completed = true;
    } else if (number === 4) found.current = value;
    else if (number === 5) found.total = value;
  }
  return found;
}

function log(bytes: Buffer): SolveLog {
  const found: SolveLog = { vertex: '', data: Buffer.alloc(0) };
  for (const { number, value } of readFields(bytes)) {
    if (!Buffer.isBuffer(value)) continue;
    if (number === 1) found.vertex = value.toString('latin1');
    else if (number === 4) found.data = value;
  }
  return found;
}

function warning(bytes: Buffer): SolveWarning {
  const found: SolveWarning = { vertex: '', message: '' };
  for (const { number, value } of readFields(bytes)) {
    if (!Buffer.isBuffer(value)) continue;
    if (number === 1) found.vertex = value.toString('latin1');
    else if (number === 3) found.message = value.toString('utf8');
    else if (number === 7) found.line ??= firstLine(value);
  }
  return found;
}

/** The start line of a pb.Range. */
function firstLine(bytes: Buffer): number | undefined {
  for (const range of readFields(bytes)) {
    if (range.number !== 1 || !Buffer.isBuffer(range.value)) continue;
    for (const position of readFields(range.value))
      if (position.number === 1 && typeof position.value === 'number') return position.value;
  }
  return undefined;
}

/** A google.protobuf.Timestamp as epoch milliseconds. */
function time(bytes: Buffer): number {
  let seconds = 0;
  let nanos = 0;
  for (const { number, value } of readFields(bytes)) {
    if (typeof value !== 'number') continue;
    if (number === 1) seconds = value;
    else if (number === 2) nanos = value;
  }
  return seconds * 1000 + nanos / 1e6;
}
