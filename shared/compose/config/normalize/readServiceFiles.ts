import { get, type Located, type LocatedMap, textOf } from '../../Located.ts';
import { readEnvFile } from '../../readEnvFile.ts';
import { readRawEnvFile } from '../sources/readRawEnvFile.ts';
import type { LoadContext } from '../LoadContext.ts';
import { asSequence } from '../merge/asSequence.ts';
import { formatScalar } from '../scalars/formatScalar.ts';
import { refuse } from '../sources/refuse.ts';
import { refuseUnread } from '../sources/refuseUnread.ts';
import { locatedList } from '../tree/locatedList.ts';
import { locatedText } from '../tree/locatedText.ts';
import { withEntry } from '../tree/withEntry.ts';

/**
 * The service with the variables of its `env_file`s below its own environment, and the labels of its `label_file`s below its own. Paths
 * are absolute by now.
 */
export async function readServiceFiles(service: LocatedMap, context: LoadContext): Promise<LocatedMap> {
  const withEnvironment = await addFiles(service, 'env_file', 'environment', context);
  return addFiles(withEnvironment, 'label_file', 'labels', context);
}

async function addFiles(
  service: LocatedMap,
  from: 'env_file' | 'label_file',
  to: 'environment' | 'labels',
  context: LoadContext,
): Promise<LocatedMap> {
  const files = get(service, from);
  if (files?.kind !== 'list' || files.items.length === 0) return service;
  const present = get(service, to);
  const own = present === undefined ? [] : asSequence(present).items;
  const ownValues = new Map(own.map((item) => pairOf(item)));
  const found = new Map<string, string>();
  for (const item of files.items) {
    const variables = await readOne(item, context, (name) =>
      from === 'label_file' ? undefined : (context.variables.get(name) ?? found.get(name)),
    );
    for (const [name, value] of variables) found.set(name, value);
  }
  const below = [...found]
    .filter(([name]) => !ownValues.has(name))
    .map(([name, value]) => locatedText(files, `${name}=${value}`));
  return withEntry(service, to, locatedList(present ?? files, [...below, ...own]));
}

async function readOne(
  item: Located,
  context: LoadContext,
  lookup: (name: string) => string | undefined,
): Promise<Map<string, string>> {
  const { findings } = context;
  const path = textOf(item) ?? textOf(get(item, 'path')) ?? '';
  const format = get(item, 'format');
  const isRaw = textOf(format) === 'raw';
  if (format !== undefined && !isRaw && textOf(format) !== '') {
    refuse(
      findings,
      format,
      'bad-env-format',
      `“${textOf(format) ?? ''}” is no format of an env_file that can be read here.`,
      'There is raw; leave it out for the usual one.',
    );
    return new Map();
  }
  const required = get(item, 'required');
  const text = await context.read(path);
  if (!text.ok) {
    if (text.reason === 'missing' && required?.kind === 'scalar' && required.value === false)
      return new Map();
    refuseUnread(findings, item, text, {
      by: 'env-file',
      explanation: 'Create the file, correct the path, or write required: false.',
    });
    return new Map();
  }
  const source = findings.know(context.shown(path), text.text);
  const { variables, badLines } = isRaw ? readRawEnvFile(text.text, lookup) : readEnvFile(text.text, lookup);
  for (const line of badLines)
    refuse(
      findings,
      { file: context.shown(path), start: source.lineStart(line), end: source.lineEnd(line) },
      'bad-env-line',
      'This line sets no variable.',
      'Write NAME=value; comments begin with #, a quote must be closed.',
    );
  return variables;
}

function pairOf(item: Located): [string, string | undefined] {
  const text = item.kind === 'scalar' && item.value !== null ? formatScalar(item.value) : '';
  const at = text.indexOf('=');
  return at === -1 ? [text, undefined] : [text.slice(0, at), text.slice(at + 1)];
}
