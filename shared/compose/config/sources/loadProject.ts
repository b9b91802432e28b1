import type { Findings } from '../../Findings.ts';
import { get, isNothing, type Located, type LocatedMap } from '../../Located.ts';
import type { Variables } from '../../interpolate.ts';
import type { LoadContext } from '../LoadContext.ts';
import { normalize } from '../normalize/normalize.ts';
import { joinPath } from '../paths/joinPath.ts';
import { locatedMap } from '../tree/locatedMap.ts';
import { withEntry } from '../tree/withEntry.ts';
import { discoverFiles } from './discoverFiles.ts';
import { findName } from './findName.ts';
import { loadModel } from './loadModel.ts';
import { mustStop } from './mustStop.ts';
import { readVariables } from './readVariables.ts';

/** Files that include or extend others twice could read each other without end. */
const MOST_FILES = 200;

/** Which project to load, and how. */
export interface ProjectToLoad
  extends Pick<
    LoadContext,
    'findings' | 'parsed' | 'read' | 'shown' | 'folder' | 'home' | 'readsOn' | 'refusesUnknownTags'
  > {
  /** Name of the project where nothing gives it another. */
  folderName: string;
  /** Values given explicitly: they win over all files. */
  given: Variables;
  /** Compose files, base first; empty for those of COMPOSE_FILE, or the default ones with their override. */
  composeFiles: readonly string[];
  /** Instead of `.env`, unless empty; later ones win. */
  envFiles: readonly string[];
}

/** A project's files as one tree. */
export interface LoadedProject {
  /** Paths of the compose files, base first; empty where there is none. */
  paths: string[];
  name: string;
  context: LoadContext;
  /** The canonical tree as the files say it; undefined where they hold nothing, or once something was told that compose refuses. */
  tree: Located | undefined;
  /** The same with what is meant without being said (`normalize`), where it is a mapping. */
  root: LocatedMap | undefined;
}

/**
 * Loads a project as compose does: `.env`, the files and their name, then all of them laid upon each other with `extends` and `include`
 * followed. What is wrong is told; undefined where nothing can be read for it.
 */
export async function loadProject(project: ProjectToLoad): Promise<LoadedProject | undefined> {
  const { findings, folder, given, composeFiles, envFiles, shown } = project;
  const base = { ...project, mayRead: boundedReads(findings, shown), included: [], loadModel };
  const variables = await readVariables(
    (envFiles.length === 0 ? ['.env'] : envFiles).map((file) => joinPath(folder, file)),
    { ...base, variables: given, mayBeMissing: envFiles.length === 0 },
  );
  if (mustStop(base)) return undefined;
  const paths = await discoverFiles(composeFiles, folder, variables, project.read);
  const found =
    paths.length === 0
      ? { name: project.folderName }
      : await findName(paths, project.folderName, { ...base, variables });
  const name = 'name' in found ? found.name : found.invalid;
  const context: LoadContext = {
    ...base,
    variables: { get: (key) => (key === 'COMPOSE_PROJECT_NAME' ? name : variables.get(key)) },
  };
  if (paths.length === 0) return { paths, name, context, tree: undefined, root: undefined };
  if ('invalid' in found || name === '')
    findings.add({
      code: 'bad-project-name',
      severity: 'error',
      ...placeOfName(envFiles.length === 0 ? ['.env'] : envFiles, findings),
      message: name === '' ? 'The project has no name.' : `“${name}” is no project name.`,
      explanation: 'Use lower-case letters, digits, “_” and “-”, beginning with a letter or digit.',
    });
  if (mustStop(base)) return undefined;
  const tree = await loadModel(paths, context);
  if (mustStop(base)) return undefined;
  const main = shown(paths[0] ?? folder);
  // What could not be read is not called empty.
  const isRead = findings.source(main) !== undefined;
  if (isRead && (tree === undefined || (tree.kind === 'map' && tree.entries.size === 0)))
    findings.add({
      code: 'empty-file',
      severity: 'error',
      file: main,
      start: 0,
      message: `${main} is empty.`,
      explanation: 'A compose file begins with services: and lists what to run below it.',
    });
  const root = tree?.kind === 'map' ? normalize(withServices(tree), name) : undefined;
  return { paths, name, context, tree, root };
}

function boundedReads(findings: Findings, shown: (path: string) => string): (path: string) => boolean {
  let filesRead = 0;
  return (path) => {
    filesRead += 1;
    if (filesRead <= MOST_FILES) return true;
    findings.add({
      code: 'too-many-files',
      severity: 'error',
      file: shown(path),
      message: `The project leads to more than ${MOST_FILES} compose files.`,
      explanation: 'No project written by a person has as many; it is not read any further.',
    });
    return false;
  };
}

/** Where an env file sets the project's name, if one does. */
function placeOfName(
  files: readonly string[],
  findings: Findings,
): { file: string; start?: number; end?: number } {
  for (const file of files.toReversed()) {
    const match = /^[ \t]*(?:export[ \t]+)?COMPOSE_PROJECT_NAME.*$/m.exec(findings.source(file)?.text ?? '');
    if (match !== null) return { file, start: match.index, end: match.index + match[0].length };
  }
  return { file: '.' };
}

/** A file of a name alone is a project without services. */
function withServices(root: LocatedMap): LocatedMap {
  return isNothing(get(root, 'services')) ? withEntry(root, 'services', locatedMap(root, [])) : root;
}
