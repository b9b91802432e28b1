import type { ProjectFiles } from './ComposeApi.ts';
import { COMPOSE_NAMES } from './composeNames.ts';
import type { Findings } from './Findings.ts';
import { get, type Located, textOf } from './Located.ts';
import { UNSUPPORTED_TOP_KEYS } from './knownKeys.ts';
import { projectName } from './projectName.ts';

/** Tells what can be said of a project's files as a whole: which are left aside, the name, and what Flotilla does not act on. */
export async function tellProject(
  tree: Located,
  paths: readonly string[],
  files: ProjectFiles,
  findings: Findings,
): Promise<void> {
  await tellOtherFiles(paths, files, findings);
  tellName(tree, findings);
  for (const [name, { key }] of tree.kind === 'map' ? tree.entries : [])
    if (UNSUPPORTED_TOP_KEYS.has(name))
      findings.add({
        code: 'unsupported-key',
        severity: 'warning',
        file: key.file,
        start: key.start,
        end: key.end,
        message: `Flotilla does not act on “${name}” yet.`,
        explanation: 'Everything else of the file works.',
      });
}

async function tellOtherFiles(
  paths: readonly string[],
  files: ProjectFiles,
  findings: Findings,
): Promise<void> {
  const [main = ''] = paths;
  // COMPOSE_FILE says which ones are meant.
  if (!COMPOSE_NAMES.some((name) => name === main)) return;
  const others = COMPOSE_NAMES.filter((name) => !paths.includes(name));
  // Asked for by name: the folder may hold a hundred thousand files.
  const isThere = await Promise.all(others.map((name) => isFile(name, files)));
  const other = others.find((_, at) => isThere[at]);
  if (other === undefined) return;
  findings.add({
    code: 'several-compose-files',
    severity: 'warning',
    file: other,
    message: `${other} is not read: ${main} goes first.`,
    explanation: `Compose takes the first of ${COMPOSE_NAMES.join(', ')}. Remove the one that is not meant.`,
  });
}

async function isFile(name: string, files: ProjectFiles): Promise<boolean> {
  const found = await files.read(name);
  return found.ok || !['missing', 'not-a-file'].includes(found.reason);
}

/** Compose drops from a name what it may not hold; here it is told, because containers are found by it. */
function tellName(tree: Located, findings: Findings): void {
  const node = get(tree, 'name');
  const name = textOf(node);
  if (node === undefined || name === undefined || name === '' || projectName(name) === name) return;
  findings.add({
    code: 'bad-project-name',
    severity: 'error',
    file: node.file,
    start: node.start,
    end: node.end,
    message: `“${name.slice(0, 60)}” is no project name.`,
    explanation:
      'Use lower-case letters, digits, “_” and “-”, beginning with a letter or digit, at most 60 of them.',
  });
}
