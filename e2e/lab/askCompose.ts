import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

export interface ComposeQuestion {
  /** Project files by path relative to the project folder; `../` leads out of it. */
  texts: ReadonlyMap<string, string>;
  /** Arguments before `config`. */
  args: readonly string[];
  /** The whole environment of the process, besides HOME and PATH. */
  variables: ReadonlyMap<string, string>;
}

export interface ComposeAnswer {
  code: number | null;
  out: string;
  /** Without the warnings of its log. */
  said: string;
}

/**
 * What the real `docker compose config` says to a project that lies in `/ROOT/project`: the temporary folder it really is in is written so.
 * @param program the plugin's program, see `dockerPlugins`
 */
export async function askCompose(
  program: string,
  { texts, args, variables }: ComposeQuestion,
  format: 'json' | 'yaml' = 'json',
): Promise<ComposeAnswer> {
  const root = mkdtempSync(join(tmpdir(), 'flotilla-compose-'));
  try {
    const project = join(root, 'project');
    for (const folder of [project, join(root, 'home')]) mkdirSync(folder);
    for (const [path, content] of texts) {
      const at = join(project, path);
      mkdirSync(dirname(at), { recursive: true });
      writeFileSync(at, content);
    }
    const child = spawn(program, [...args, 'config', '--format', format], {
      cwd: project,
      env: { HOME: join(root, 'home'), PATH: '/bin', ...Object.fromEntries(variables) },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let out = '';
    let said = '';
    child.stdout.setEncoding('utf8').on('data', (part: string) => (out += part));
    child.stderr.setEncoding('utf8').on('data', (part: string) => (said += part));
    const code = await new Promise<number | null>((resolve, reject) => {
      child.once('error', reject);
      child.once('close', resolve);
    });
    const placed = (text: string) => text.replaceAll(root, '/ROOT').trim();
    return { code, out: placed(out), said: placed(withoutNoise(said)) };
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

/** Warnings have the time in front; after a panic come addresses. Neither is the same twice. */
function withoutNoise(text: string): string {
  return text
    .split('\n')
    .filter((line) => !line.startsWith('time='))
    .join('\n')
    .replace(/\ngoroutine[\s\S]*/, '');
}
