import { get, isNothing, type Located, type LocatedEntry, textOf } from '../Located.ts';
import type { EditPath } from './ComposeEdit.ts';
import type { ReadableText } from './ReadableText.ts';

/** Where something stands in the edited text: offsets, half-open, and the 1-based line of its start. */
export interface TextPlace {
  start: number;
  end: number;
  line: number;
}

/** What a text says of one field, as it is written. */
export interface FieldText {
  /** `own`: in the service itself. `shared`: in what it merges in or an alias names. */
  from: 'own' | 'shared' | 'absent';
  place: TextPlace | undefined;
  /** One value as it stands, quotes apart; undefined for lists, mappings and nothing. */
  text: string | undefined;
  value: Located | undefined;
}

export interface PairText {
  name: string;
  /** Null: the name alone. */
  value: string | null;
  from: 'own' | 'shared';
  place: TextPlace;
}

interface ItemText {
  /** Undefined for what is no single value. */
  text: string | undefined;
  value: Located;
  place: TextPlace;
}

/** A service as the text of one file has it. */
export class ServiceText {
  readonly name: string;
  readonly path: EditPath;
  readonly #source: ReadableText;
  readonly #document: number;
  readonly #entry: LocatedEntry;

  /** Names of the services of a file, in their order. */
  static namesIn(source: ReadableText): string[] {
    return source.trees.flatMap((tree) => {
      const services = get(tree, 'services');
      return services?.kind === 'map' ? [...services.entries.keys()] : [];
    });
  }

  /** Undefined where the file has no such service. */
  static find(source: ReadableText, name: string): ServiceText | undefined {
    for (const [document, tree] of source.trees.entries()) {
      const services = get(tree, 'services');
      const entry = services?.kind === 'map' ? services.entries.get(name) : undefined;
      if (entry !== undefined) return new ServiceText(source, document, name, entry);
    }
    return undefined;
  }

  private constructor(source: ReadableText, document: number, name: string, entry: LocatedEntry) {
    this.#source = source;
    this.#document = document;
    this.#entry = entry;
    this.name = name;
    this.path = ['services', name];
  }

  get place(): TextPlace {
    return this.#placeOf(this.#entry.key.start, Math.max(this.#entry.key.end, this.#ownEnd));
  }

  field(...keys: string[]): FieldText {
    let entry: LocatedEntry | undefined = this.#entry;
    let isOwn = this.#isOwn(entry);
    for (const key of keys) {
      const map: Located | undefined = entry?.value;
      entry = map?.kind === 'map' ? map.entries.get(key) : undefined;
      if (entry === undefined) return { from: 'absent', place: undefined, text: undefined, value: undefined };
      isOwn = isOwn && this.#isWithin(entry.key);
    }
    const { key, value } = entry;
    const end = value.start >= key.end && value.file === key.file ? value.end : key.end;
    return {
      from: isOwn ? 'own' : 'shared',
      place: this.#placeOf(key.start, Math.max(key.end, end)),
      text: textOf(value),
      value: isNothing(value) ? undefined : value,
    };
  }

  /** The pairs of a mapping or of a list of `NAME=value`. */
  pairs(...keys: string[]): PairText[] {
    const { value } = this.field(...keys);
    if (value?.kind === 'map')
      return [...value.entries].map(([name, { key, value: said }]) => ({
        name,
        value: isNothing(said) ? null : (textOf(said) ?? ''),
        from: this.#isWithin(key) ? 'own' : 'shared',
        place: this.#placeOf(key.start, Math.max(key.end, said.start >= key.end ? said.end : key.end)),
      }));
    if (value?.kind !== 'list') return [];
    return value.items.map((item) => {
      const text = textOf(item) ?? '';
      const equals = text.indexOf('=');
      return {
        name: equals === -1 ? text : text.slice(0, equals),
        value: equals === -1 ? null : text.slice(equals + 1),
        from: this.#isWithin(item) ? 'own' : 'shared',
        place: this.#placeOf(item.start, item.end),
      };
    });
  }

  /** The items of a list; the names of a mapping count as such. */
  items(...keys: string[]): ItemText[] {
    const { value } = this.field(...keys);
    const items =
      value?.kind === 'list'
        ? value.items
        : value?.kind === 'map'
          ? [...value.entries.values()].map(({ key }) => key)
          : [];
    return items.map((item) => ({
      text: textOf(item),
      value: item,
      place: this.#placeOf(item.start, item.end),
    }));
  }

  /** Names that the file itself declares at its top: networks, volumes, secrets. */
  declared(kind: 'networks' | 'volumes' | 'secrets'): string[] {
    const map = this.#source.valueAt(this.#document, [kind]);
    return map?.kind === 'map' ? [...map.entries.keys()] : [];
  }

  #isOwn({ key, value }: LocatedEntry): boolean {
    return isNothing(value) || value.start >= key.end;
  }

  get #ownEnd(): number {
    const { key, value } = this.#entry;
    return value.start >= key.end ? value.end : key.end;
  }

  #isWithin({ start }: { start: number }): boolean {
    return start >= this.#entry.key.start && start <= this.#ownEnd;
  }

  #placeOf(start: number, end: number): TextPlace {
    return { start, end, line: this.#source.line(start) };
  }
}
