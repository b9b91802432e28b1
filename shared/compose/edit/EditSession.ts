import { applyEdits } from '../applyEdits.ts';
import { ownEntries } from '../ownEntries.ts';
import { get, type Located } from '../Located.ts';
import { ComposeText } from './ComposeText.ts';
import { EditRefused } from './EditRefusal.ts';
import type { TextChange } from './placeText.ts';
import { isWrittenMap, says, type Written, writtenOf } from './Written.ts';

/** Changes that are made one after the other; each is held against what it was to do, so that nothing else ever changes with it. */
export class EditSession {
  readonly notes: string[] = [];
  readonly #service: string | undefined;
  #source: ComposeText;

  /** @param service the one that is edited, where it is one */
  constructor(text: string, service?: string) {
    this.#service = service;
    this.#source = new ComposeText(text);
  }

  get source(): ComposeText {
    return this.#source;
  }

  /**
   * Makes changes of one document.
   * @param wanted what the whole document says afterwards, given what it says now
   * @throws EditRefused where the text would then say something else; it stays as it is
   */
  apply(document: number, changes: readonly TextChange[], wanted: (before: Written) => Written): void {
    const before = this.#source;
    const after = reread(before, changes);
    const tree = before.trees[document];
    const expected = wanted(tree === undefined ? new Map() : writtenOf(tree));
    const isAsWanted =
      after !== undefined &&
      after.trees.length === Math.max(before.trees.length, 1) &&
      after.trees.every((found, at) => {
        const old = before.trees[at];
        return at === document || old === undefined ? says(found, expected) : says(found, writtenOf(old));
      });
    if (!isAsWanted) throw this.#sideEffect(before, after, document, expected);
    this.#source = after;
  }

  /** Why a change is not made: mostly what stands there has a name, and others use it by that. */
  #sideEffect(
    before: ComposeText,
    after: ComposeText | undefined,
    document: number,
    expected: Written,
  ): EditRefused {
    const wanted = isWrittenMap(expected) ? expected.get('services') : undefined;
    const found = get(after?.trees[document], 'services');
    if (found?.kind === 'map' && wanted !== undefined && isWrittenMap(wanted)) {
      const others = [...found.entries].filter(([name, { value }]) => {
        const own = wanted.get(name);
        return name !== this.#service && own !== undefined && !says(value, own);
      });
      const [first] = others;
      if (first !== undefined)
        return new EditRefused(
          `What stands there is used by ${others.map(([name]) => name).join(', ')} as well.`,
          'Change it in the text, where all that follows from it is in sight, or write it out there first.',
          aliasLine(before, document, first[0]),
        );
    }
    return new EditRefused(
      'This cannot be changed here without changing something else.',
      'Change it in the text.',
    );
  }
}

/** Undefined where the changed text could not be read. */
function reread(before: ComposeText, changes: readonly TextChange[]): ComposeText | undefined {
  try {
    return new ComposeText(applyEdits(before.text, changes));
  } catch (error) {
    if (error instanceof EditRefused) return undefined;
    throw error;
  }
}

/** Line of a service, where it uses what others have written. */
function aliasLine(source: ComposeText, document: number, service: string): number | undefined {
  const value: Located | undefined = source.valueAt(document, ['services', service]);
  if (value === undefined) return undefined;
  const [first] = value.kind === 'map' ? ownEntries(value) : [];
  return source.line(first?.key.start ?? value.start);
}
