import type { AppModel, ServiceModel } from '../domain/ServiceModel.ts';
import { checkBuilds } from './checkBuilds.ts';
import { checkServices } from './checkServices.ts';
import { findUnusedVariables } from './findUnusedVariables.ts';
import type { ProjectFiles, ProjectReading, ReadProject } from './ComposeApi.ts';
import { type ComposeSource, readComposeFiles, readEnvFiles, resolveExtends } from './composeFiles.ts';
import { Findings } from './Findings.ts';
import { giveRoles } from './guessRoles.ts';
import { get, isNothing, kindName, type Located, textOf } from './Located.ts';
import { nearestKey, TOP_KEYS, UNSUPPORTED_TOP_KEYS } from './knownKeys.ts';
import { isInside, readDangers } from './readDangers.ts';
import { modelOfDockerfiles } from './modelOfDockerfiles.ts';
import { projectName } from './projectName.ts';
import { type ReadService, readService } from './readService.ts';
import { readNamedVolumes, readNetworks } from './readNetworks.ts';
import { removeEntry } from './removalEdits.ts';

/** What a project folder is: the app its compose file (or else its Dockerfiles) describe, and all that is wrong with it. */
export const readProject: ReadProject = async (files: ProjectFiles): Promise<ProjectReading> => {
  const findings = new Findings(files);
  const { paths } = await files.list();
  const source = await readComposeFiles(files, paths, findings);
  if (source === undefined) {
    const model = await modelOfDockerfiles(files, paths, findings, projectName(files.folderName));
    if (model === null) {
      findings.add({
        code: 'no-project',
        severity: 'error',
        file: '.',
        message: `${files.folderName} holds neither a compose file nor a Dockerfile.`,
        explanation:
          'Flotilla looks for compose.yaml, compose.yml, docker-compose.yaml, docker-compose.yml, and for Dockerfiles up to three folders deep. Open the folder that holds them, or have a Dockerfile generated for the programs in this one.',
      });
    }
    return { model, diagnostics: findings.list(), dangers: [] };
  }
  return readSource(source, files, findings);
};

async function readSource(
  source: ComposeSource,
  files: ProjectFiles,
  findings: Findings,
): Promise<ProjectReading> {
  const { root } = source;
  const file = source.files[0] ?? 'compose.yaml';
  const services = get(root, 'services');
  if (root === undefined || root.kind !== 'map') {
    if (!findings.hasErrors || root !== undefined)
      findings.add({
        code: 'no-services',
        severity: 'error',
        file,
        start: 0,
        message:
          root === undefined ? `${file} is empty.` : `${file} must be a mapping, not ${kindName(root)}.`,
        explanation: 'A compose file begins with services: and lists what to run below it.',
      });
    return { model: null, diagnostics: findings.list(), dangers: [] };
  }
  checkTopKeys(root, findings);
  const name = nameOf(root, source, files, findings);
  if (services === undefined || services.kind !== 'map' || services.entries.size === 0) {
    const at = services ?? root;
    findings.add({
      code: 'no-services',
      severity: 'error',
      file: at.file,
      start: at.start,
      end: at.end,
      message:
        services === undefined
          ? `${file} has no services.`
          : isNothing(services) || services.kind === 'map'
            ? 'services is empty.'
            : `services must be a mapping, not ${kindName(services)}.`,
      explanation: 'Name each service below services:, with an image or a build.',
    });
    return { model: null, diagnostics: findings.list(), dangers: [] };
  }
  const resolved = await resolveExtends(services.entries, files, source.variables, findings);
  const read: ReadService[] = [];
  for (const [key, entry] of resolved) {
    if (!/^[a-zA-Z0-9][a-zA-Z0-9._-]{0,200}$/.test(key)) {
      findings.add({
        code: 'bad-service-name',
        severity: 'error',
        file: entry.key.file,
        start: entry.key.start,
        end: entry.key.end,
        message: `“${key.slice(0, 60)}” is no name of a service.`,
        explanation:
          'Use letters, digits, “_”, “.” and “-”, beginning with a letter or digit, at most 200 of them.',
      });
      continue;
    }
    if (entry.value.kind !== 'map') {
      findings.add({
        code: 'service-empty',
        severity: 'error',
        file: entry.key.file,
        start: entry.key.start,
        end: entry.key.end,
        service: key,
        message: `${key} must be a mapping, not ${kindName(entry.value)}.`,
        explanation: 'Indent its settings (image or build, and so on) below its name.',
      });
      continue;
    }
    const environment = await readEnvFiles(key, entry.value, files, findings);
    read.push(readService(key, entry, name, findings, environment, get(root, 'secrets')));
  }
  const roles = giveRoles(
    read.filter((service) => !isLikelyBogus(service)),
    findings,
  );
  checkServices(read, roles, findings);
  await checkBuilds(read, files, findings);
  await checkBinds(read, files, findings);
  await findUnusedVariables(read, files, findings);
  const networks = readNetworks(root, read, name, findings);
  const volumes = readNamedVolumes(root, read, name, findings);
  const runnable = read.filter(
    (service) => service.model.build !== undefined || get(service.entry.value, 'image') !== undefined,
  );
  const model: AppModel = {
    name,
    composeFiles: source.files,
    services: runnable.map(
      (service): ServiceModel => ({
        ...service.model,
        ...(roles.get(service.model.name) ?? {
          role: 'service',
          roleSource: 'guessed',
          roleReason: 'Nothing in the file says more.',
        }),
      }),
    ),
    networks,
    volumes,
  };
  return {
    model: model.services.length === 0 ? null : model,
    diagnostics: findings.list(),
    dangers: readDangers(read, files, findings),
  };
}

