import { interpolateAll } from '../../interpolate.ts';
import type { Located } from '../../Located.ts';
import { parseYamlDocuments } from '../../parseYamlDocuments.ts';
import type { LoadContext } from '../LoadContext.ts';
import { castScalars } from '../scalars/castScalars.ts';
import { typeScalars } from '../scalars/typeScalars.ts';

/**
 * The documents of a compose file with variables filled in and scalars read as compose reads them. What cannot be read is told.
 * @param path absolute
 */
export async function readDocuments(path: string, context: LoadContext): Promise<Located[]> {
  const { findings, variables } = context;
  const file = context.shown(path);
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
    everyDocument: true,
    takesUnknownTags: true,
  });
  if (findings.hasErrors) return [];
  return documents.map((document) =>
    castScalars(interpolateAll(typeScalars(document, findings), variables, findings), findings),
  );
}
