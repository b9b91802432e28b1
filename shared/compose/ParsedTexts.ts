import { type Document, parseAllDocuments } from 'yaml';
import { type Repaired, repairYaml } from './repairYaml.ts';

/** What the parser makes of a text of YAML. */
export interface ParsedYaml {
  /** With their errors and warnings; none where the text is too much for the parser. */
  documents: readonly Document.Parsed[];
  /** What the parser threw: a RangeError where it is nested too deeply. */
  failure?: unknown;
}

interface ParsedText extends ParsedYaml {
  /** What was parsed: the text, read as it was meant. */
  repaired: Repaired;
}

/** @param keepSourceTokens for who edits the text at the places of its nodes */
export function parseYaml(text: string, keepSourceTokens = false): ParsedYaml {
  try {
    const parsed = parseAllDocuments(text, {
      version: '1.2',
      // Compares every key with every other; `locateDocument` looks for doubles itself.
      uniqueKeys: false,
      logLevel: 'silent',
      prettyErrors: false,
      stringKeys: false,
      keepSourceTokens,
    });
    return { documents: 'empty' in parsed ? [] : parsed };
  } catch (failure) {
    return { documents: [], failure };
  }
}

/**
 * Texts of YAML, each parsed once: of a large compose file that is most of the work. For one reading of a project; the documents are for all who
 * ask, and nobody changes them.
 */
export class ParsedTexts {
  readonly #parsed = new Map<string, ParsedText>();

  /** A text, read as it was meant: see `repairYaml`. */
  asMeant(text: string): ParsedText {
    let found = this.#parsed.get(text);
    if (found === undefined) {
      const repaired = repairYaml(text);
      found = { repaired, ...parseYaml(repaired.text) };
      this.#parsed.set(text, found);
    }
    return found;
  }

  /** A text as it is written. */
  asWritten(text: string): ParsedYaml {
    const meant = this.asMeant(text);
    return meant.repaired.missingSpaces.length === 0 ? meant : parseYaml(text);
  }
}
