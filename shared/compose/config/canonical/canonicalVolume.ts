import type { Findings } from '../../Findings.ts';
import { type Located, textOf } from '../../Located.ts';
import { locatedMap } from '../tree/locatedMap.ts';
import { locatedText } from '../tree/locatedText.ts';
import { locatedValue } from '../tree/locatedValue.ts';
import { cleanPath } from '../paths/cleanPath.ts';
import { withEntry } from '../tree/withEntry.ts';
import { parseVolumeText } from './parseVolumeText.ts';
import { refuse } from '../sources/refuse.ts';

/** A mount of a service in the long form. Short binds let the engine create a missing folder, as ever. What is no mount is told and stays. */
export function canonicalVolume(node: Located, findings: Findings): Located {
  if (node.kind === 'map') {
    const target = node.entries.get('target')?.value;
    const path = textOf(target);
    return target === undefined || path === undefined
      ? node
      : withEntry(node, 'target', locatedText(target, cleanPath(path)));
  }
  const text = textOf(node) ?? '';
  const volume = parseVolumeText(text);
  if ('problem' in volume) {
    refuse(
      findings,
      node,
      'bad-volume',
      `“${text}” is no mount: ${volume.problem}.`,
      'Write SOURCE:TARGET or SOURCE:TARGET:ro.',
    );
    return node;
  }
  const optional = (value: string | undefined) =>
    value === undefined ? undefined : locatedText(node, value);
  return locatedMap(node, [
    ['type', locatedText(node, volume.type)],
    ['source', optional(volume.source)],
    ['target', locatedText(node, cleanPath(volume.target))],
    ['read_only', volume.readOnly ? locatedValue(node, true) : undefined],
    [
      'bind',
      volume.type === 'bind' || volume.propagation !== undefined || volume.selinux !== undefined
        ? locatedMap(node, [
            ['selinux', optional(volume.selinux)],
            ['propagation', optional(volume.propagation)],
            ['create_host_path', volume.type === 'bind' ? locatedValue(node, true) : undefined],
          ])
        : undefined,
    ],
    [
      'volume',
      !volume.nocopy && (volume.bare || volume.type === 'bind')
        ? undefined
        : locatedMap(node, [['nocopy', volume.nocopy ? locatedValue(node, true) : undefined]]),
    ],
  ]);
}
