import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A project folder of a fixed name in a temporary folder of its own, which is the caller's to remove. */
export function benchProject(name: string, compose: string): { folder: string; project: string } {
  const folder = mkdtempSync(join(tmpdir(), 'flotilla-bench-'));
  const project = join(folder, name);
  mkdirSync(project);
  writeFileSync(join(project, 'compose.yaml'), compose);
  return { folder, project };
}
