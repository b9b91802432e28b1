import type { EditRefusal } from './EditRefusal.ts';
import type { Written } from './Written.ts';

/** Where a value stands, from the document on: `['services', 'worker', 'cpus']`. */
export type EditPath = readonly string[];

/** One change of what a compose file says. Its values are what is meant; how they are written follows the file. */
export type ComposeEdit =
  | { kind: 'set'; path: EditPath; value: Written }
  /** Takes an entry out, with the mappings above it that would be left empty, up to the service. */
  | { kind: 'remove'; path: EditPath }
  | { kind: 'rename'; path: EditPath; name: string }
  /** The items of a list from now on; those that stay keep their text. */
  | { kind: 'setList'; path: EditPath; items: readonly Written[] }
  /** A pair of `{ NAME: value }` or `[NAME=value]`, whichever stands there; null: the name alone. */
  | { kind: 'setPair'; path: EditPath; name: string; value: string | null }
  | { kind: 'removePair'; path: EditPath; name: string }
  | { kind: 'renamePair'; path: EditPath; name: string; to: string }
  | { kind: 'addService'; name: string; value: Written }
  | { kind: 'removeService'; name: string }
  /** Renames what refers to it in the same file, too. */
  | { kind: 'renameService'; name: string; to: string };

export type EditOutcome =
  | {
      ok: true;
      /** The file's text from now on. */
      text: string;
      /** What a person should know of it beside what was asked for: what was written out, what else follows it. */
      notes: string[];
    }
  | { ok: false; refusal: EditRefusal };
