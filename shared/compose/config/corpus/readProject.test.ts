import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { memoryProject } from '../../memoryProject.ts';
import { readProject } from '../../readProject.ts';
import type { Json } from '../encode/Json.ts';
import { askFlotilla } from './askFlotilla.ts';
import type { CorpusCase } from './CorpusCase.ts';
import { type Answer, differingFields } from './differingFields.ts';
import { randomProject } from './randomProject.ts';
import { resolveConfig } from '../resolveConfig.ts';
import differences from './differences.json' with { type: 'json' };
import { readCase } from './readCase.ts';
import exceptions from './readProject.exceptions.json' with { type: 'json' };

/** The same projects each time; others by another number: a find is then a case to add, not a run that failed by chance. */
const SEED = 1;

const folder = fileURLToPath(new URL('.', import.meta.url));
const cases = readdirSync(folder)
  .filter((file) => file.endsWith('.txtar'))
  .map((file) => readCase(file.replace(/\.txtar$/, ''), readFileSync(`${folder}/${file}`, 'utf8')));

/** By case: fields (or `services`, for which ones there are) in which the app means to differ, with the reason. */
const EXCEPTIONS: Readonly<Record<string, Readonly<Record<string, string>>>> = exceptions;

describe('the app reads what docker compose config answered', () => {
  test.each(cases.map((corpusCase) => [corpusCase.name, corpusCase] as const))(
    '%s',
    async (name, corpusCase) => {
      const { model, diagnostics } = await readProject(memoryProject(textsOf(corpusCase)));
      const errors = diagnostics.filter(({ severity }) => severity === 'error');
      const answer = await answerOf(corpusCase);
      const excepted = EXCEPTIONS[name] ?? {};
      if (answer === undefined) {
        if (Object.hasOwn(excepted, 'errors')) expect(errors, 'listed, but told').toEqual([]);
        else expect(errors, 'compose refuses it').not.toEqual([]);
        return;
      }
      const differing = differingFields(model, answer);
      const unexpected = [...differing].filter(([, { field }]) => !Object.hasOwn(excepted, field));
      expect(unexpected).toEqual([]);
      const fields = new Set([...differing.values()].map(({ field }) => field));
      expect([...fields].sort(), 'listed, but equal').toEqual(Object.keys(excepted).sort());
      // What is read otherwise than compose does is told, so that it does not run by mistake.
      if (differing.size > 0) expect(errors).not.toEqual([]);
    },
  );
});

/** Told because a random project has no such files, which compose does not look at. */
const OF_FILES = new Set(['missing-bind-source', 'missing-dockerfile']);

test('a random project without errors is read as the resolver resolves it; one that is refused has errors', async () => {
  let compared = 0;
  await fc.assert(
    fc.asyncProperty(randomProject, async (texts) => {
      const files = memoryProject(Object.fromEntries(texts));
      const { model: resolved } = await resolveConfig({ files, folder: '/ROOT/project' });
      const { model, diagnostics } = await readProject(files);
      const errors = diagnostics.filter(({ severity, code }) => severity === 'error' && !OF_FILES.has(code));
      if (resolved === undefined) expect(errors).not.toEqual([]);
      else if (errors.length === 0) {
        compared += 1;
        expect([...differingFields(model, resolved as unknown as Answer)]).toEqual([]);
      }
    }),
    { numRuns: 300, seed: SEED },
  );
  expect(compared).toBeGreaterThan(30);
});

/** What compose answered, or, where it is known to differ from the specification, the resolver; undefined where it is refused. */
async function answerOf(corpusCase: CorpusCase): Promise<Answer | undefined> {
  const { expected } = corpusCase;
  if (Object.hasOwn(differences, corpusCase.name))
    return (await askFlotilla(corpusCase)).model as unknown as Answer | undefined;
  return expected !== undefined && 'json' in expected
    ? (unescaped(JSON.parse(expected.json) as Json) as unknown as Answer)
    : undefined;
}

/** The case's files with its options written where the app looks for them: into `.env`. */
function textsOf({ texts, args, variables }: CorpusCase): Record<string, string> {
  const option = (name: string) => args.flatMap((arg, at) => (arg === name ? [args[at + 1] ?? ''] : []));
  const envFiles = option('--env-file');
  const env = (envFiles.length === 0 ? ['.env'] : envFiles)
    .flatMap((file) => (texts.get(file) ?? '').split('\n'))
    // Given values win over the file's.
    .filter((line) => !variables.has(line.split('=', 1)[0] ?? ''));
  const named = (name: string, values: string[], separator: string) =>
    values.length === 0 ? [] : [`${name}=${values.join(separator)}`];
  const lines = [
    ...[...variables].map(([name, value]) => `${name}='${value}'`),
    ...env,
    ...named('COMPOSE_FILE', option('--file'), ':'),
    ...named('COMPOSE_PROFILES', option('--profile'), ','),
  ];
  return { ...Object.fromEntries(texts), '.env': `${lines.join('\n')}\n` };
}

/** Compose doubles every dollar sign that is one. */
function unescaped(value: Json): Json {
  if (typeof value === 'string') return value.replaceAll('$$', '$');
  if (Array.isArray(value)) return value.map(unescaped);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [key.replaceAll('$$', '$'), unescaped(inner)]),
  );
}

test('every exception is a case, with reasons', () => {
  const names = new Set(cases.map(({ name }) => name));
  for (const [name, reasons] of Object.entries(EXCEPTIONS)) {
    expect(names).toContain(name);
    for (const reason of Object.values(reasons)) expect(reason.length).toBeGreaterThan(20);
  }
});
