import { interpolate } from '../../interpolate.ts';
import { get, textOf } from '../../Located.ts';
import { parseYamlDocuments } from '../../parseYamlDocuments.ts';
import { Findings } from '../../Findings.ts';
import type { LoadContext } from '../LoadContext.ts';

/**
 * The project's name: COMPOSE_PROJECT_NAME, else `name:` of the last file that has one, else the folder's; the latter two without what a name may not
 * hold. `invalid` is a COMPOSE_PROJECT_NAME that is none.
 */
export async function findName(
  paths: readonly string[],
  folderName: string,
  context: LoadContext,
): Promise<{ name: string } | { invalid: string }> {
  const given = context.variables.get('COMPOSE_PROJECT_NAME');
  if (given !== undefined && given !== '')
    return plain(given) === given ? { name: given } : { invalid: given };
  let written = '';
  for (const path of paths) {
    const found = await context.read(path);
    if (!found.ok) continue;
    // What is wrong with the file is told when it is loaded.
    const unheard = new Findings({ hash: () => '' });
    for (const document of parseYamlDocuments(path, found.text, unheard, { parsed: context.parsed }))
      written = textOf(get(document, 'name')) || written;
  }
  const name = plain(interpolate(written, context.variables).text);
  return { name: name === '' ? plain(folderName) : name };
}

function plain(text: string): string {
  return text
    .toLowerCase()
    .replace(/[^a-z0-9_-]/g, '')
    .replace(/^[_-]+/, '');
}
