import type { BuildSecretModel } from '../domain/ServiceModel.ts';
import { get, isNothing, type Located, textOf } from './Located.ts';
import { isInside } from './readDangers.ts';
import type { ServiceReader } from './ServiceReader.ts';

/**
 * The secrets of a build section, each traced to what the file's own `secrets` says of it: a file inside the project,
 * or a variable of the project's .env file. Values are not read here.
 */
export function readBuildSecrets(
  reader: ServiceReader,
  build: Located,
  declared: Located | undefined,
): BuildSecretModel[] {
  const node = get(build, 'secrets');
  if (node === undefined || isNothing(node)) return [];
  if (node.kind !== 'list') {
    reader.error(
      'wrong-kind',
      node,
      'build secrets must be a list.',
      'Write each secret’s name on a line that begins with “- ”.',
    );
    return [];
  }
  const ids = new Set<string>();
  return node.items.flatMap((item) => {
    const source = item.kind === 'map' ? reader.text(get(item, 'source'), 'secret source') : textOf(item);
    if (source === undefined) {
      reader.error(
        'bad-secret',
        item,
        'a build secret has no name.',
        'Write its name, or source: with its name.',
      );
      return [];
    }
    const id =
      (item.kind === 'map' ? reader.text(get(item, 'target'), 'secret target') : undefined) ?? source;
    if (!/^[\w.-]{1,128}$/.test(id) || ids.has(id)) {
      reader.error(
        'bad-secret',
        item,
        ids.has(id)
          ? `the build secret “${id}” is there twice.`
          : `“${id.slice(0, 60)}” is no name of a secret.`,
        'Give each secret one name of letters, digits, “_”, “.” and “-”.',
      );
      return [];
    }
    ids.add(id);
    const found = trace(reader, item, source, get(declared, source));
    return found === undefined ? [] : [{ id, ...found }];
  });
}

function trace(
  reader: ServiceReader,
  item: Located,
  name: string,
  declaration: Located | undefined,
): Omit<BuildSecretModel, 'id'> | undefined {
  const complain = (at: Located, message: string, advice: string): undefined => {
    reader.error('bad-secret', at, message, advice);
    return undefined;
  };
  if (declaration === undefined || declaration.kind !== 'map')
    return complain(
      item,
      `the secret “${name}” is not declared.`,
      `Add below secrets: at the top of the file “${name}:” with file: or environment:.`,
    );
  const file = get(declaration, 'file');
  const environment = get(declaration, 'environment');
  const path = reader.text(file, `secret ${name}`);
  if (path !== undefined && file !== undefined)
    return isInside(path)
      ? { file: path.replace(/^(?:\.\/)+/, '') }
      : complain(
          file,
          `the file of the secret “${name}” lies outside the project (${path}).`,
          'Nothing outside the project is read: put the file into the project folder, and its name into .gitignore and .dockerignore.',
        );
  const variable = reader.text(environment, `secret ${name}`);
  if (variable !== undefined && environment !== undefined)
    return /^[A-Za-z_][\w.-]*$/.test(variable)
      ? { environment: variable }
      : complain(
          environment,
          `“${variable.slice(0, 60)}” is no name of a variable.`,
          'Write the name of a variable of .env.',
        );
  return complain(
    declaration,
    `the secret “${name}” has neither file nor environment.`,
    'External secrets are only for swarms; a build takes a file of the project or a variable of .env.',
  );
}
