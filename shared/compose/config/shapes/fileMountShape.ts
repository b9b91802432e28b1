import { shapes } from './shapes.ts';

/** `secrets` and `configs` of a service: names, or where and how they appear in the container. */
export const fileMountShape = shapes.list(
  shapes.either(
    shapes.text,
    shapes.object({
      source: shapes.text,
      target: shapes.text,
      uid: shapes.text,
      gid: shapes.text,
      mode: { shape: shapes.wholeOrNumber, keepsZero: true },
    }),
  ),
);
