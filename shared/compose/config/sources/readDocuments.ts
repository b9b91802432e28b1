import { interpolateAll, type Variables } from '../../interpolate.ts';
import { get, type Located } from '../../Located.ts';
import { parseYamlDocuments } from '../../parseYamlDocuments.ts';
import type { LoadContext } from '../LoadContext.ts';
import { mustStop } from './mustStop.ts';
import { castScalars } from '../scalars/castScalars.ts';
import { typeScalars } from '../scalars/typeScalars.ts';

/** All that variables may add to one file. */
const MOST_TEXT = 4 * 1024 * 1024;

/**
 * The documents of a compose file with variables filled in and scalars read as compose reads them. What cannot be read is told.
 * @param path absolute
 */
export async function readDocuments(path: string, context: LoadContext): Promise<Located[]> {
  const { findings } = context;
  const file = context.shown(path);
  if (!context.mayRead(path)) return [];
  const found = await context.read(path);
  if (!found.ok) {
    findings.add({
      code: 'file-unreadable',
      severity: 'error',
      file,
      message: found.message,
      explanation: 'The project cannot be resolved without it.',
    });
    return [];
  }
  const documents = parseYamlDocuments(file, found.text, findings, {
    tags: ['!reset', '!override'],
    takesUnknownTags: !context.refusesUnknownTags,
    parsed: context.parsed,
  });
  for (const document of documents) {
    const services = get(document, 'services');
    if (services?.kind === 'map')
      findings.knowServices(
        file,
        [...services.entries].map(([name, { key, value }]) => ({ name, start: key.start, end: value.end })),
      );
  }
  if (mustStop(context)) return [];
  const variables = boundedVariables(context.variables, () =>
    findings.add({
      code: 'too-much-text',
      severity: 'error',
      file,
      start: 0,
      message: `The variables of ${file} write out to more text than any compose file has.`,
      explanation: 'It looks like an attempt to fill the memory.',
    }),
  );
  return documents.map((document) =>
    castScalars(interpolateAll(typeScalars(document, findings), variables, findings), findings),
  );
}

/** The variables until they have given too much; then `tell` is called, and they are empty. */
function boundedVariables(variables: Variables, tell: () => void): Variables {
  let given = 0;
  return {
    get: (name) => {
      const value = variables.get(name);
      given += value?.length ?? 0;
      if (given <= MOST_TEXT) return value;
      tell();
      return '';
    },
  };
}
