import { shapes } from './shapes.ts';

/** A command run in a container: `post_start`, `pre_stop`, `develop.watch.exec`. */
export const hookShape = shapes.object({
  command: { shape: shapes.words, absent: () => null, keepsZero: true },
  user: shapes.text,
  privileged: shapes.flag,
  working_dir: shapes.text,
  environment: shapes.pairs,
});
