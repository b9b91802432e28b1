import { NodeConfigFiles } from '#core/apps/NodeConfigFiles.ts';
import type { Json } from '#shared/compose/config/encode/Json.ts';
import { escapeDollars } from '#shared/compose/config/escapeDollars.ts';
import { formatYaml } from '#shared/compose/config/formatYaml.ts';
import { resolveConfig } from '#shared/compose/config/resolveConfig.ts';
import { FlotillaError } from '#shared/contract/errors.ts';
import { formatDiagnostic } from './formatDiagnostic.ts';
import type { Output } from './Output.ts';
import { type Command, usage } from './parseArguments.ts';
import { projectFolder } from './projectFolder.ts';

const LISTS = ['services', 'volumes', 'images', 'profiles'] as const;

/** The process's environment and home, which are read only as far as the command line says. */
interface Surroundings {
  env: Readonly<Record<string, string | undefined>>;
  homeDirectory: string;
}

/**
 * `flotilla config`: the project as compose understands it, as YAML, as JSON, or a list of names. Needs no engine.
 * @throws FlotillaError `project-invalid` when compose would refuse it; its places have been told by then
 */
export async function configCommand(
  { folder, options }: Command,
  output: Output,
  { env, homeDirectory }: Surroundings,
): Promise<number> {
  const lists = LISTS.filter((list) => options[list] === true);
  if (lists.length > 1) throw usage(`--${lists.join(' and --')} exclude each other`);
  const root = await projectFolder(folder);
  const { file = [], 'env-file': envFile = [] } = options;
  const outcome = await resolveConfig({
    files: new NodeConfigFiles(root, [...file, ...envFile]),
    folder: root,
    home: homeDirectory,
    composeFiles: file,
    envFiles: envFile,
    profiles: options.profile ?? [],
    variables: givenVariables(options.env ?? [], env),
  });
  const { diagnostics, model, yaml } = outcome;
  for (const diagnostic of diagnostics) output.detail(formatDiagnostic(diagnostic));
  if (model === undefined || yaml === undefined) {
    const errors = diagnostics.filter(({ severity }) => severity === 'error').length;
    throw new FlotillaError(
      'project-invalid',
      `The project cannot be resolved: ${errors} ${errors === 1 ? 'error' : 'errors'}.`,
      { hint: 'Each finding says where and why.', detail: { diagnostics } },
    );
  }
  const [list] = lists;
  if (list === undefined)
    output.result({ config: escapeDollars(model), diagnostics }, formatYaml(yaml).trimEnd());
  else {
    const names = list === 'profiles' ? outcome.profiles : namesOf(model, list);
    output.result({ [list]: names }, names.join('\n'));
  }
  return 0;
}

function namesOf(model: Record<string, Json>, list: 'services' | 'volumes' | 'images'): string[] {
  if (list !== 'images') return Object.keys(model[list] ?? {});
  const project = typeof model['name'] === 'string' ? model['name'] : '';
  const services = Object.entries((model['services'] ?? {}) as Record<string, { image?: string }>);
  const images = services.map(([name, { image }]) => image ?? `${project}-${name}`);
  return [...new Set(images)].sort();
}

/** `NAME=VALUE`, or `NAME` for the value it has in the command's own environment. */
function givenVariables(words: readonly string[], env: Surroundings['env']): Map<string, string> {
  const given = new Map<string, string>();
  for (const word of words) {
    const [, name, value] = /^([A-Za-z_]\w*)(?:=(.*))?$/s.exec(word) ?? [];
    if (name === undefined) throw usage(`--env ${word}: give NAME=VALUE, or NAME`);
    const found = value ?? env[name];
    if (found !== undefined) given.set(name, found);
  }
  return given;
}
