import type { Located, LocatedScalar } from '../../Located.ts';

/** A text that stands where `place` stands. */
export function locatedText(place: Located, text: string): LocatedScalar {
  const { file, start, end } = place;
  return { kind: 'scalar', file, start, end, value: text, source: text, quoted: true, interpolated: false };
}
