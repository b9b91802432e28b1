import type { Findings } from '../../Findings.ts';
import { get, type Located, textOf } from '../../Located.ts';
import { refuse } from '../sources/refuse.ts';
import { mapAt, type Spot } from '../tree/mapAt.ts';

/** Tells volumes, configs and secrets that say too much or too little about where they come from, and watched paths that are blank. */
export function checkSources(root: Located, findings: Findings): void {
  const at = (pattern: string, look: (node: Located, spot: Spot) => void): void => {
    mapAt(root, pattern, (node, spot) => {
      look(node, spot);
      return node;
    });
  };
  at('volumes.*', (node, { path }) => {
    const external = get(node, 'external');
    if (node.kind !== 'map' || external?.kind !== 'scalar' || external.value !== true) return;
    for (const [name, { key }] of node.entries)
      if (name !== 'external' && name !== 'name' && !name.startsWith('x-'))
        refuse(
          findings,
          key,
          'external-conflict',
          `${path.join('.')} is external and has ${name}.`,
          'An external volume is made elsewhere; only its name can be said.',
        );
  });
  const sources =
    (...keys: string[]) =>
    (node: Located, { path, key }: Spot): void => {
      if (node.kind !== 'map') return;
      const [first, second] = keys.filter((name) => node.entries.has(name));
      if (second !== undefined)
        refuse(
          findings,
          node.entries.get(second)?.key ?? node,
          'two-sources',
          `${path.join('.')} has ${first ?? ''} and ${second}.`,
          `Only one of ${keys.join(', ')} can count.`,
        );
      if (first === undefined && !node.entries.has('driver') && !node.entries.has('external'))
        refuse(
          findings,
          key ?? node,
          'no-source',
          `${path.join('.')} does not say where its content comes from.`,
          `Give one of ${keys.join(', ')}, or external: true.`,
        );
    };
  at('configs.*', sources('file', 'environment', 'content'));
  at('secrets.*', sources('file', 'environment'));
  at('services.*.develop.watch.*.path', (node) => {
    if (textOf(node) === '')
      refuse(findings, node, 'blank-path', 'The watched path is blank.', 'Write the folder to watch.');
  });
}
