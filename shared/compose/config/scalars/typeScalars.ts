import type { Located, LocatedEntry, LocatedScalar } from '../../Located.ts';
import type { Findings } from '../../Findings.ts';
import { locatedValue } from '../tree/locatedValue.ts';
import { plainScalar } from './plainScalar.ts';

/**
 * The tree with plain scalars read as compose reads them: whole numbers become bigints, floats numbers. Keys that are no text
 * (`true:`, `5:`) are told and left out, as compose refuses them.
 */
export function typeScalars(node: Located, findings: Findings): Located {
  // Nobody looks at what is taken away.
  if (node.tag === '!reset') return { ...locatedValue(node, null), tag: node.tag };
  if (node.kind === 'list') return { ...node, items: node.items.map((item) => typeScalars(item, findings)) };
  if (node.kind === 'scalar') return typeScalar(node);
  const entries = new Map<string, LocatedEntry>();
  for (const [name, { key, value }] of node.entries) {
    if (!key.quoted && typeof plainScalar(key.source) !== 'string')
      findings.add({
        code: 'key-not-text',
        severity: 'error',
        file: key.file,
        start: key.start,
        end: key.end,
        message: `The key ${key.source === '' ? '(nothing)' : key.source} is no text.`,
        explanation: 'YAML reads it as a number, a boolean or nothing. Put it in quotes.',
        fixes: [
          {
            id: 'quote-key',
            title: 'Put the key in quotes',
            edits: [{ file: key.file, start: key.start, end: key.end, newText: `"${key.source}"` }],
          },
        ],
      });
    else entries.set(name, { key, value: typeScalars(value, findings) });
  }
  return { ...node, entries };
}

function typeScalar(node: LocatedScalar): LocatedScalar {
  if (!node.quoted) return { ...node, value: plainScalar(node.source) };
  // `!!int "5"` is a number in quotes.
  return typeof node.value === 'number' && Number.isInteger(node.value)
    ? { ...node, value: BigInt(node.value) }
    : node;
}
