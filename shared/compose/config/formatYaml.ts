import { Document, isScalar, visit } from 'yaml';
import type { Json } from './encode/Json.ts';
import { escapeDollars } from './escapeDollars.ts';
import { plainScalar } from './scalars/plainScalar.ts';

/**
 * A resolved model as a compose file that means the same to compose and to us: `$` is doubled, and texts that some YAML reader takes for numbers,
 * flags or dates (`0777`, `2020-01-01`) are quoted.
 */
export function formatYaml(model: Json): string {
  const document = new Document(escapeDollars(model), { version: '1.2', aliasDuplicateObjects: false });
  visit(document, {
    Scalar(_key, node) {
      if (!isScalar(node) || typeof node.value !== 'string') return;
      const isFlagOfOld = /^(?:y|n|yes|no|on|off)$/i.test(node.value);
      if (isFlagOfOld || plainScalar(node.value) !== node.value) node.type = 'QUOTE_DOUBLE';
    },
  });
  return document.toString({ lineWidth: 0 });
}
