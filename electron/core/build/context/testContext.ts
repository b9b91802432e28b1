import { execFileSync } from 'node:child_process';
import {
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** For tests only: a folder to build from, with what tests do to it. */
export class TestContext {
  readonly root = realpathSync(mkdtempSync(join(tmpdir(), 'flotilla-context-')));

  put(path: string, content: string | Buffer = path): void {
    mkdirSync(dirname(join(this.root, path)), { recursive: true });
    writeFileSync(join(this.root, path), content);
  }

  remove(): void {
    rmSync(this.root, { recursive: true, force: true });
  }
}

/** What is in a tar, by the system's own tar: contents by path, `folder`, or `-> target`. */
export function unpacked(tar: Buffer): Record<string, string> {
  const folder = mkdtempSync(join(tmpdir(), 'flotilla-unpacked-'));
  try {
    execFileSync('tar', ['-xf', '-', '-C', folder], { input: tar, stdio: ['pipe', 'ignore', 'pipe'] });
    const found: Record<string, string> = {};
    const visit = (path: string): void => {
      for (const name of readdirSync(join(folder, path)).sort()) {
        const below = path === '' ? name : `${path}/${name}`;
        const stats = lstatSync(join(folder, below));
        if (stats.isDirectory()) {
          found[below] = 'folder';
          visit(below);
        } else if (stats.isSymbolicLink()) found[below] = `-> ${readlinkSync(join(folder, below))}`;
        else found[below] = readFileSync(join(folder, below), 'latin1');
      }
    };
    visit('');
    return found;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
