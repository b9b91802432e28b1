import type { Located, LocatedScalar } from '../../Located.ts';

/** A number (bigint for whole ones), boolean or nothing that stands where `place` stands. */
export function locatedValue(place: Located, value: number | bigint | boolean | null): LocatedScalar {
  const { file, start, end } = place;
  return { kind: 'scalar', file, start, end, value, source: '', quoted: false, interpolated: false };
}
