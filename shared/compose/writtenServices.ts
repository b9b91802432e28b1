import type { ProjectFiles } from './ComposeApi.ts';
import { Findings } from './Findings.ts';
import { get, type LocatedMap } from './Located.ts';
import type { ParsedTexts } from './ParsedTexts.ts';
import { parseYamlDocuments } from './parseYamlDocuments.ts';

/** The services of each document of one file as they are written there, without what other files say; none of a file that cannot be read. */
export async function writtenServices(
  files: ProjectFiles,
  path: string,
  parsed?: ParsedTexts,
): Promise<LocatedMap['entries'][]> {
  const found = await files.read(path);
  if (!found.ok) return [];
  const documents = parseYamlDocuments(
    path,
    found.text,
    new Findings(files),
    parsed === undefined ? {} : { parsed },
  );
  return documents.flatMap((document) => {
    const services = get(document, 'services');
    return services?.kind === 'map' ? [services.entries] : [];
  });
}
