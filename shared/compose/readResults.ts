import type { ResultsDeclared } from '../domain/Run.ts';
import type { MountModel } from '../domain/ServiceModel.ts';
import { checkKeys } from './checkKeys.ts';
import { get, isNothing, kindName, type Located, textOf } from './Located.ts';
import type { ServiceReader } from './ServiceReader.ts';

const WHAT = 'x-flotilla.results';
const CODE = 'bad-results';
const KEYS = new Set(['paths', 'max_size', 'max_files']);
const EXAMPLE =
  'Write results: [/work/out], or results: { paths: [/work/out], max_size: 10g, max_files: 1000 }.';
/** What the kernel makes up is no result, and some of it never ends. */
const NOT_FILES = /^\/(proc|sys|dev)(\/|$)/;
const MOST_FILES = 100_000_000;
/** What nobody has said more about is copied up to here, of each worker. */
const DEFAULTS = { maxBytes: 64 * 1024 ** 3, maxFiles: 1_000_000 } as const;

/** Which paths of a service's containers are copied at their end (`x-flotilla.results`); undefined: none, or none that can be understood. */
export function readResults(reader: ServiceReader): ResultsDeclared | undefined {
  const node = get(reader.at('x-flotilla'), 'results');
  if (node === undefined || isNothing(node)) return undefined;
  const before = reader.findings.errorsSaid;
  let list: Located | undefined = node;
  if (node.kind === 'map') {
    checkKeys(reader, node, KEYS, WHAT, CODE);
    list = get(node, 'paths');
    if (list === undefined || isNothing(list)) {
      reader.error(CODE, node, `${WHAT} needs paths.`, EXAMPLE);
      return undefined;
    }
  }
  const items = list.kind === 'list' ? list.items : [list];
  const paths = items.flatMap((item) => readPath(reader, item) ?? []);
  if (items.length === 0) reader.error(CODE, list, `${WHAT} names no path.`, EXAMPLE);
  const repeated = paths.find((path, at) => paths.indexOf(path) !== at);
  const outer = paths.find((path) => paths.some((other) => path.startsWith(`${other}/`)));
  if (repeated !== undefined)
    reader.error(CODE, list, `${WHAT}: ${repeated} stands there twice.`, 'Write it once.');
  else if (outer !== undefined)
    reader.error(
      CODE,
      list,
      `${WHAT}: ${outer} lies within another of the paths.`,
      'Leave it out: the other has it.',
    );
  const maxBytes = reader.bytes(get(node, 'max_size'), `${WHAT}.max_size`);
  const maxFiles = reader.number(get(node, 'max_files'), `${WHAT}.max_files`, {
    least: 1,
    most: MOST_FILES,
    whole: true,
  });
  if (reader.findings.errorsSaid !== before) return undefined;
  return { paths, maxBytes: maxBytes ?? DEFAULTS.maxBytes, maxFiles: maxFiles ?? DEFAULTS.maxFiles };
}

/** Tells of results that are gone when the container has ended. */
export function checkResultMounts(
  reader: ServiceReader,
  results: ResultsDeclared | undefined,
  mounts: readonly MountModel[],
): void {
  const node = get(reader.at('x-flotilla'), 'results');
  if (results === undefined || node === undefined) return;
  for (const path of results.paths) {
    const mount = mounts.find(({ kind, target }) => kind === 'tmpfs' && `${path}/`.startsWith(`${target}/`));
    if (mount !== undefined)
      reader.error(
        'results-in-memory',
        node,
        `${WHAT}: ${path} lies on the tmpfs ${mount.target}, which is gone when the container ends.`,
        'Write the results somewhere else, or take the tmpfs away.',
      );
  }
}

function readPath(reader: ServiceReader, item: Located): string | undefined {
  const text = textOf(item);
  if (text === undefined) {
    reader.error(CODE, item, `${WHAT}: a path must be a text, not ${kindName(item)}.`, EXAMPLE);
    return undefined;
  }
  const path = text.replace(/\/+/g, '/').replace(/(.)\/$/, '$1');
  const refuse = (message: string, explanation: string): undefined => {
    reader.error(CODE, item, `${WHAT}: ${message}`, explanation);
    return undefined;
  };
  if (!path.startsWith('/'))
    return refuse(
      `“${text}” is not absolute.`,
      'Give the path in the container from its root, as in /work/out.',
    );
  if (path.includes('\0') || path.split('/').some((part) => part === '..' || part === '.'))
    return refuse(`“${text}” has “.”, “..” or a zero byte in it.`, 'Write the path out.');
  if (path === '/')
    return refuse('“/” is the whole container.', 'Name the folder that the program writes its results to.');
  if (NOT_FILES.test(path))
    return refuse(`${path} is made up by the kernel.`, 'Name a folder of real files.');
  return path;
}
