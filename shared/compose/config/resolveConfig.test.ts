import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { applyEdits } from '../applyEdits.ts';
import { memoryProject } from '../memoryProject.ts';
import { randomProject } from './corpus/randomProject.ts';
import { formatYaml } from './formatYaml.ts';
import { resolveConfig } from './resolveConfig.ts';

const FOLDER = '/srv/project';

function resolve(texts: Record<string, string>, more: Partial<Parameters<typeof resolveConfig>[0]> = {}) {
  return resolveConfig({ files: memoryProject(texts), folder: FOLDER, home: '/home/me', ...more });
}

async function codes(texts: Record<string, string>): Promise<string[]> {
  const { diagnostics } = await resolve(texts);
  return diagnostics.filter(({ severity }) => severity === 'error').map(({ code }) => code);
}

describe('what a resolved project is', () => {
  test('the answer, written as YAML and resolved again, is the same', async () => {
    let resolved = 0;
    await fc.assert(
      fc.asyncProperty(randomProject, async (texts) => {
        // Neither we nor compose read the "-1" that compose writes.
        fc.pre(!(texts.get('compose.yaml') ?? '').includes('memswap_limit: -1'));
        fc.pre(!(texts.get('compose.override.yaml') ?? '').includes('memswap_limit: -1'));
        const first = await resolve(Object.fromEntries(texts));
        if (first.model === undefined || first.yaml === undefined) return;
        resolved += 1;
        // The profiles that are on are no part of the answer.
        const again = await resolve({ 'compose.yaml': formatYaml(first.yaml) }, { profiles: ['*'] });
        expect(again.diagnostics.filter(({ severity }) => severity === 'error')).toEqual([]);
        expect(again.model).toEqual(first.model);
        expect(again.yaml).toEqual(first.yaml);
      }),
      { numRuns: 300, seed: 1 },
    );
    // A generator that makes nothing but nonsense would prove nothing.
    expect(resolved).toBeGreaterThan(60);
  });

  test('an override that says nothing changes nothing', async () => {
    await fc.assert(
      fc.asyncProperty(randomProject, async (texts) => {
        const files = Object.fromEntries(texts);
        const order = [
          'compose.yaml',
          ...(texts.has('compose.override.yaml') ? ['compose.override.yaml'] : []),
        ];
        const plain = await resolve(files, { composeFiles: order });
        for (const nothing of [
          'services: {}\n',
          'services:\n  web: {}\n  db:\n',
          '# nothing\n',
          'x-y: 1\n',
        ]) {
          const laid = await resolve({ ...files, 'z.yaml': nothing }, { composeFiles: [...order, 'z.yaml'] });
          expect({ ...laid.model, 'x-y': 0 }).toEqual({ ...plain.model, 'x-y': 0 });
        }
      }),
      { numRuns: 60, seed: 1 },
    );
  });

  test('variables come from .env and from what is given, never from the process', async () => {
    process.env['FLOTILLA_CONFIG_TEST'] = 'leaked';
    try {
      const compose =
        'services: {a: {image: "x:${FLOTILLA_CONFIG_TEST:-none}", environment: [FLOTILLA_CONFIG_TEST]}}';
      const { model } = await resolve({ 'compose.yaml': compose });
      expect(model?.['services']).toMatchObject({
        a: { image: 'x:none', environment: { FLOTILLA_CONFIG_TEST: null } },
      });
      const given = await resolve(
        { 'compose.yaml': compose },
        { variables: new Map([['FLOTILLA_CONFIG_TEST', 'given']]) },
      );
      expect(given.model?.['services']).toMatchObject({ a: { image: 'x:given' } });
    } finally {
      delete process.env['FLOTILLA_CONFIG_TEST'];
    }
  });

  test('a finding has its place in the file it stands in, an explanation, and a fix where there is one', async () => {
    const { diagnostics } = await resolve({
      'compose.yaml': 'services:\n  web:\n    image: a\n',
      'compose.override.yaml': '# first\nservices:\n  web:\n    enviroment: {A: 1}\n',
    });
    expect(diagnostics).toEqual([
      expect.objectContaining({
        code: 'unknown-key',
        file: 'compose.override.yaml',
        range: expect.objectContaining({ line: 4, column: 5 }) as unknown,
        fixes: [expect.objectContaining({ title: 'Write environment' })],
      }),
    ]);
    expect(diagnostics[0]?.explanation).not.toBe('');
  });

  test.each([
    ['user: 1000', 'Put the value in quotes', 'user: "1000"'],
    ['cap_add: ALL', 'Make it a list', 'cap_add: [ALL]'],
    ['pull_policy: allways', 'Write always', 'pull_policy: always'],
    ['labels: {5: x}', 'Put the key in quotes', 'labels: {"5": x}'],
    ['restrat: always', 'Write restart', 'restart: always'],
  ])('%s can be put right', async (line, title, right) => {
    const text = service(line);
    const { diagnostics } = await resolve({ 'compose.yaml': text });
    const fix = diagnostics.flatMap(({ fixes }) => fixes).find((fix) => fix.title === title);
    const made = applyEdits(text, fix?.edits ?? []);
    expect(made).toBe(service(right));
    expect((await resolve({ 'compose.yaml': made })).model).toBeDefined();
  });

  test('version can be removed', async () => {
    const text = `version: "3"\n${service('user: root')}`;
    const { diagnostics } = await resolve({ 'compose.yaml': text });
    expect(diagnostics.map(({ code }) => code)).toEqual(['obsolete-version']);
    expect(applyEdits(text, diagnostics[0]?.fixes[0]?.edits ?? [])).toBe(service('user: root'));
  });

  test('what is parsed and not applied is said', async () => {
    const { model, diagnostics } = await resolve({
      'compose.yaml': 'services: {db: {provider: {type: cloud}}, web: {image: a, isolation: default}}',
    });
    expect(model).toBeDefined();
    expect(diagnostics.map(({ code, service }) => `${code} ${service ?? ''}`)).toEqual([
      'newer-key db',
      'unsupported-key db',
      'unsupported-key web',
    ]);
  });

  test('env_file in the raw format is taken word for word', async () => {
    const { model } = await resolve({
      'compose.yaml': 'services: {a: {image: a, env_file: [{path: raw.env, format: raw}]}}',
      'raw.env': '# comment\nA="q" # c\nB=$X ${Y}\nC=\n  D=1=2\nE\n',
    });
    expect(model?.['services']).toMatchObject({
      a: { environment: { A: '"q" # c', B: '$X ${Y}', C: '', D: '1=2' } },
    });
    expect(model?.['services']).not.toHaveProperty('a.environment.E');
  });
});

