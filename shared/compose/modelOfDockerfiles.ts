import type { AppModel, ServiceModel } from '../domain/ServiceModel.ts';
import { lintDockerfile } from '../dockerfile/lintDockerfile.ts';
import type { ProjectFiles } from './ComposeApi.ts';
import type { Findings } from './Findings.ts';
import { giveRoles } from './guessRoles.ts';
import type { Located } from './Located.ts';
import { projectName } from './projectName.ts';
import { readService } from './readService.ts';

const MOST_DOCKERFILES = 20;
const DEEPEST = 3;

interface Found {
  name: string;
  context: string;
  dockerfile: string;
  target?: string;
  path: string;
}

/** An app made of the project's Dockerfiles alone, a service for each image they make; null when there are none. */
export async function modelOfDockerfiles(
  files: ProjectFiles,
  paths: readonly string[],
  findings: Findings,
  project: string,
): Promise<AppModel | null> {
  const found = await findImages(files, paths, findings, project);
  if (found.length === 0) return null;
  const read = found.map(({ name, context, dockerfile, target, path }) => {
    const entry = {
      key: scalar(path, name),
      value: buildNode(path, { context, dockerfile, ...(target === undefined ? {} : { target }) }),
    };
    return readService(name, entry, project, findings);
  });
  const roles = giveRoles(read, findings);
  return {
    name: project,
    composeFiles: [],
    services: read.map(
      (service): ServiceModel => ({
        ...service.model,
        ...(roles.get(service.model.name) ?? {
          role: 'service',
          roleSource: 'guessed',
          roleReason: 'Nothing says more.',
        }),
      }),
    ),
    networks: [{ key: 'default', name: `${project}_default`, external: false, internal: false, labels: {} }],
    volumes: [],
  };
}

async function findImages(
  files: ProjectFiles,
  paths: readonly string[],
  findings: Findings,
  project: string,
): Promise<Found[]> {
  const dockerfiles = paths.filter(
    (path) =>
      /(^|\/)([\w.-]+\.)?Dockerfile(\.[\w-]+)?$/i.test(path) &&
      !/\.dockerignore$/i.test(path) &&
      path.split('/').length <= DEEPEST + 1,
  );
  const found: Found[] = [];
  const taken = new Set<string>();
  for (const path of dockerfiles.slice(0, MOST_DOCKERFILES)) {
    const text = await files.read(path);
    if (!text.ok) {
      findings.add({
        code: 'dockerfile-unreadable',
        severity: 'error',
        file: path,
        message: text.message,
        explanation: 'It cannot be built from.',
      });
      continue;
    }
    const { images } = lintDockerfile(path, text.text, findings);
    const slash = path.lastIndexOf('/');
    const context = slash === -1 ? '.' : path.slice(0, slash);
    const dockerfile = path.slice(slash + 1);
    const suffix =
      /^([\w.-]+)\.Dockerfile$/i.exec(dockerfile)?.[1] ?? /^Dockerfile\.([\w-]+)$/i.exec(dockerfile)?.[1];
    const fallback = projectName(suffix ?? (slash === -1 ? project : (context.split('/').at(-1) ?? project)));
    const named =
      images.length > 1
        ? images.map((image) => ({ name: image.name, target: image.stage.name ?? String(image.stage.index) }))
        : [{ name: fallback }];
    for (const image of named) {
      let { name } = image;
      for (let number = 2; taken.has(name); number += 1) name = `${image.name}-${number}`;
      taken.add(name);
      found.push({ ...image, name, context, dockerfile, path });
    }
  }
  return found;
}

function scalar(file: string, value: string): Located & { kind: 'scalar' } {
  return { kind: 'scalar', file, start: 0, end: 0, value, source: value, quoted: true, interpolated: false };
}

function buildNode(file: string, build: Record<string, string>): Located {
  const map = (fields: [string, Located][]): Located => ({
    kind: 'map',
    file,
    start: 0,
    end: 0,
    entries: new Map(fields.map(([key, value]) => [key, { key: scalar(file, key), value }])),
  });
  return map([['build', map(Object.entries(build).map(([key, value]) => [key, scalar(file, value)]))]]);
}
