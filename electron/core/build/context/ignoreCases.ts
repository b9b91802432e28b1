import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** For tests only: what Docker leaves out of a context, as its own command decided it when the table was recorded. */
export interface IgnoreCase {
  /** Text of the ignore file. */
  rules: string;
  /** `nothing`, `everything`, `refused`, `a · b`, or `everything but a · b`. */
  leftOut: string;
  /** What the classic docker client leaves out where BuildKit, which is followed, reads on. */
  classic?: string;
  /** The docker command decides so since this version. */
  since?: number;
}

const table = JSON.parse(readFileSync(new URL('./ignoreCases.json', import.meta.url), 'utf8')) as {
  files: string[];
  cases: IgnoreCase[];
};
export const ignoreCases: readonly IgnoreCase[] = table.cases;

/** Makes the files that the table is about. */
export function makeIgnoreFiles(root: string): void {
  for (const path of table.files) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), 'x');
  }
  writeFileSync(join(root, 'Dockerfile'), 'FROM scratch\n');
}

/** In the words of the table what was left out, of those that were sent; undefined: refused. */
export function leftOutOf(sent: readonly string[] | undefined): string {
  if (sent === undefined) return 'refused';
  const out = table.files.filter((path) => !sent.includes(path));
  const kept = table.files.filter((path) => sent.includes(path));
  if (out.length === 0) return 'nothing';
  if (kept.length === 0) return 'everything';
  return out.length <= kept.length ? out.join(' · ') : `everything but ${kept.join(' · ')}`;
}
