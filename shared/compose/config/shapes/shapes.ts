import type { EitherShape, Field, ListShape, MapShape, ObjectShape, ScalarShape, Shape } from './Shape.ts';

const scalar = (
  made: ScalarShape['made'],
  accepts: ScalarShape['accepts'],
  more: Partial<ScalarShape> = {},
): ScalarShape => ({ is: 'scalar', made, accepts, ...more });

const text = scalar('text', ['text']);
const list = (item: Shape, unique = false): ListShape => ({ is: 'list', item, unique });
const either = (...options: Shape[]): EitherShape => ({ is: 'either', options });
const texts = list(text, true);

/** The pieces from which the tables of the specification are built. Named as its JSON schema (compose-spec.json) has them. */
export const shapes = {
  text,
  textOneOf: (...oneOf: string[]) => scalar('text', ['text'], { oneOf }),
  textOrNull: scalar('text', ['text', 'null']),
  textOrNumber: scalar('text', ['text', 'number']),
  whole: scalar('whole', ['integer', 'text']),
  wholeOrNumber: scalar('whole', ['number', 'text']),
  /** Whole numbers only within the limits; a text that is no number was refused when it was cast. */
  wholeWithin: (least: number, most?: number) =>
    scalar('whole', ['integer', 'text'], most === undefined ? { least } : { least, most }),
  textOrWhole: scalar('text', ['text', 'integer']),
  pullPolicy: scalar('text', ['text'], {
    oneOf: ['always', 'never', 'if_not_present', 'build', 'missing'],
    // Since compose 2.36.
    orLike: /^(?:daily|weekly|every_(?:\d+(?:w|d|h|m|s))+)$/,
  }),
  float: scalar('float', ['number', 'text']),
  float32: scalar('float32', ['number', 'text']),
  flag: scalar('flag', ['boolean', 'text']),
  flagOrText: scalar('raw', ['boolean', 'text']),
  strictFlag: scalar('flag', ['boolean']),
  bytes: scalar('bytes', ['number', 'text']),
  textBytes: scalar('bytes', ['text']),
  wholeBytes: scalar('bytes', ['integer', 'text']),
  duration: scalar('duration', ['text']),
  words: either(scalar('words', ['text', 'null']), list(text)),
  test: either(scalar('test', ['text']), list(text)),
  number: scalar('whole', ['number']),
  any: { is: 'any' } as const,
  list,
  texts,
  plainTexts: list(text),
  textOrTexts: either(text, texts),
  textOrPlainTexts: either(text, list(text)),
  pairs: { is: 'pairs', withoutValue: 'null' } as const,
  labels: { is: 'pairs', withoutValue: 'empty' } as const,
  listedPairs: { is: 'pairs', withoutValue: 'null', asList: true } as const,
  hosts: { is: 'hosts' } as const,
  either,
  map: (value: Shape, keys = /^.+$/, open = false): MapShape => ({ is: 'map', keys, value, open }),
  object: (
    fields: Record<string, Field | Shape>,
    more: { required?: string[]; extensible?: boolean; nullable?: boolean; forgetsExtensions?: boolean } = {},
  ): ObjectShape => ({
    is: 'object',
    fields: Object.fromEntries(
      Object.entries(fields).map(([name, field]) => [name, 'is' in field ? { shape: field } : field]),
    ),
    required: more.required ?? [],
    extensible: more.extensible ?? true,
    nullable: more.nullable ?? false,
    forgetsExtensions: more.forgetsExtensions ?? false,
  }),
};
