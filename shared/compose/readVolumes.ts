import type { MountModel } from '../domain/ServiceModel.ts';
import { isShortForm } from './isShortForm.ts';
import { get, isNothing, type Located, type LocatedMap, textOf } from './Located.ts';
import type { ServiceReader } from './ServiceReader.ts';

/** Mounts of a service, each with its place. */
export function readVolumes(reader: ServiceReader): { mount: MountModel; node: Located }[] {
  const mounts: { mount: MountModel; node: Located }[] = [];
  const volumes = reader.at('volumes');
  if (volumes !== undefined && volumes.kind !== 'list')
    reader.error(
      'wrong-kind',
      volumes,
      'volumes must be a list.',
      'Write each volume on a line that begins with “- ”.',
    );
  for (const node of volumes?.kind === 'list' ? volumes.items : []) {
    const mount = node.kind === 'map' ? longMount(reader, node) : shortMount(reader, node);
    if (mount !== undefined) mounts.push({ mount, node });
  }
  for (const text of reader.texts(reader.at('tmpfs'), 'tmpfs')) {
    const node = reader.at('tmpfs');
    const [target = '', options = ''] = text.split(':');
    const size = /(?:^|,)size=([^,]+)/.exec(options)?.[1];
    const sizeBytes = size === undefined || node === undefined ? undefined : tmpfsSize(reader, node, size);
    if (node !== undefined && checkTarget(reader, node, target))
      mounts.push({
        mount: { kind: 'tmpfs', target, ...(sizeBytes === undefined ? {} : { sizeBytes }) },
        node,
      });
  }
  return mounts;
}

/** The kernel takes a share of the memory, too, which the engine's API does not. */
function tmpfsSize(reader: ServiceReader, node: Located, text: string): number | undefined {
  if (!/^\d+%$/.test(text)) return reader.size(text, node, 'tmpfs size');
  reader.warn(
    'tmpfs-share',
    node,
    `tmpfs size: “${text}” is not taken over.`,
    'Flotilla gives sizes in bytes; without one it is half of the memory. Write for example size=64m.',
  );
  return undefined;
}

function shortMount(reader: ServiceReader, node: Located): MountModel | undefined {
  const text = reader.text(node, 'a volume');
  if (text === undefined) return undefined;
  const parts = text.split(':');
  if (parts.length === 1)
    return checkTarget(reader, node, text) ? { kind: 'volume', target: text, readOnly: false } : undefined;
  const [source = '', target = '', mode = 'rw', ...more] = parts;
  const modes = mode.split(',');
  if (
    more.length > 0 ||
    modes.some(
      (word) => !['rw', 'ro', 'z', 'Z', 'cached', 'delegated', 'consistent', 'nocopy'].includes(word),
    )
  ) {
    reader.error(
      'bad-volume',
      node,
      `“${text}” is no volume.`,
      'Write SOURCE:TARGET or SOURCE:TARGET:ro. A path with a colon needs the long form (type, source, target).',
    );
    return undefined;
  }
  if (!checkTarget(reader, node, target)) return undefined;
  const readOnly = modes.includes('ro');
  if (/^[./~]/.test(source)) return bind(reader, node, source, target, readOnly, false);
  if (!/^[A-Za-z0-9][\w.-]*$/.test(source)) {
    reader.error(
      'bad-volume',
      node,
      `“${source}” is neither a path nor the name of a volume.`,
      'A path inside the project begins with “./”.',
    );
    return undefined;
  }
  return { kind: 'volume', source, target, readOnly };
}

function longMount(reader: ServiceReader, node: LocatedMap): MountModel | undefined {
  const type = textOf(get(node, 'type')) ?? 'volume';
  const target = textOf(get(node, 'target')) ?? '';
  const source = textOf(get(node, 'source'));
  const readOnly = reader.flag(get(node, 'read_only'), 'read_only') ?? false;
  // To compose one letter before a colon is a drive of Windows.
  if (type === 'bind' && /^(?:\p{L}:|\\\\)/u.test(source ?? '')) {
    reader.error(
      'bad-volume',
      node,
      `“${source ?? ''}:${target}” is no volume.`,
      'Write SOURCE:TARGET or SOURCE:TARGET:ro, with paths of this machine. A path with a colon needs the long form (type, source, target).',
    );
    return undefined;
  }
  if (!checkTarget(reader, node, target)) return undefined;
  if (type === 'tmpfs') {
    const sizeBytes = reader.bytes(get(get(node, 'tmpfs'), 'size'), 'tmpfs size');
    return { kind: 'tmpfs', target, ...(sizeBytes === undefined ? {} : { sizeBytes }) };
  }
  if (type === 'volume')
    return { kind: 'volume', ...(source === undefined ? {} : { source }), target, readOnly };
  if (type === 'bind' && source !== undefined) {
    // The short form lets compose make a missing folder, which would be root's: here it is told instead.
    const create = isShortForm(node) ? undefined : get(get(node, 'bind'), 'create_host_path');
    return bind(
      reader,
      node,
      source,
      target,
      readOnly,
      !isNothing(create) && reader.flag(create, 'create_host_path') === true,
    );
  }
  reader.error(
    'bad-volume',
    node,
    type === 'bind' ? 'A bind needs its source.' : `Volumes of type “${type}” are not known.`,
    'type is volume, bind or tmpfs; bind has source and target.',
  );
  return undefined;
}

function bind(
  reader: ServiceReader,
  node: Located,
  source: string,
  target: string,
  readOnly: boolean,
  createSource: boolean,
): MountModel | undefined {
  if (source.startsWith('~')) {
    reader.error(
      'home-folder',
      node,
      `“${source}” names a home folder.`,
      'Which one depends on who runs it. Write the path, or put the data into the project.',
    );
    return undefined;
  }
  return {
    kind: 'bind',
    source: source.startsWith('/') || source.startsWith('.') ? source : `./${source}`,
    target,
    readOnly,
    createSource,
  };
}

function checkTarget(reader: ServiceReader, node: Located, target: string): boolean {
  if (target.startsWith('/') && target !== '/') return true;
  reader.error(
    'bad-volume',
    node,
    target === '/'
      ? 'A volume cannot take the place of the whole container.'
      : `“${target}” is no absolute path in the container.`,
    'The target begins with “/”, as in /data.',
  );
  return false;
}
