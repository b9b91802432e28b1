import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import type { CorpusCase } from '#shared/compose/config/corpus/CorpusCase.ts';
import { readCase } from '#shared/compose/config/corpus/readCase.ts';
import { readTxtar } from '#shared/compose/config/corpus/readTxtar.ts';
import { writeTxtar } from '#shared/compose/config/corpus/writeTxtar.ts';
import { dockerPlugins } from '../../../e2e/lab/dockerPlugins.ts';

const corpus = fileURLToPath(new URL('../../../shared/compose/config/corpus/', import.meta.url));
/** Writes down what compose answers instead of comparing with it. */
const isRecording = process.env['FLOTILLA_RECORD_CORPUS'] !== undefined;
const plugins = dockerPlugins();
const names = readdirSync(corpus).filter((file) => file.endsWith('.txtar'));

test.skipIf('missing' in plugins)(
  `docker compose answers as the ${names.length} cases of the corpus say`,
  { timeout: 600_000 },
  async () => {
    const program = join('folder' in plugins ? plugins.folder : '', 'cli-plugins', 'docker-compose');
    const wrong: string[] = [];
    for (const file of names) {
      const text = readFileSync(join(corpus, file), 'utf8');
      const { expected, ...question } = readCase(file.replace(/\.txtar$/, ''), text);
      const answer = await ask(program, question);
      if (isRecording) record(file, text, answer);
      else if (JSON.stringify(plain(answer)) !== JSON.stringify(plain(expected))) wrong.push(file);
    }
    expect(wrong).toEqual([]);
  },
);

/** What compose says may differ from run to run in which of several faults it names; that it refuses may not. */
function plain(answer: CorpusCase['expected']): unknown {
  return answer !== undefined && 'json' in answer ? (JSON.parse(answer.json) as unknown) : 'refused';
}

async function ask(
  program: string,
  question: Omit<CorpusCase, 'expected'>,
): Promise<NonNullable<CorpusCase['expected']>> {
  const root = mkdtempSync(join(tmpdir(), 'flotilla-corpus-'));
  try {
    const project = join(root, 'project');
    for (const folder of [project, join(root, 'home')]) mkdirSync(folder);
    for (const [path, content] of question.texts) {
      const at = join(project, path);
      mkdirSync(dirname(at), { recursive: true });
      writeFileSync(at, content.replaceAll('/ROOT', root));
    }
    const child = spawn(program, [...question.args, 'config', '--format', 'json'], {
      cwd: project,
      env: { HOME: join(root, 'home'), PATH: '/bin', ...Object.fromEntries(question.variables) },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let out = '';
    let said = '';
    child.stdout.setEncoding('utf8').on('data', (part: string) => (out += part));
    child.stderr.setEncoding('utf8').on('data', (part: string) => (said += part));
    const code = await new Promise((resolve) => child.on('close', resolve));
    const placed = (text: string) => text.replaceAll(root, '/ROOT');
    return code === 0
      ? { json: `${placed(out).trim()}\n` }
      : { refused: `${withoutWarnings(placed(said))}\n` };
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

function withoutWarnings(text: string): string {
  return text
    .split('\n')
    .filter((line) => !line.startsWith('time='))
    .join('\n')
    .replace(/\ngoroutine[\s\S]*/, '')
    .trim();
}

function record(file: string, text: string, answer: NonNullable<CorpusCase['expected']>): void {
  const { comment, files } = readTxtar(text);
  const findings = files.get('findings');
  for (const name of ['expect.json', 'expect.refused', 'findings']) files.delete(name);
  if ('json' in answer) files.set('expect.json', answer.json);
  else files.set('expect.refused', answer.refused);
  if (findings !== undefined) files.set('findings', findings);
  writeFileSync(join(corpus, file), writeTxtar({ comment, files }));
}
