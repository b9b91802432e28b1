import { get, type Located, textOf } from '../../Located.ts';
import { locatedText } from '../tree/locatedText.ts';
import { mapAt } from '../tree/mapAt.ts';
import { withEntry } from '../tree/withEntry.ts';
import { isResolved } from './isResolved.ts';
import { cleanPath } from './cleanPath.ts';
import { isRemote } from './isRemote.ts';
import { joinPath } from './joinPath.ts';

const PATHS = [
  'services.*.env_file.*.path',
  'services.*.label_file.*',
  'services.*.extends.file',
  'services.*.develop.watch.*.path',
  'configs.*.file',
  'secrets.*.file',
];
const CONTEXTS = ['services.*.build.context', 'services.*.build.additional_contexts.*'];

/**
 * A canonical tree with the paths of this machine as seen from `folder` (absolute if that is, relative to the project if that is `.`), `~`
 * from `home` (Compose specification: paths are relative to the file's project folder).
 */
export function resolvePaths(root: Located, folder: string, home: string | undefined): Located {
  const absolute = (node: Located): Located => {
    const text = textOf(node);
    // What is included or extended comes here again as a part of what includes it.
    return text === undefined || isResolved(node)
      ? node
      : { ...locatedText(node, expand(text)), resolved: true };
  };
  const expand = (text: string): string =>
    text.startsWith('/')
      ? text
      : home !== undefined && text.startsWith('~')
        ? cleanPath(`${home}/${text.slice(1)}`)
        : joinPath(folder, text);
  let tree = root;
  for (const pattern of PATHS) tree = mapAt(tree, pattern, absolute);
  for (const pattern of CONTEXTS)
    tree = mapAt(tree, pattern, (node) => (isRemote(textOf(node) ?? '') ? node : absolute(node)));
  tree = mapAt(tree, 'services.*.volumes.*', (mount) => {
    const source = get(mount, 'source');
    const text = textOf(source);
    if (
      mount.kind !== 'map' ||
      source === undefined ||
      text === undefined ||
      textOf(get(mount, 'type')) !== 'bind'
    )
      return mount;
    // A Windows path means the same wherever the file is.
    return /^(?:\p{L}:[\\/]|\\\\)/u.test(text) ? mount : withEntry(mount, 'source', absolute(source));
  });
  // A volume that only stands for a folder of this machine.
  return mapAt(tree, 'volumes.*', (volume) => {
    const options = get(volume, 'driver_opts');
    const device = get(options, 'device');
    const isBind = textOf(get(volume, 'driver')) === 'local' && textOf(get(options, 'o')) === 'bind';
    if (volume.kind !== 'map' || options?.kind !== 'map' || device === undefined || !isBind) return volume;
    return withEntry(volume, 'driver_opts', withEntry(options, 'device', absolute(device)));
  });
}
