import { Findings } from '../Findings.ts';
import { get, isNothing, type Located, type LocatedMap, textOf } from '../Located.ts';
import { checkConsistency } from './checks/checkConsistency.ts';
import { tellUnapplied } from './checks/tellUnapplied.ts';
import type { ConfigOutcome } from './ConfigOutcome.ts';
import type { ConfigRequest } from './ConfigRequest.ts';
import { encodeConfig } from './encode/encodeConfig.ts';
import type { Json } from './encode/Json.ts';
import type { LoadContext } from './LoadContext.ts';
import { applyProfiles } from './normalize/applyProfiles.ts';
import { dropUnused } from './normalize/dropUnused.ts';
import { normalize } from './normalize/normalize.ts';
import { readServiceFiles } from './normalize/readServiceFiles.ts';
import { joinPath } from './paths/joinPath.ts';
import { relativePath } from './paths/relativePath.ts';
import { projectShape } from './shapes/projectShape.ts';
import { discoverFiles } from './sources/discoverFiles.ts';
import { findName } from './sources/findName.ts';
import { loadModel } from './sources/loadModel.ts';
import { readVariables } from './sources/readVariables.ts';
import { locatedMap } from './tree/locatedMap.ts';
import { withEntry } from './tree/withEntry.ts';

/** Files that include or extend others twice could read each other without end. */
const MOST_FILES = 200;

/**
 * A compose project as `docker compose config` resolves it (Compose specification; the words of the answer are those of compose 2.26.1): files
 * merged, `extends` and `include` followed, variables filled in, short forms written out, defaults set. Never throws for what is in
 * the files: what compose refuses is an error with its place, and there is no model then.
 */
export async function resolveConfig(request: ConfigRequest): Promise<ConfigOutcome> {
  const findings = new Findings(request.files);
  const loaded = await load(request, findings);
  if (loaded === undefined || findings.hasErrors) return refused(findings, loaded);
  const { root, context } = loaded;
  const profiles = [...(request.profiles ?? []), ...split(context.variables.get('COMPOSE_PROFILES'))];
  // Services that are off must make sense too.
  encodeConfig(root, projectShape, findings);
  const { root: enabled, disabled } = applyProfiles(root, profiles);
  checkConsistency(enabled, disabled, findings);
  if (findings.hasErrors) return refused(findings, loaded);
  const whole = dropUnused(await withServiceFiles(enabled, context));
  const encoded = encodeConfig(whole, projectShape, findings);
  if (findings.hasErrors) return refused(findings, loaded);
  tellUnapplied(whole, findings);
  return {
    model: encoded as { [key: string]: Json },
    yaml: inYamlOrder(encodeConfig(whole, projectShape, findings, 'yaml') as { [key: string]: Json }),
    profiles: profilesOf(root),
    diagnostics: findings.list(),
  };
}

async function load(
  request: ConfigRequest,
  findings: Findings,
): Promise<{ root: LocatedMap; context: LoadContext } | undefined> {
  const { folder, home, files } = request;
  const given = request.variables ?? new Map<string, string>();
  const shown = (path: string) => relativePath(folder, path);
  const read = (path: string) => files.read(shown(path));
  let filesRead = 0;
  const mayRead = (path: string): boolean => {
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
  const base = { findings, read, mayRead, shown, folder, home, included: [], loadModel };
  const envFiles = request.envFiles ?? [];
  const variables = await readVariables(
    (envFiles.length === 0 ? ['.env'] : envFiles).map((file) => joinPath(folder, file)),
    { ...base, variables: given, mayBeMissing: envFiles.length === 0 },
  );
  if (findings.hasErrors) return undefined;
  const paths = await discoverFiles(request.composeFiles ?? [], folder, variables, read);
  if (paths.length === 0) {
    findings.add({
      code: 'no-project',
      severity: 'error',
      file: '.',
      message: 'There is no compose file.',
      explanation: 'Looked for are compose.yaml, compose.yml, docker-compose.yml and docker-compose.yaml.',
    });
    return undefined;
  }
  const found = await findName(paths, { ...base, variables });
  const name = 'name' in found ? found.name : found.invalid;
  if ('invalid' in found || name === '')
    findings.add({
      code: 'bad-project-name',
      severity: 'error',
      ...placeOfName(envFiles.length === 0 ? ['.env'] : envFiles, findings),
      message: name === '' ? 'The project has no name.' : `“${name}” is no project name.`,
      explanation: 'Use lower-case letters, digits, “_” and “-”, beginning with a letter or digit.',
    });
  if (findings.hasErrors) return undefined;
  const context: LoadContext = {
    ...base,
    variables: { get: (key) => (key === 'COMPOSE_PROJECT_NAME' ? name : variables.get(key)) },
  };
  const tree = await loadModel(paths, context);
  if (findings.hasErrors) return undefined;
  const main = paths[0] ?? folder;
  if (tree?.kind !== 'map' || tree.entries.size === 0) {
    findings.add({
      code: 'empty-file',
      severity: 'error',
      file: shown(main),
      start: 0,
      message: `${shown(main)} is empty.`,
      explanation: 'A compose file begins with services: and lists what to run below it.',
    });
    return undefined;
  }
  return { root: normalize(withServices(tree), name), context };
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

async function withServiceFiles(root: LocatedMap, context: LoadContext): Promise<LocatedMap> {
  const services = get(root, 'services');
  if (services?.kind !== 'map') return root;
  const entries = new Map(services.entries);
  for (const [name, { key, value }] of services.entries)
    if (value.kind === 'map') entries.set(name, { key, value: await readServiceFiles(value, context) });
  return withEntry(root, 'services', { ...services, entries });
}

/** Compose's JSON is sorted, its YAML begins with what matters most. */
function inYamlOrder({
  configs,
  networks,
  secrets,
  volumes,
  name,
  services,
  ...others
}: {
  [key: string]: Json;
}) {
  const parts = { name, services, networks, volumes, secrets, configs, ...others };
  return Object.fromEntries(Object.entries(parts).filter(([, part]) => part !== undefined)) as {
    [key: string]: Json;
  };
}

function refused(findings: Findings, loaded: { root: LocatedMap } | undefined): ConfigOutcome {
  return {
    model: undefined,
    yaml: undefined,
    profiles: loaded === undefined ? [] : profilesOf(loaded.root),
    diagnostics: findings.list(),
  };
}

function profilesOf(root: Located): string[] {
  const services = get(root, 'services');
  const names = new Set<string>();
  for (const { value } of services?.kind === 'map' ? services.entries.values() : []) {
    const profiles = get(value, 'profiles');
    for (const item of profiles?.kind === 'list' ? profiles.items : []) names.add(textOf(item) ?? '');
  }
  return [...names].sort();
}

function split(text: string | undefined): string[] {
  return (text ?? '').split(',').flatMap((part) => (part.trim() === '' ? [] : [part.trim()]));
}
