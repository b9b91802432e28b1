import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { memoryProject } from '../../memoryProject.ts';
import { readProject } from '../../readProject.ts';
import type { Json } from '../encode/Json.ts';
import { askFlotilla } from './askFlotilla.ts';
import type { CorpusCase } from './CorpusCase.ts';
import differences from './differences.json' with { type: 'json' };
import { readCase } from './readCase.ts';
import { readFields } from './readFields.ts';
import exceptions from './readProject.exceptions.json' with { type: 'json' };
import { recordedFields } from './recordedFields.ts';

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
      const recorded = answer.services ?? {};
      const names = Object.keys(recorded).sort();
      const read = new Map((model?.services ?? []).map((service) => [service.name, readFields(service)]));
      const differing = new Set<string>();
      if (JSON.stringify([...read.keys()].sort()) !== JSON.stringify(names)) differing.add('services');
      // Where there is nothing to run, there is no model.
      if (model !== null && model.name !== answer.name) differing.add('name');
      for (const [service, fields] of read) {
        const wanted = recordedFields(service, recorded[service] ?? {}, answer.name);
        if (recorded[service] === undefined) continue;
        for (const field of Object.keys(wanted)) {
          if (sorted(fields[field]) !== sorted(wanted[field])) differing.add(field);
          if (!Object.hasOwn(excepted, field))
            expect(fields[field], `${service}.${field}`).toEqual(wanted[field]);
        }
      }
      expect([...differing].sort()).toEqual(Object.keys(excepted).sort());
      // What is read otherwise than compose does is told, so that it does not run by mistake.
      if (differing.size > 0) expect(errors).not.toEqual([]);
    },
  );
});

interface Answer {
  name: string;
  services?: Record<string, { [key: string]: Json }>;
}

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

/** The value as text, whatever the order of its keys. */
function sorted(value: unknown): string {
  return JSON.stringify(value, (_, inner: unknown) =>
    inner !== null && typeof inner === 'object' && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}

test('every exception is a case, with reasons', () => {
  const names = new Set(cases.map(({ name }) => name));
  for (const [name, reasons] of Object.entries(EXCEPTIONS)) {
    expect(names).toContain(name);
    for (const reason of Object.values(reasons)) expect(reason.length).toBeGreaterThan(20);
  }
});