describe('projects made to do harm', () => {
  test.each([
    ['48 aliases', { 'compose.yaml': laughs(9) }, 'too-many-aliases'],
    ['nesting', { 'compose.yaml': `x-a: ${'['.repeat(20_000)}` }, undefined],
    ['a huge file', { 'compose.yaml': `#${'x'.repeat(2_000_000)}` }, 'file-too-large'],
    ['a range of all ports', { 'compose.yaml': service('ports: ["1-65535"]') }, 'bad-port'],
    [
      'many ranges of ports',
      {
        'compose.yaml': service(
          `ports: [${Array.from({ length: 60 }, (_, at) => `"${at * 1000 + 1}-${at * 1000 + 1000}"`).join(', ')}]`,
        ),
      },
      'bad-port',
    ],
    [
      'variables that double',
      {
        'compose.yaml': service('hostname: ${V30}'),
        '.env': `V0=${'x'.repeat(100)}\n${Array.from({ length: 30 }, (_, at) => `V${at + 1}=$V${at}$V${at}`).join('\n')}`,
      },
      'bad-env-line',
    ],
    [
      'one long variable many times',
      { 'compose.yaml': service(`command: [${'"$V", '.repeat(2000)}]`), '.env': `V=${'x'.repeat(60_000)}` },
      'too-much-text',
    ],
    [
      'files that include others twice',
      Object.fromEntries([
        ['compose.yaml', 'include: [f0.yaml]'],
        ...Array.from({ length: 20 }, (_, at) => [
          `f${at}.yaml`,
          `include: [f${at + 1}.yaml, ./x/../f${at + 1}.yaml]`,
        ]),
        ['f20.yaml', 'services: {}'],
      ]) as Record<string, string>,
      'too-many-files',
    ],
    [
      'a large service extended often',
      {
        'compose.yaml': `services:\n  base: {image: a, cap_add: [${Array.from({ length: 10_000 }, (_, at) => `c${at}`).join(', ')}]}\n${Array.from({ length: 4000 }, (_, at) => `  s${at}: {extends: base}\n`).join('')}`,
      },
      'too-many-values',
    ],
    [
      'a chain of extends',
      {
        'compose.yaml': `services:\n${Array.from({ length: 8000 }, (_, at) => `  s${at}: {extends: s${at + 1}}\n`).join('')}`,
      },
      'extends-too-deep',
    ],
    [
      'a circle of 10,000 services',
      {
        'compose.yaml': `services:\n${Array.from({ length: 10_000 }, (_, at) => `  s${at}: {image: a, depends_on: [s${(at + 1) % 10_000}]}\n`).join('')}`,
      },
      undefined,
    ],
    [
      'a number of a million digits',
      { 'compose.yaml': service(`scale: ${'1'.repeat(900_000)}`) },
      'wrong-kind',
    ],
    [
      'a duration of a million digits',
      { 'compose.yaml': service(`stop_grace_period: "${'1'.repeat(900_000)}"`) },
      'bad-value',
    ],
    [
      'a quote that nobody closes',
      { 'compose.yaml': service(''), '.env': `A="${'x\n'.repeat(1_000_000)}` },
      'bad-env-line',
    ],
    [
      'an error after very many warnings',
      { 'compose.yaml': `${service(`command: [${'"${X}", '.repeat(800)}]`)}    wrong: 1\n` },
      'unknown-key',
    ],
    ['an alias inside of itself', { 'compose.yaml': 'services: &a {web: *a}' }, 'alias-cycle'],
  ])('%s', async (_name, texts, code) => {
    const began = performance.now();
    const found = await codes(texts);
    expect(found.length).toBeGreaterThan(0);
    if (code !== undefined) expect(found).toContain(code);
    // Not a measurement: without the bound it would take minutes, or all memory.
    expect(performance.now() - began).toBeLessThan(30_000);
  });

  test('keys of JavaScript’s own are keys like any other', async () => {
    const { model } = await resolve({
      'compose.yaml':
        'services: {web: {image: a, labels: {__proto__: x, constructor: y}}}\nx-a: {__proto__: {polluted: 1}}',
    });
    expect(JSON.stringify(model)).toContain('"__proto__":"x"');
    expect({}).not.toHaveProperty('polluted');
  });
});

function service(line: string): string {
  return `services:\n  web:\n    image: a\n    ${line}\n`;
}

function laughs(depth: number): string {
  const lines = Array.from(
    { length: depth },
    (_, at) =>
      `x-${at}: &l${at} [${Array(9)
        .fill(at === 0 ? 'l' : `*l${at - 1}`)
        .join(', ')}]`,
  );
  return `${lines.join('\n')}\nservices: {web: {image: a}}\n`;
}
