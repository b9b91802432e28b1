import { Util } from 'dockerfile-ast/lib/util.js';

/**
 * Lets the parser run where there is no Node: in two places it asks Node's Buffer whether a sign is a byte order mark. Called before
 * anything is parsed; more than once does no harm.
 */
export function parserWithoutNode(): void {
  Util.isUTF8BOM = (sign: string): boolean => sign === '\uFEFF';
}
