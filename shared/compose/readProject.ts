import type { AppModel, ServiceModel } from '../domain/ServiceModel.ts';
import { checkBinds } from './checkBinds.ts';
import { checkBuilds } from './checkBuilds.ts';
import { checkServices, isBogus } from './checkServices.ts';
import type { ProjectFiles, ProjectReading, ReadProject } from './ComposeApi.ts';
import { tellUnapplied } from './config/checks/tellUnapplied.ts';
import { checkProject } from './config/checkProject.ts';
import { encodeConfig } from './config/encode/encodeConfig.ts';
import { dropUnused } from './config/normalize/dropUnused.ts';
import { withServiceFiles } from './config/normalize/withServiceFiles.ts';
import { projectShape } from './config/shapes/projectShape.ts';
import type { LoadedProject } from './config/sources/loadProject.ts';
import { Findings } from './Findings.ts';
import { findUnusedVariables } from './findUnusedVariables.ts';
import { giveRoles } from './guessRoles.ts';
import { joinDiagnostics } from './joinDiagnostics.ts';
import { get, isNothing, kindName, type LocatedMap } from './Located.ts';
import { loadProjectFiles } from './loadProjectFiles.ts';
import { modelOfDockerfiles } from './modelOfDockerfiles.ts';
import type { ParsedTexts } from './ParsedTexts.ts';
import { profilesOf } from './profilesOf.ts';
import { projectName } from './projectName.ts';
import { readDangers } from './readDangers.ts';
import { readNamedVolumes, readNetworks } from './readNetworks.ts';
import type { ReadService } from './readService.ts';
import { readRequirements } from './readRequirements.ts';
import { readServices } from './readServices.ts';
import { tellDisabled } from './tellDisabled.ts';
import { tellProject } from './tellProject.ts';

/**
 * What a project folder is: the app its compose files (or else its Dockerfiles) describe, and all that is wrong with it. The files are loaded as
 * docker compose does; where it would refuse them, what can be read is shown all the same.
 */
export const readProject: ReadProject = async (files: ProjectFiles): Promise<ProjectReading> =>
  (await loadAndRead(files)).reading;

/** What was read of a project, beside the tree that it was read from and the texts that its places refer to. */
export interface WholeReading {
  reading: ProjectReading;
  /** Undefined where there is no compose file, or none that can be read. */
  loaded: LoadedProject | undefined;
  texts: Pick<Findings, 'source'>;
}

/**
 * As {@link readProject}, for who also wants to know what stands where.
 * @param parsed its texts, for who parses some of them as well
 */
export async function loadAndRead(files: ProjectFiles, parsed?: ParsedTexts): Promise<WholeReading> {
  const findings = new Findings(files);
  // What compose refuses; the readers below say some of it better.
  const refusals = new Findings(files, findings);
  const loaded = await loadProjectFiles(files, refusals, parsed);
  if (loaded?.paths.length === 0) {
    const { paths } = await files.list();
    const model = await modelOfDockerfiles(files, paths, findings, projectName(files.folderName));
    if (model === null) {
      findings.add({
        code: 'no-project',
        severity: 'error',
        file: '.',
        message: `${files.folderName} holds neither a compose file nor a Dockerfile.`,
        explanation:
          'Flotilla looks for compose.yaml, compose.yml, docker-compose.yml, docker-compose.yaml, and for Dockerfiles up to three folders deep. Open the folder that holds them, or have a Dockerfile generated for the programs in this one.',
      });
    }
    return {
      reading: { model, diagnostics: findings.list(), dangers: [] },
      loaded: undefined,
      texts: findings,
    };
  }
  const root = loaded === undefined ? undefined : await usableRoot(loaded, files, findings, refusals);
  if (loaded === undefined || root === undefined) {
    const diagnostics = joinDiagnostics(findings.list(), refusals.list(), []);
    return { reading: { model: null, diagnostics, dangers: [] }, loaded, texts: findings };
  }
  return { reading: await readRoot(root, loaded, files, findings, refusals), loaded, texts: findings };
}

/** The tree if there is something in it to run; otherwise what is missing is told. */
async function usableRoot(
  { tree, root, paths }: LoadedProject,
  files: ProjectFiles,
  findings: Findings,
  refusals: Findings,
): Promise<LocatedMap | undefined> {
  const file = paths[0] ?? 'compose.yaml';
  if (tree === undefined || root === undefined) {
    // What could not be read at all is not called empty.
    const isEmpty = refusals
      .list()
      .every(({ code, severity }) => severity !== 'error' || code === 'empty-file');
    if (isEmpty || tree !== undefined)
      findings.add({
        code: 'no-services',
        severity: 'error',
        file,
        start: 0,
        message:
          tree === undefined ? `${file} is empty.` : `${file} must be a mapping, not ${kindName(tree)}.`,
        explanation: 'A compose file begins with services: and lists what to run below it.',
      });
    return undefined;
  }
  await tellProject(tree, paths, files, findings);
  const services = get(tree, 'services');
  if (services?.kind === 'map' && services.entries.size > 0) return root;
  const at = services ?? tree;
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
  return undefined;
}

async function readRoot(
  root: LocatedMap,
  { context, paths, name: found }: LoadedProject,
  files: ProjectFiles,
  findings: Findings,
  refusals: Findings,
): Promise<ProjectReading> {
  const name = projectName(found);
  // Compose files and those of their variables, before others become known.
  const sources = findings.files;
  // Of a tree that is refused already, nobody would want to hear more of this kind.
  const unheard = new Findings(files);
  const checked = refusals.hasErrors ? { ...context, findings: unheard } : context;
  const { root: enabled, disabled } = checkProject(root, checked, []);
  const profiles = profilesOf(root);
  tellDisabled(root, disabled, profiles, findings);
  const whole = dropUnused(await withServiceFiles(enabled, context));
  encodeConfig(whole, projectShape, refusals.hasErrors ? unheard : refusals);
  tellUnapplied(whole, refusals, 'info');
  const read = readServices(whole, name, context.variables, findings);
  const roles = giveRoles(read.filter(isRunnable), findings);
  checkServices(read, new Map([...profiles].filter(([service]) => disabled.has(service))), roles, findings);
  await checkBuilds(read, files, findings);
  await checkBinds(read, files, findings);
  await findUnusedVariables(read, files, findings);
  const networks = readNetworks(whole, read, name, findings);
  const volumes = readNamedVolumes(whole, read, name, findings);
  const requirements = readRequirements(whole, findings);
  const model: AppModel = {
    name,
    composeFiles: paths,
    services: read.filter(isRunnable).map(
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
    ...(requirements.length === 0 ? {} : { requirements }),
  };
  const bogus = read
    .filter((service) => !isRunnable(service) && isBogus(service))
    .map(({ entry: { key, value } }) => ({ ...key, end: value.end }));
  return {
    model: model.services.length === 0 ? null : model,
    diagnostics: joinDiagnostics(findings.list(), refusals.list(), bogus),
    dangers: await readDangers(
      { services: read, root: whole, volumes, networks, loaded: sources },
      files,
      findings,
    ),
  };
}

function isRunnable(service: ReadService): boolean {
  return service.model.build !== undefined || get(service.entry.value, 'image') !== undefined;
}
