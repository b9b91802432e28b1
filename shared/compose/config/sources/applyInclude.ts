import { get, type Located, type LocatedEntry, type LocatedMap, textOf } from '../../Located.ts';
import type { LoadContext } from '../LoadContext.ts';
import { folderOf } from '../paths/folderOf.ts';
import { joinPath } from '../paths/joinPath.ts';
import { withEntry } from '../tree/withEntry.ts';
import { readVariables } from './readVariables.ts';
import { mustStop } from './mustStop.ts';
import { refuse } from './refuse.ts';
import { refuseRemote } from './refuseRemote.ts';
import { refuseUnread } from './refuseUnread.ts';
import { sameValue } from './sameValue.ts';

const KINDS = ['services', 'volumes', 'networks', 'secrets', 'configs'];

/**
 * The document with what it includes (Compose specification, Include): each is a project of its own, with its own folder and `.env`, whose
 * services, networks, volumes, secrets and configs are copied. Names that both have are refused unless they mean the same.
 * @param path path of the document's file
 */
export async function applyInclude(
  document: LocatedMap,
  path: string,
  context: LoadContext,
): Promise<LocatedMap> {
  const include = get(document, 'include');
  if (include === undefined || include.tag === '!reset') return withEntry(document, 'include', undefined);
  if (include.kind !== 'list') {
    refuse(
      context.findings,
      include,
      'wrong-kind',
      'include must be a list.',
      'Write each file on a line that begins with “- ”.',
    );
    return document;
  }
  let whole = withEntry(document, 'include', undefined);
  for (const item of include.items) {
    const imported = await readIncluded(item, path, context);
    if (mustStop(context)) return whole;
    if (imported !== undefined) whole = importInto(whole, imported, context);
  }
  return whole;
}

async function readIncluded(item: Located, path: string, context: LoadContext): Promise<Located | undefined> {
  const { findings } = context;
  const written = textsOf(item.kind === 'map' ? get(item, 'path') : item);
  if (written.some((file) => refuseRemote(findings, item, 'include', file))) return undefined;
  const files = written.map((file) => joinPath(context.folder, file));
  const [first] = files;
  if (first === undefined) {
    refuse(
      findings,
      item,
      'include-without-path',
      'An include names no file.',
      'Write the path, or path: with one or several.',
    );
    return undefined;
  }
  const included = [...context.included, path];
  if (included.includes(first)) {
    const way = [...included, first].map((file) => context.shown(file)).join(' → ');
    refuse(
      findings,
      item,
      'include-cycle',
      `include runs in a circle: ${way}.`,
      'A file cannot be a part of itself.',
    );
    return undefined;
  }
  for (const file of files) {
    const found = await context.read(file);
    if (found.ok) continue;
    refuseUnread(findings, item, found, {
      by: 'include',
      words: 'include: ',
      explanation: 'Correct the path; it is relative to the project’s folder.',
    });
    return undefined;
  }
  const given = textOf(get(item, 'project_directory'));
  const folder = given === undefined || given === '' ? folderOf(first) : joinPath(context.folder, given);
  const envFiles = textsOf(get(item, 'env_file'));
  const variables = await readVariables(
    envFiles.length === 0
      ? [joinPath(folder, '.env')]
      : envFiles.map((file) => joinPath(context.folder, file)),
    { ...context, place: item, mayBeMissing: envFiles.length === 0 },
  );
  return context.loadModel(files, { ...context, folder, variables, included });
}

function importInto(whole: LocatedMap, imported: Located, { findings }: LoadContext): LocatedMap {
  let result = whole;
  for (const kind of KINDS) {
    const from = get(imported, kind);
    if (from?.kind !== 'map') continue;
    const present = get(result, kind);
    const entries = new Map<string, LocatedEntry>(present?.kind === 'map' ? present.entries : []);
    for (const [name, entry] of from.entries) {
      const other = entries.get(name);
      if (other !== undefined && !sameValue(other.value, entry.value))
        refuse(
          findings,
          other.key,
          'include-conflict',
          `${kind}.${name} is in ${entry.value.file} too, which is included.`,
          'Rename one of the two, or change the included one in an override file.',
        );
      else entries.set(name, entry);
    }
    result = withEntry(result, kind, { ...(present?.kind === 'map' ? present : from), entries });
  }
  return result;
}

function textsOf(node: Located | undefined): string[] {
  if (node === undefined) return [];
  return (node.kind === 'list' ? node.items : [node]).flatMap((item) => textOf(item) ?? []);
}
