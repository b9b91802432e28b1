import { isMap } from 'yaml';
import { get, isNothing, type Located, textOf } from '../Located.ts';
import type { EditPath } from './ComposeEdit.ts';
import { ownPair } from './ComposeText.ts';
import { EditRefused } from './EditRefusal.ts';
import type { EditSession } from './EditSession.ts';
import { removeEntry, renameEntry, setList, setValue } from './editLists.ts';
import { entryLines } from './writeValue.ts';
import { withValue, type Written, writtenOf } from './Written.ts';

/** Names of services as the compose specification has them. */
const SERVICE_NAME = /^[a-zA-Z0-9._-]{1,255}$/;

export function addService(session: EditSession, name: string, value: Written): void {
  checkServiceName(name);
  const { source } = session;
  const document = source.documents.findLastIndex(
    ({ contents }) => isMap(contents) && ownPair(source, contents, 'services') !== undefined,
  );
  if (source.trees.some((tree) => get(get(tree, 'services'), name) !== undefined))
    throw new EditRefused(`There is a service “${name}” already.`, 'Choose another name.');
  const path = ['services', name];
  if (document !== -1 || source.documents.some(({ contents }) => contents !== null)) {
    setValue(session, Math.max(0, document), path, value);
    return;
  }
  // Nothing but comments: what is written stands below them.
  const { text, lineEnd } = source;
  const lines = entryLines('services', new Map([[name, value]]), source.step);
  const newText =
    (text === '' || text.endsWith('\n') ? '' : lineEnd) + lines.map((line) => line + lineEnd).join('');
  session.apply(0, [{ start: text.length, end: text.length, newText }], () =>
    withValue(undefined, path, value),
  );
}

export function removeService(session: EditSession, name: string): void {
  const document = session.source.documentOf(name);
  removeEntry(session, document, ['services', name]);
  const left = referrers(session, document, name);
  if (left.length > 0) session.notes.push(`Still named by ${left.join(', ')}: put that right as well.`);
}

/** Renames a service and what refers to it in the same document. */
export function renameService(session: EditSession, name: string, to: string): void {
  checkServiceName(to);
  if (name === to) return;
  const document = session.source.documentOf(name);
  const before = referrers(session, document, name).map((service) => (service === name ? to : service));
  renameEntry(session, document, ['services', name], to);
  const services = session.source.valueAt(document, ['services']);
  for (const service of services?.kind === 'map' ? services.entries.keys() : [])
    renameReferences(session, document, service, name, to);
  const [left] = referrers(session, document, name);
  if (left !== undefined)
    throw new EditRefused(
      `${left} names “${name}” in what it shares with others.`,
      'Rename it in the text.',
      session.source.line(session.source.valueAt(document, ['services', left])?.start ?? 0),
    );
  if (before.length > 0) session.notes.push(`Renamed where ${before.join(', ')} named it, too.`);
}

/** Services of the document that take a service for their base: what it says, they say. */
export function extendedBy(session: EditSession, document: number, name: string): string[] {
  return servicesWhere(session, document, (service) => {
    const base = get(service, 'extends');
    return isNothing(get(base, 'file')) && (textOf(base) ?? textOf(get(base, 'service'))) === name;
  });
}

function renameReferences(
  session: EditSession,
  document: number,
  service: string,
  name: string,
  to: string,
): void {
  const base: EditPath = ['services', service];
  const at = (...path: string[]): Located | undefined => session.source.valueAt(document, [...base, ...path]);
  const depends = at('depends_on');
  if (depends?.kind === 'map' && depends.entries.has(name))
    renameEntry(session, document, [...base, 'depends_on', name], to);
  for (const key of ['depends_on', 'links', 'volumes_from']) {
    const list = at(key);
    if (list?.kind !== 'list' || !list.items.some((item) => namesService(item, name))) continue;
    const items = list.items.map((item) =>
      namesService(item, name) ? to + (textOf(item) ?? '').slice(name.length) : writtenOf(item),
    );
    setList(session, document, [...base, key], items);
  }
  for (const key of ['network_mode', 'pid', 'ipc'])
    if (textOf(at(key)) === `service:${name}`) setValue(session, document, [...base, key], `service:${to}`);
  for (const path of [['extends'], ['extends', 'service'], ['x-flotilla', 'autoscale', 'queue', 'service']]) {
    const isElsewhere = path[0] === 'extends' && !isNothing(at('extends', 'file'));
    if (!isElsewhere && textOf(at(...path)) === name) setValue(session, document, [...base, ...path], to);
  }
}

/** Services that name one in what they wait for, link to, or share. */
function referrers(session: EditSession, document: number, name: string): string[] {
  return servicesWhere(session, document, (service) => {
    const depends = get(service, 'depends_on');
    const base = get(service, 'extends');
    return (
      (depends?.kind === 'map' && depends.entries.has(name)) ||
      ['depends_on', 'links', 'volumes_from'].some((key) => {
        const list = get(service, key);
        return list?.kind === 'list' && list.items.some((item) => namesService(item, name));
      }) ||
      ['network_mode', 'pid', 'ipc'].some((key) => textOf(get(service, key)) === `service:${name}`) ||
      (isNothing(get(base, 'file')) && (textOf(base) ?? textOf(get(base, 'service'))) === name) ||
      textOf(get(get(get(get(service, 'x-flotilla'), 'autoscale'), 'queue'), 'service')) === name
    );
  });
}

function servicesWhere(
  session: EditSession,
  document: number,
  fits: (service: Located) => boolean,
): string[] {
  const services = session.source.valueAt(document, ['services']);
  if (services?.kind !== 'map') return [];
  return [...services.entries].flatMap(([name, { value }]) => (fits(value) ? [name] : []));
}

/** `db`, `db:alias` or `db:ro`. */
function namesService(item: Located, name: string): boolean {
  return textOf(item)?.split(':', 1)[0] === name;
}

function checkServiceName(name: string): void {
  if (SERVICE_NAME.test(name)) return;
  throw new EditRefused(
    name === '' ? 'A name is missing.' : `“${name.slice(0, 60)}” is no name of a service.`,
    'Use letters, digits, “_”, “.” and “-”.',
  );
}
