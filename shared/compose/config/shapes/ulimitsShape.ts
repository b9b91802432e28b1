import { shapes } from './shapes.ts';

const limit = { shape: shapes.whole, keepsZeroInYaml: true };

/** `ulimits`: one number, or soft and hard limits. */
export const ulimitsShape = shapes.map(
  shapes.either(
    { ...shapes.whole, zeroIsEmpty: true },
    shapes.object({ soft: limit, hard: limit }, { required: ['soft', 'hard'], forgetsExtensions: true }),
  ),
  /^[a-z]+$/,
  true,
);
