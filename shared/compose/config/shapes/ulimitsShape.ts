import { shapes } from './shapes.ts';

/** `ulimits`: one number, or soft and hard limits. */
export const ulimitsShape = shapes.map(
  shapes.either(
    { ...shapes.whole, zeroIsEmpty: true },
    shapes.object({ soft: shapes.whole, hard: shapes.whole }, { required: ['soft', 'hard'] }),
  ),
  /^[a-z]+$/,
  true,
);
