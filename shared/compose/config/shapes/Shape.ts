/** What YAML has in one place. `integer` is also a `number`. */
export type ValueKind = 'text' | 'integer' | 'number' | 'boolean' | 'null';

/**
 * What a value is made into: a text, whole number, float, 32-bit float, flag, bytes (as text), duration (as text), the words of a
 * command, or nothing changed.
 */
export type Made =
  | 'text'
  | 'whole'
  | 'float'
  | 'float32'
  | 'flag'
  | 'bytes'
  | 'duration'
  | 'words'
  | 'test'
  | 'raw';

export interface ScalarShape {
  is: 'scalar';
  accepts: readonly ValueKind[];
  made: Made;
  oneOf?: readonly string[];
  /** Other texts that are taken besides `oneOf`. */
  orLike?: RegExp;
  least?: number;
  most?: number;
  /** Zero is written as an empty mapping (a limit of 0 that compose's JSON does not tell from none). */
  zeroIsEmpty?: boolean;
}

export interface ListShape {
  is: 'list';
  item: Shape;
  /** The list may not hold equal values. */
  unique?: boolean;
}

/** A mapping with keys of the user's choice. */
export interface MapShape {
  is: 'map';
  keys: RegExp;
  value: Shape;
  /** Keys that do not match are passed over instead of refused. */
  open?: boolean;
}

/** A mapping with known keys, in the order in which compose writes them. */
export interface ObjectShape {
  is: 'object';
  fields: Record<string, Field>;
  required: readonly string[];
  /** Takes `x-` keys. */
  extensible: boolean;
  /** Takes `x-` keys, but compose does not write them. */
  forgetsExtensions?: boolean;
  /** May be written with nothing behind the colon. */
  nullable: boolean;
}

/** One of several, told apart by what YAML has there. */
export interface EitherShape {
  is: 'either';
  options: readonly Shape[];
}

/** Mapping or list of `KEY=value`. `withoutValue` is what a name without a value becomes. */
export interface PairsShape {
  is: 'pairs';
  withoutValue: 'null' | 'empty';
  /** Written as a list of `KEY` and `KEY=value` instead of a mapping. */
  asList?: boolean;
}

/** `host: address` or `host=address`; a host may have several. */
export interface HostsShape {
  is: 'hosts';
}

export type Shape =
  | ScalarShape
  | ListShape
  | MapShape
  | ObjectShape
  | EitherShape
  | PairsShape
  | HostsShape
  | { is: 'any' };

export interface Field {
  shape: Shape;
  /** Written also when it is empty, zero or false. */
  keepsZero?: boolean;
  /** The same, in compose's YAML only. */
  keepsZeroInYaml?: boolean;
  /** What compose writes when the key is absent. */
  absent?: () => unknown;
  /** Read but not part of the answer (`env_file` has gone into `environment`). */
  hidden?: boolean;
  /** The name compose gives it in its JSON, where that differs. */
  writtenAs?: string;
  /** In the specification, but newer than the compose we compare with (2.26.1), which refuses it. */
  isNewer?: boolean;
}
