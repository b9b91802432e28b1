import type { MountModel } from '../domain/ServiceModel.ts';
import { get, isNothing, type Located, textOf } from './Located.ts';
import type { ServiceReader } from './ServiceReader.ts';

/** Where a file stands in the container unless its service says otherwise (Compose specification, “secrets” and “configs”). */
const FOLDERS = { secrets: '/run/secrets/', configs: '/' } as const;

/**
 * The secrets and configs of a service, as the files they are: each is seen in the container, read-only, as docker compose does it
 * without a swarm. Who owns it and its mode are the file's own there.
 */
export function readFileMounts(
  reader: ServiceReader,
  kind: keyof typeof FOLDERS,
  declared: Located | undefined,
): { mount: MountModel; node: Located }[] {
  const list = reader.at(kind);
  return (list?.kind === 'list' ? list.items : []).flatMap((item) => {
    const name = textOf(item.kind === 'map' ? (get(item, 'source') ?? item) : item) ?? '';
    const source = fileOf(reader, item, kind.slice(0, -1), name, get(declared, name));
    if (source === undefined) return [];
    const target = (item.kind === 'map' ? textOf(get(item, 'target')) : undefined) || name;
    const mount: MountModel = {
      kind: 'bind',
      source: /^[./]/.test(source) ? source : `./${source}`,
      target: target.startsWith('/') ? target : FOLDERS[kind] + target,
      readOnly: true,
      createSource: false,
    };
    return [{ mount, node: item }];
  });
}

function fileOf(
  reader: ServiceReader,
  item: Located,
  word: string,
  name: string,
  declaration: Located | undefined,
): string | undefined {
  const refuse = (message: string, advice: string): undefined => {
    reader.error(`bad-${word}`, item, message, advice);
    return undefined;
  };
  if (declaration?.kind !== 'map')
    return refuse(
      `the ${word} “${name}” is not declared.`,
      `Add below ${word}s: at the top of the file “${name}:” with file: and the path of a file.`,
    );
  const file = get(declaration, 'file');
  if (!isNothing(file)) {
    const path = reader.text(file, `${word} ${name}`);
    if (path?.startsWith('~') !== true) return path;
    return refuse(
      `the ${word} “${name}” names a home folder (${path}).`,
      'Which one depends on who runs it. Write the path, or put the file into the project.',
    );
  }
  const external = get(declaration, 'external');
  if (!isNothing(external) && reader.flag(external, 'external') === true)
    return refuse(
      `the ${word} “${name}” is external, which only swarms have.`,
      'Give it a file: in the project, its name in .gitignore.',
    );
  reader.warn(
    'unsupported-key',
    item,
    `the ${word} “${name}” is not given to its containers.`,
    `Flotilla gives files only: write its text into a file, and file: with the path of it below ${word}s.`,
  );
  return undefined;
}
