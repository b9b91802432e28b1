import { expect, test } from 'vitest';
import { memoryProject } from '../memoryProject.ts';
import { checkDraft } from './checkDraft.ts';

const BASE =
  'services:\n  main:\n    image: busybox\n    environment: { A: 1 }\n    deploy: { replicas: 1 }\n';

test('a text that is not written yet is read in place of the one on disk', async () => {
  const files = memoryProject({ 'compose.yaml': BASE, '.env': 'N=3\n' });
  const { model, diagnostics } = await checkDraft(
    files,
    'compose.yaml',
    BASE.replace('replicas: 1', 'replicas: "${N}"'),
  );
  expect(model?.services[0]?.replicas).toBe(3);
  expect(diagnostics).toEqual([]);
  expect(files.texts.get('compose.yaml')).toBe(BASE);
});

test('what is wrong with it has its place in that text', async () => {
  const text = BASE.replace('replicas: 1', 'replicas: many');
  const { diagnostics } = await checkDraft(memoryProject({ 'compose.yaml': BASE }), 'compose.yaml', text);
  const [first] = diagnostics;
  expect(first).toMatchObject({ code: 'bad-number', severity: 'error', service: 'main' });
  expect(text.slice(first?.range?.start, first?.range?.end)).toBe('many');
});

test('what an override file or an extended service says is told with its place', async () => {
  const files = memoryProject({
    'compose.yaml': BASE,
    'compose.override.yaml':
      'services:\n  main:\n    cpus: 2\n    deploy:\n      replicas: 5\n    extends: { file: base.yml, service: b }\n',
    'base.yml': 'services:\n  b:\n    image: x\n    init: true\n',
  });
  const { elsewhere } = await checkDraft(files, 'compose.yaml', BASE);
  const fields = elsewhere['main'] ?? [];
  expect(fields).toContainEqual({
    field: 'deploy.replicas',
    file: 'compose.override.yaml',
    line: 5,
    text: '5',
  });
  expect(fields).toContainEqual({ field: 'cpus', file: 'compose.override.yaml', line: 3, text: '2' });
  expect(fields).toContainEqual({ field: 'init', file: 'base.yml', line: 4, text: 'true' });
  expect(fields.some(({ field }) => field.startsWith('environment'))).toBe(false);
});

test('what a service of the same file says for one that extends it is told as well', async () => {
  const text =
    'x-e: &e { A: 1 }\nservices:\n  base:\n    image: x\n    init: true\n    deploy: { replicas: 2 }\n  main:\n    extends: base\n    image: y\n    environment: *e\n';
  const { elsewhere } = await checkDraft(memoryProject({ 'compose.yaml': text }), 'compose.yaml', text);
  expect(elsewhere['base']).toBeUndefined();
  expect(elsewhere['main']).toEqual([
    { field: 'init', file: 'compose.yaml', line: 5, text: 'true' },
    { field: 'deploy.replicas', file: 'compose.yaml', line: 6, text: '2' },
  ]);
});

test('a text that is no YAML is told, and nothing is thrown', async () => {
  const { model, diagnostics } = await checkDraft(
    memoryProject({ 'compose.yaml': BASE }),
    'compose.yaml',
    'a: [',
  );
  expect(model).toBeNull();
  expect(diagnostics.some(({ severity }) => severity === 'error')).toBe(true);
});

test('a text is hashed once, however much is found in it', async () => {
  const service = (index: number) =>
    `  s${index}:\n    image: a\n    scale: 2\n    ports: ["${8000 + index}:80"]\n`;
  const text = `services:\n${Array.from({ length: 50 }, (_, index) => service(index)).join('')}`;
  const files = memoryProject({ 'compose.yaml': BASE });
  let hashed = 0;
  const hash = (of: string): string => {
    hashed += 1;
    return files.hash(of);
  };
  const { diagnostics } = await checkDraft({ ...files, hash }, 'compose.yaml', text);
  expect(diagnostics.flatMap(({ fixes }) => fixes).length).toBeGreaterThanOrEqual(50);
  expect(hashed).toBe(1);
});
