import type { ContainerHook } from '../domain/ServiceModel.ts';
import { checkKeys } from './checkKeys.ts';
import { get, isNothing, kindName, type Located, type LocatedMap } from './Located.ts';
import type { ServiceReader } from './ServiceReader.ts';

const DEFAULT_TIMEOUT_MS = 30_000;
const LONGEST_TIMEOUT_MS = 3_600_000;
const HTTP_KEYS = new Set(['port', 'path']);
const EXAMPLE = 'Write command: [sh, -c, …], or http: { port: 8080, path: /… }.';

/** What is asked of a container before its stop signal (`x-flotilla.drain`). */
export function readDrain(reader: ServiceReader): { hook: ContainerHook; timeoutMs: number } | undefined {
  const what = 'x-flotilla.drain';
  const node = mappingOf(reader, 'drain', what, 'bad-drain');
  if (node === undefined) return undefined;
  const before = reader.findings.errorsSaid;
  checkKeys(reader, node, new Set(['command', 'http', 'timeout']), what, 'bad-drain');
  const hook = readHook(reader, node, what, 'bad-drain');
  const timeout = get(node, 'timeout');
  const timeoutMs = reader.duration(timeout, `${what}.timeout`) ?? DEFAULT_TIMEOUT_MS;
  if (timeout !== undefined && (timeoutMs < 1 || timeoutMs > LONGEST_TIMEOUT_MS))
    reader.error('bad-drain', timeout, `${what}.timeout must be from 1ms to 1h.`, 'Write for example 30s.');
  return hook === undefined || reader.findings.errorsSaid !== before ? undefined : { hook, timeoutMs };
}

/** What tells how much a container has to do (`x-flotilla.load`). */
export function readLoad(reader: ServiceReader): ContainerHook | undefined {
  const what = 'x-flotilla.load';
  const node = mappingOf(reader, 'load', what, 'bad-load');
  if (node === undefined) return undefined;
  const before = reader.findings.errorsSaid;
  checkKeys(reader, node, new Set(['command', 'http']), what, 'bad-load');
  const hook = readHook(reader, node, what, 'bad-load');
  return reader.findings.errorsSaid === before ? hook : undefined;
}

function mappingOf(reader: ServiceReader, key: string, what: string, code: string): LocatedMap | undefined {
  const node = get(reader.at('x-flotilla'), key);
  if (node === undefined || isNothing(node)) return undefined;
  if (node.kind === 'map') return node;
  reader.error(code, node, `${what} must be a mapping, not ${kindName(node)}.`, EXAMPLE);
  return undefined;
}

function readHook(
  reader: ServiceReader,
  node: LocatedMap,
  what: string,
  code: string,
): ContainerHook | undefined {
  const command = reader.command(get(node, 'command'), `${what}.command`);
  const http = get(node, 'http');
  if ((command === undefined) === isNothing(http) || command?.length === 0) {
    reader.error(code, node, `${what} needs either a command or http.`, EXAMPLE);
    return undefined;
  }
  if (command !== undefined) return { kind: 'command', command };
  return http === undefined ? undefined : readAddress(reader, http, `${what}.http`, code);
}

function readAddress(
  reader: ServiceReader,
  node: Located,
  what: string,
  code: string,
): ContainerHook | undefined {
  if (node.kind !== 'map') {
    reader.error(code, node, `${what} must be a mapping, not ${kindName(node)}.`, EXAMPLE);
    return undefined;
  }
  checkKeys(reader, node, HTTP_KEYS, what, code);
  const port = reader.number(get(node, 'port'), `${what}.port`, { least: 1, most: 65_535, whole: true });
  const path = reader.text(get(node, 'path'), `${what}.path`) ?? '/';
  if (isNothing(get(node, 'port')))
    reader.error(code, node, `${what} needs a port of the container.`, EXAMPLE);
  if (!/^\/[\x21-\x7e]*$/.test(path)) {
    reader.error(code, get(node, 'path') ?? node, `${what}.path must begin with “/”.`, EXAMPLE);
    return undefined;
  }
  return port === undefined ? undefined : { kind: 'http', port, path };
}
