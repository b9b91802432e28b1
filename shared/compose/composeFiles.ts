import type { ProjectFiles } from './ComposeApi.ts';
import type { Findings } from './Findings.ts';
import { interpolateAll, type Variables } from './interpolate.ts';
import { get, isNothing, type Located, type LocatedEntry, textOf } from './Located.ts';
import { mergeLocated } from './mergeLocated.ts';
import { parseYaml } from './parseYaml.ts';
import { isInside } from './readDangers.ts';
import { readEnvFile } from './readEnvFile.ts';

/** In the order in which Compose looks for them. */
export const COMPOSE_NAMES = ['compose.yaml', 'compose.yml', 'docker-compose.yaml', 'docker-compose.yml'];
export const OVERRIDE_NAMES: Record<string, string[]> = {
  'compose.yaml': ['compose.override.yaml', 'compose.override.yml'],
  'compose.yml': ['compose.override.yml', 'compose.override.yaml'],
  'docker-compose.yaml': ['docker-compose.override.yaml', 'docker-compose.override.yml'],
  'docker-compose.yml': ['docker-compose.override.yml', 'docker-compose.override.yaml'],
};

export interface ComposeSource {
  files: string[];
  /** Undefined where the file holds no mapping. */
  root: Located | undefined;
  variables: Variables;
}

/** The project's compose file with its override and variables filled in; undefined when there is none. */
export async function readComposeFiles(
  files: ProjectFiles,
  paths: readonly string[],
  findings: Findings,
): Promise<ComposeSource | undefined> {
  const present = COMPOSE_NAMES.filter((name) => paths.includes(name));
  const [main, other] = present;
  if (main === undefined) return undefined;
  const variables = await readVariables(files, paths, findings);
  const root = await readOne(files, main, variables, findings);
  if (other !== undefined)
    findings.add({
      code: 'several-compose-files',
      severity: 'warning',
      file: other,
      message: `${other} is not read: ${main} goes first.`,
      explanation:
        'Compose takes the first of compose.yaml, compose.yml, docker-compose.yaml and docker-compose.yml. Remove the one that is not meant.',
    });
  const override = (OVERRIDE_NAMES[main] ?? []).find((name) => paths.includes(name));
  if (override === undefined || root === undefined) return { files: [main], root, variables };
  const over = await readOne(files, override, variables, findings);
  return { files: [main, override], root: over === undefined ? root : mergeLocated(root, over), variables };
}

/** One YAML file with its variables filled in; what cannot be read is told. */
async function readOne(
  files: ProjectFiles,
  file: string,
  variables: Variables,
  findings: Findings,
): Promise<Located | undefined> {
  const found = await files.read(file);
  if (!found.ok) {
    findings.add({
      code: 'file-unreadable',
      severity: 'error',
      file,
      message: found.message,
      explanation: 'Nothing of the project can be run without it.',
    });
    return undefined;
  }
  const located = parseYaml(file, found.text, findings);
  return located === undefined ? undefined : interpolateAll(located, variables, findings);
}

async function readVariables(
  files: ProjectFiles,
  paths: readonly string[],
  findings: Findings,
): Promise<Map<string, string>> {
  if (!paths.includes('.env')) return new Map();
  const found = await files.read('.env');
  if (!found.ok) {
    findings.add({
      code: 'file-unreadable',
      severity: 'warning',
      file: '.env',
      message: found.message,
      explanation: 'Its variables count as not set.',
    });
    return new Map();
  }
  const source = findings.know('.env', found.text);
  const { variables, badLines } = readEnvFile(found.text);
  for (const line of badLines)
    findings.add({
      code: 'bad-env-line',
      severity: 'warning',
      file: '.env',
      start: source.lineStart(line),
      end: source.lineEnd(line),
      message: 'This line sets no variable.',
      explanation: 'Write NAME=value; comments begin with #.',
    });
  return variables;
}

