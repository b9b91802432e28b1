import type { FixDraft } from '../../Findings.ts';
import type { Located } from '../../Located.ts';
import type { ValueKind } from '../shapes/Shape.ts';

/** How a value of the wrong kind can be written so that it is of a wanted one; none for what a variable or alias gave. */
export function kindFixes(node: Located, wanted: readonly (ValueKind | 'list' | 'map')[]): FixDraft[] {
  if (node.kind !== 'scalar' || node.interpolated || node.source === '') return [];
  const { file, start, end, source } = node;
  const isNumber = typeof node.value === 'bigint' || typeof node.value === 'number';
  if (isNumber && wanted.includes('text'))
    return [
      {
        id: 'quote-value',
        title: 'Put the value in quotes',
        edits: [{ file, start, end, newText: `"${source}"` }],
      },
    ];
  if (typeof node.value === 'string' && wanted.includes('list') && /^[\w./:-]+$/.test(source))
    return [
      { id: 'make-list', title: 'Make it a list', edits: [{ file, start, end, newText: `[${source}]` }] },
    ];
  return [];
}
