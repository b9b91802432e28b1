import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { askFlotilla } from '#shared/compose/config/corpus/askFlotilla.ts';
import differences from '#shared/compose/config/corpus/differences.json' with { type: 'json' };
import { randomProject } from '#shared/compose/config/corpus/randomProject.ts';
import { readCase } from '#shared/compose/config/corpus/readCase.ts';
import { readTxtar } from '#shared/compose/config/corpus/readTxtar.ts';
import { writeTxtar } from '#shared/compose/config/corpus/writeTxtar.ts';
import { escapeDollars } from '#shared/compose/config/escapeDollars.ts';
import { formatYaml } from '#shared/compose/config/formatYaml.ts';
import { askCompose, type ComposeAnswer } from '../../../e2e/lab/askCompose.ts';
import { dockerPlugins } from '../../../e2e/lab/dockerPlugins.ts';

const corpus = fileURLToPath(new URL('../../../shared/compose/config/corpus/', import.meta.url));
/** Writes down what compose answers instead of comparing with it. */
const isRecording = process.env['FLOTILLA_RECORD_CORPUS'] !== undefined;
const RANDOM_PROJECTS = 200;
const AT_ONCE = 4;
const plugins = dockerPlugins();
const program = join('folder' in plugins ? plugins.folder : '', 'cli-plugins', 'docker-compose');
const names = readdirSync(corpus).filter((file) => file.endsWith('.txtar'));
const read = (file: string) => readFileSync(join(corpus, file), 'utf8');

describe.skipIf('missing' in plugins)('the real docker compose', { timeout: 600_000 }, () => {
  test(`answers as the ${names.length} cases of the corpus say`, async () => {
    const wrong: string[] = [];
    await forEach(names, async (file) => {
      const text = read(file);
      const { expected, ...question } = readCase(file, text);
      const answer = await askCompose(program, question);
      if (isRecording) record(file, text, answer);
      // Which of several faults it names may differ from run to run; that it refuses may not.
      else if (answer.code === 0) {
        if (expected === undefined || !('json' in expected) || !same(answer.out, expected.json))
          wrong.push(file);
      } else if (expected === undefined || !('refused' in expected)) wrong.push(file);
    });
    expect(wrong).toEqual([]);
  });

  test('writes the YAML that we write', async () => {
    await forEach(names, async (file) => {
      const { expected, ...question } = readCase(file, read(file));
      const { yaml } = await askFlotilla(question);
      if (Object.hasOwn(differences, file.replace(/\.txtar$/, ''))) return;
      if (yaml === undefined || expected === undefined || !('json' in expected)) return;
      const { out } = await askCompose(program, question, 'yaml');
      expect(JSON.stringify(parse(formatYaml(yaml)), null, 1), file).toBe(
        JSON.stringify(parse(out), null, 1),
      );
    });
  });

  test(`answers ${RANDOM_PROJECTS} random projects as we do`, async () => {
    // Always the same ones, so that nobody is surprised by them; another seed finds others.
    const seed = Number(process.env['FLOTILLA_CORPUS_SEED'] ?? 20_261_126);
    let accepted = 0;
    await forEach(fc.sample(randomProject, { seed, numRuns: RANDOM_PROJECTS }), async (texts) => {
      const question = { texts, args: [], variables: new Map<string, string>() };
      const { code, out, said } = await askCompose(program, question);
      const { model, diagnostics } = await askFlotilla({ name: 'random', ...question });
      const files = [...texts].map(([path, text]) => `-- ${path} --\n${text}`).join('');
      const told = diagnostics.map(({ code, message }) => `${code} ${message}`).join('\n');
      expect(model === undefined, `${files}\ncompose: ${said}\nwe: ${told}`).toBe(code !== 0);
      if (model === undefined) return;
      accepted += 1;
      expect(JSON.stringify(escapeDollars(model), null, 1), files).toBe(
        JSON.stringify(JSON.parse(out), null, 1),
      );
    });
    expect(accepted).toBeGreaterThan(RANDOM_PROJECTS / 5);
  });
});

/** Does it for some of them at a time: most of it is waiting for a program to start and to end. */
async function forEach<Item>(items: readonly Item[], work: (item: Item) => Promise<void>): Promise<void> {
  const left = items.values();
  const hand = async (): Promise<void> => {
    for (const item of left) await work(item);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, hand));
}

function same(a: string, b: string): boolean {
  return JSON.stringify(JSON.parse(a)) === JSON.stringify(JSON.parse(b));
}

/** Replaces what was recorded; what we find (`findings`) is not compose's to say. */
function record(file: string, text: string, { code, out, said }: ComposeAnswer): void {
  const { comment, files } = readTxtar(text);
  const findings = files.get('findings');
  for (const name of ['expect.json', 'expect.refused', 'findings']) files.delete(name);
  if (code === 0) files.set('expect.json', out);
  else files.set('expect.refused', said);
  if (findings !== undefined) files.set('findings', findings);
  writeFileSync(join(corpus, file), writeTxtar({ comment, files }));
}