/** Variables of a service's `env_file`s. Only files of the project are read. */
export async function readEnvFiles(
  service: string,
  node: Located,
  files: ProjectFiles,
  findings: Findings,
): Promise<Record<string, string | null>> {
  const value = get(node, 'env_file');
  if (value === undefined || isNothing(value)) return {};
  const result = new Map<string, string>();
  for (const item of value.kind === 'list' ? value.items : [value]) {
    const path = item.kind === 'map' ? textOf(get(item, 'path')) : textOf(item);
    const required = textOf(get(item, 'required')) !== 'false';
    const place = { file: item.file, start: item.start, end: item.end, service };
    if (path === undefined) continue;
    if (!isInside(path)) {
      findings.add({
        code: 'env-file-outside',
        severity: 'error',
        ...place,
        message: `${service}: the env_file ${path} lies outside the project.`,
        explanation: 'Flotilla reads nothing outside the folder you opened. Copy the file into it.',
      });
      continue;
    }
    const found = await files.read(path.replace(/^(\.\/)+/, ''));
    if (found.ok) for (const [name, text] of readEnvFile(found.text).variables) result.set(name, text);
    else if (required || found.reason !== 'missing')
      findings.add({
        code: 'env-file-unreadable',
        severity: 'error',
        ...place,
        message: `${service}: ${found.message}`,
        explanation: 'Create the file, or write required: false.',
      });
  }
  return Object.fromEntries(result);
}

/** Services with `extends` resolved, inside the file or from another file of the project. */
export async function resolveExtends(
  services: Map<string, LocatedEntry>,
  files: ProjectFiles,
  variables: Variables,
  findings: Findings,
): Promise<Map<string, LocatedEntry>> {
  const cache = new Map<string, Located | undefined>();
  const resolve = async (
    entry: LocatedEntry,
    siblings: Map<string, LocatedEntry>,
    trail: string[],
  ): Promise<Located> => {
    const extension = get(entry.value, 'extends');
    if (extension === undefined || isNothing(extension)) return entry.value;
    const name = extension.kind === 'map' ? textOf(get(extension, 'service')) : textOf(extension);
    const file = extension.kind === 'map' ? textOf(get(extension, 'file')) : undefined;
    const fail = (code: string, message: string, explanation: string): Located => {
      findings.add({
        code,
        severity: 'error',
        file: extension.file,
        start: extension.start,
        end: extension.end,
        message,
        explanation,
      });
      return entry.value;
    };
    if (name === undefined)
      return fail(
        'bad-extends',
        'extends must name a service.',
        'Write extends: { service: name }, with file: for another file.',
      );
    let candidates = siblings;
    if (file !== undefined) {
      if (!isInside(file))
        return fail(
          'extends-outside',
          `${file} lies outside the project.`,
          'Flotilla reads nothing outside the folder you opened.',
        );
      const path = file.replace(/^(\.\/)+/, '');
      if (!cache.has(path)) cache.set(path, await readOne(files, path, variables, findings));
      const other = get(cache.get(path), 'services');
      candidates = other?.kind === 'map' ? other.entries : new Map<string, LocatedEntry>();
    }
    const mark = `${file ?? entry.key.file}:${name}`;
    if (trail.includes(mark))
      return fail(
        'extends-cycle',
        `These services extend each other in a circle: ${[...trail, mark].map((step) => step.split(':').pop()).join(' → ')}.`,
        'One of them must stand for itself.',
      );
    const base = candidates.get(name);
    if (base === undefined)
      return fail('extends-missing', `There is no service “${name}” to extend.`, 'Correct the name.');
    return mergeLocated(await resolve(base, candidates, [...trail, mark]), entry.value);
  };
  const resolved = new Map<string, LocatedEntry>();
  for (const [name, entry] of services)
    resolved.set(name, {
      key: entry.key,
      value: await resolve(entry, services, [`${entry.key.file}:${name}`]),
    });
  return resolved;
}
