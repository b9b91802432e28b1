import type { CopiedFile, MountModel } from '../domain/ServiceModel.ts';
import type { Variables } from './interpolate.ts';
import { get, isNothing, type Located, textOf } from './Located.ts';
import type { ServiceReader } from './ServiceReader.ts';

/** Where a file stands in the container unless its service says otherwise (Compose specification, “secrets” and “configs”). */
const FOLDERS = { secrets: '/run/secrets/', configs: '/' } as const;
/** Everybody may read it, nobody change it. */
const DEFAULT_MODE = 0o444;
const LARGEST_ID = 2 ** 21 - 1;

/** How the secrets and configs of a service come into its containers. */
export interface GivenFiles {
  mounts: { mount: MountModel; node: Located }[];
  copied: CopiedFile[];
}

/**
 * The secrets and configs of a service, as docker compose gives them without a swarm. Those that are files of the project are seen in the container, read-only,
 * and who owns them and their mode are the files' own. Texts of variables, and those that stand in the compose file, are copied into the container.
 *
 * @param variables what `environment:` names; undefined for those that are not set
 */
export function readFileMounts(
  reader: ServiceReader,
  kind: keyof typeof FOLDERS,
  declared: Located | undefined,
  variables: Variables,
): GivenFiles {
  const given: GivenFiles = { mounts: [], copied: [] };
  const list = reader.at(kind);
  for (const item of list?.kind === 'list' ? list.items : []) {
    const name = textOf(item.kind === 'map' ? (get(item, 'source') ?? item) : item) ?? '';
    const source = sourceOf(reader, item, kind, name, get(declared, name), variables);
    if (source === undefined) continue;
    const written = (item.kind === 'map' ? textOf(get(item, 'target')) : undefined) || name;
    const target = written.startsWith('/') ? written : FOLDERS[kind] + written;
    if ('file' in source) {
      const path = source.file;
      const mount: MountModel = {
        kind: 'bind',
        source: /^[./]/.test(path) ? path : `./${path}`,
        target,
        readOnly: true,
        createSource: false,
      };
      given.mounts.push({ mount, node: item });
      continue;
    }
    if (reader.flag(reader.at('read_only'), 'read_only') === true) {
      reader.error(
        `bad-${wordOf(kind)}`,
        item,
        `the ${wordOf(kind)} “${name}” cannot be put into a container whose root is read-only.`,
        'Give it a file: of the project instead, or take read_only away.',
      );
      continue;
    }
    given.copied.push({
      kind: wordOf(kind),
      name,
      target,
      text: source.text,
      mode: reader.number(get(item, 'mode'), 'mode', { least: 0, most: 0o7777, whole: true }) ?? DEFAULT_MODE,
      uid: readId(reader, item, kind, 'uid'),
      gid: readId(reader, item, kind, 'gid'),
    });
  }
  return given;
}

const wordOf = (kind: keyof typeof FOLDERS): CopiedFile['kind'] => (kind === 'secrets' ? 'secret' : 'config');

function readId(
  reader: ServiceReader,
  item: Located,
  kind: keyof typeof FOLDERS,
  key: 'uid' | 'gid',
): number {
  const node = item.kind === 'map' ? get(item, key) : undefined;
  const text = reader.text(node, key) ?? '';
  if (node === undefined || text === '') return 0;
  if (/^\d+$/.test(text) && Number(text) <= LARGEST_ID) return Number(text);
  reader.error(
    `bad-${wordOf(kind)}`,
    node,
    `${key} “${text.slice(0, 60)}” is no number of a ${key === 'uid' ? 'user' : 'group'} up to ${LARGEST_ID}.`,
    'Names are not known outside of the container: write the number.',
  );
  return 0;
}

function sourceOf(
  reader: ServiceReader,
  item: Located,
  kind: keyof typeof FOLDERS,
  name: string,
  declaration: Located | undefined,
  variables: Variables,
): { file: string } | { text: string } | undefined {
  const word = wordOf(kind);
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
    if (path?.startsWith('~') !== true) return path === undefined ? undefined : { file: path };
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
  const variable = textOf(get(declaration, 'environment'));
  if (variable !== undefined && variable !== '') {
    const text = variables.get(variable);
    return text === undefined
      ? refuse(
          `the ${word} “${name}” is the variable ${variable}, which is not set.`,
          'Set it in the project’s .env file; variables of the shell that Flotilla was started from are not passed on.',
        )
      : { text };
  }
  const text = kind === 'configs' ? reader.text(get(declaration, 'content'), `${word} ${name}`) : undefined;
  // Without any source compose refuses it, and so do we before.
  return text === undefined ? undefined : { text };
}