function isLikelyBogus(service: ReadService): boolean {
  return service.model.build === undefined && get(service.entry.value, 'image') === undefined;
}

function nameOf(root: Located, source: ComposeSource, files: ProjectFiles, findings: Findings): string {
  const node = get(root, 'name');
  const given = textOf(node) ?? source.variables.get('COMPOSE_PROJECT_NAME');
  if (given === undefined || given === '') return projectName(files.folderName);
  if (/^[a-z0-9][a-z0-9_-]{0,59}$/.test(given)) return given;
  if (node !== undefined)
    findings.add({
      code: 'bad-project-name',
      severity: 'error',
      file: node.file,
      start: node.start,
      end: node.end,
      message: `“${given.slice(0, 60)}” is no project name.`,
      explanation:
        'Use lower-case letters, digits, “_” and “-”, beginning with a letter or digit, at most 60 of them.',
    });
  return projectName(given);
}

function checkTopKeys(root: Located, findings: Findings): void {
  if (root.kind !== 'map') return;
  for (const [key, entry] of root.entries) {
    const { key: at } = entry;
    const place = { file: at.file, start: at.start, end: at.end };
    if (key === 'version') {
      findings.add({
        code: 'obsolete-version',
        severity: 'info',
        ...place,
        message: '“version” is obsolete.',
        explanation: 'Compose ignores it since 2020 and warns about it.',
        fixes: [{ id: 'remove-version', title: 'Remove the line', edits: removeEntry(findings, entry) }],
      });
    } else if (UNSUPPORTED_TOP_KEYS.has(key)) {
      findings.add({
        code: 'unsupported-key',
        severity: 'warning',
        ...place,
        message: `Flotilla does not act on “${key}” yet.`,
        explanation: 'Everything else of the file works.',
      });
    } else if (!TOP_KEYS.has(key) && !key.startsWith('x-')) {
      const near = nearestKey(key, TOP_KEYS);
      findings.add({
        code: 'unknown-key',
        severity: 'warning',
        ...place,
        message: `Compose knows no “${key.slice(0, 60)}” at the top of the file${near === undefined ? '' : `; is “${near}” meant?`}`,
        explanation: 'It has no effect.',
        fixes:
          near === undefined || root.entries.has(near)
            ? []
            : [{ id: 'correct-key', title: `Write ${near}`, edits: [{ ...place, newText: near }] }],
      });
    }
  }
}

async function checkBinds(
  services: readonly ReadService[],
  files: ProjectFiles,
  findings: Findings,
): Promise<void> {
  for (const { model, mounts } of services) {
    for (const { mount, node } of mounts) {
      if (mount.kind !== 'bind' || !isInside(mount.source)) continue;
      const path = mount.source
        .split('/')
        .filter((part) => part !== '' && part !== '.')
        .join('/');
      if (path === '') continue;
      const found = await files.read(path);
      if (found.ok || found.reason !== 'missing') continue;
      findings.add({
        code: 'missing-bind-source',
        severity: 'error',
        file: node.file,
        start: node.start,
        end: node.end,
        service: model.name,
        message: `${model.name} mounts ${mount.source}, which does not exist.`,
        explanation:
          'The engine would refuse it (or, in the short form, create an empty folder that belongs to root). Create it, or correct the path.',
      });
    }
  }
}
