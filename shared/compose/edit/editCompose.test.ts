import { describe, expect, test } from 'vitest';
import type { ComposeEdit } from './ComposeEdit.ts';
import { editCompose } from './editCompose.ts';
import { Plain } from './Written.ts';

const PROJECT = `# The project of the article
x-common: &common
  restart: on-failure   # batch work
  environment: &env
    MODE: fast

services:
  main: # leads
    <<: *common
    build: .
    depends_on: [db]

  # What is scaled
  worker:
    build: { context: ., target: "worker" }
    command: 'python worker.py'  # one line
    environment:
      # seeds
      SEED: 42
      NAME: "x: y"   # quoted

      LAST: a
    deploy:
      replicas: 2 # two
    ports: ["8080:80", '9090:90']
    volumes:
    - ./data:/data   # input
    - cache:/cache
  shared:
    image: busybox
    environment: *env
  db:
    image: postgres:16
    environment:
      - POSTGRES_PASSWORD=x   # secret
      - "PGDATA=/d"
    command: |  # script
      echo one
      echo two

    init: true
`;

/** The text after an edit that must succeed. */
function edited(text: string, edit: ComposeEdit): string {
  const outcome = editCompose(text, edit);
  if (!outcome.ok) throw new Error(outcome.refusal.message);
  return outcome.text;
}

/** Lines that went and came: \`-old\`, \`+new\`. */
function changed(before: string, after: string): string[] {
  const old = before.split('\n');
  const now = after.split('\n');
  let head = 0;
  while (head < old.length && head < now.length && old[head] === now[head]) head += 1;
  let tail = 0;
  while (tail < old.length - head && tail < now.length - head && old.at(-1 - tail) === now.at(-1 - tail))
    tail += 1;
  return [
    ...old.slice(head, old.length - tail).map((line) => `-${line}`),
    ...now.slice(head, now.length - tail).map((line) => `+${line}`),
  ];
}

const at = (...path: string[]): string[] => ['services', ...path];
const set = (path: string[], value: Extract<ComposeEdit, { kind: 'set' }>['value']): ComposeEdit => ({
  kind: 'set',
  path,
  value,
});

describe('a change touches only the lines of its node', () => {
  const cases: [string, ComposeEdit, string[]][] = [
    [
      'a number with a comment',
      set(at('worker', 'deploy', 'replicas'), new Plain(6)),
      ['-      replicas: 2 # two', '+      replicas: 6 # two'],
    ],
    [
      'a text keeps its quotes',
      set(at('worker', 'command'), "it's"),
      ["-    command: 'python worker.py'  # one line", "+    command: 'it''s'  # one line"],
    ],
    [
      'a text in braces',
      set(at('worker', 'build', 'target'), 'run'),
      ['-    build: { context: ., target: "worker" }', '+    build: { context: ., target: "run" }'],
    ],
    [
      'a new key in braces',
      set(at('worker', 'build', 'dockerfile'), 'a, b'),
      [
        '-    build: { context: ., target: "worker" }',
        '+    build: { context: ., target: "worker", dockerfile: "a, b" }',
      ],
    ],
    ['a new key', set(at('worker', 'cpus'), new Plain('1.5')), ['+    cpus: 1.5']],
    [
      'new mappings on the way',
      set(at('worker', 'deploy', 'resources', 'limits', 'memory'), '512m'),
      ['+      resources:', '+        limits:', '+          memory: 512m'],
    ],
    [
      'a variable',
      { kind: 'setPair', path: at('worker', 'environment'), name: 'SEED', value: '43' },
      ['-      SEED: 42', '+      SEED: 43'],
    ],
    [
      'a quoted variable',
      { kind: 'setPair', path: at('worker', 'environment'), name: 'NAME', value: '7' },
      ['-      NAME: "x: y"   # quoted', '+      NAME: "7"   # quoted'],
    ],
    [
      'a new variable',
      { kind: 'setPair', path: at('worker', 'environment'), name: 'NEW', value: 'yes' },
      ['+      NEW: "yes"'],
    ],
    [
      'a variable of a list',
      { kind: 'setPair', path: at('db', 'environment'), name: 'POSTGRES_PASSWORD', value: 'a b' },
      ['-      - POSTGRES_PASSWORD=x   # secret', '+      - POSTGRES_PASSWORD=a b   # secret'],
    ],
    [
      'a new variable of a list',
      { kind: 'setPair', path: at('db', 'environment'), name: 'EMPTY', value: '' },
      ['+      - EMPTY='],
    ],
    [
      'a variable renamed',
      { kind: 'renamePair', path: at('worker', 'environment'), name: 'SEED', to: 'RNG' },
      ['-      SEED: 42', '+      RNG: 42'],
    ],
    [
      'a variable of a list renamed',
      { kind: 'renamePair', path: at('db', 'environment'), name: 'PGDATA', to: 'DIR' },
      ['-      - "PGDATA=/d"', '+      - "DIR=/d"'],
    ],
    [
      'a variable taken out',
      { kind: 'removePair', path: at('worker', 'environment'), name: 'LAST' },
      ['-      LAST: a'],
    ],
    [
      'a variable of a list taken out',
      { kind: 'removePair', path: at('db', 'environment'), name: 'PGDATA' },
      ['-      - "PGDATA=/d"'],
    ],
    [
      'an item of a list in brackets',
      { kind: 'setList', path: at('worker', 'ports'), items: ['8080:80', '9091:90'] },
      [`-    ports: ["8080:80", '9090:90']`, `+    ports: ["8080:80", '9091:90']`],
    ],
    [
      'an item more',
      {
        kind: 'setList',
        path: at('worker', 'volumes'),
        items: ['./data:/data', 'cache:/cache', './out:/out'],
      },
      ['+    - ./out:/out'],
    ],
    [
      'an item less',
      { kind: 'setList', path: at('worker', 'volumes'), items: ['cache:/cache'] },
      ['-    - ./data:/data   # input'],
    ],
    [
      'the last item takes its key along',
      { kind: 'setList', path: at('worker', 'ports'), items: [] },
      [`-    ports: ["8080:80", '9090:90']`],
    ],
    [
      'a key taken out, with what it leaves empty',
      { kind: 'remove', path: at('worker', 'deploy', 'replicas') },
      ['-    deploy:', '-      replicas: 2 # two'],
    ],
    [
      'a text of several lines',
      set(at('db', 'command'), 'echo one\necho 2\n'),
      ['-      echo two', '+      echo 2'],
    ],
    [
      'what is merged in gets a value of its own',
      set(at('main', 'restart'), 'always'),
      ['+    restart: always'],
    ],
    [
      'a service more',
      { kind: 'addService', name: 'cache', value: new Map([['image', 'redis']]) },
      ['+  cache:', '+    image: redis'],
    ],
  ];
  test.each(cases)('%s', (_, edit, lines) => {
    expect(changed(PROJECT, edited(PROJECT, edit))).toEqual(lines);
  });

  test.each(cases)('%s, with CRLF line ends', (_, edit, lines) => {
    const after = edited(PROJECT.replaceAll('\n', '\r\n'), edit);
    expect(after.replaceAll('\r\n', '')).not.toContain('\n');
    expect(changed(PROJECT, after.replaceAll('\r\n', '\n'))).toEqual(lines);
  });
});

describe('anchors, aliases and merges', () => {
  test('a variable beside those of an alias is an addition to them', () => {
    const after = edited(PROJECT, {
      kind: 'setPair',
      path: at('shared', 'environment'),
      name: 'MODE',
      value: 'slow',
    });
    expect(changed(PROJECT, after)).toEqual([
      '-    environment: *env',
      '+    environment:',
      '+      <<: *env',
      '+      MODE: slow',
    ]);
  });

  test('a variable of a mapping that is merged in: it is written out, and told', () => {
    const edit: ComposeEdit = { kind: 'setPair', path: at('main', 'environment'), name: 'MORE', value: '1' };
    const outcome = editCompose(PROJECT, edit);
    expect(outcome).toMatchObject({
      ok: true,
      notes: [expect.stringContaining('environment was taken from line 5')],
    });
    expect(changed(PROJECT, edited(PROJECT, edit))).toEqual([
      '+    environment:',
      '+      MODE: fast',
      '+      MORE: 1',
    ]);
  });

  test('what others use by its name is not changed for them', () => {
    const text =
      'services:\n  a: &a\n    image: x\n    cpus: &c 1\n  b:\n    <<: *a\n  c:\n    image: y\n    cpus: *c\n';
    for (const edit of [
      set(at('a', 'image'), 'z'),
      set(at('a', 'cpus'), new Plain(2)),
      set(at('a', 'init'), new Plain(true)),
    ] satisfies ComposeEdit[]) {
      expect(editCompose(text, edit)).toMatchObject({
        ok: false,
        refusal: { message: expect.stringMatching(/used by .*[bc]/), line: expect.any(Number) },
      });
    }
    expect(edited(text, set(at('c', 'cpus'), new Plain(2)))).toContain('image: y\n    cpus: 2\n');
    expect(edited(text, set(at('b', 'image'), 'z'))).toContain('<<: *a\n    image: z\n');
  });

  test('what is merged in cannot be taken out; it is told where it stands', () => {
    expect(editCompose(PROJECT, { kind: 'remove', path: at('main', 'restart') })).toMatchObject({
      ok: false,
      refusal: { message: '“restart” comes from elsewhere.', line: 3 },
    });
  });

  test('the last entry of a service stays: compose refuses one that is nothing', () => {
    expect(
      editCompose('services:\n  a:\n    image: x\n', { kind: 'remove', path: at('a', 'image') }),
    ).toMatchObject({
      ok: false,
      refusal: { message: '“image” is all that a says.', line: 3 },
    });
  });

  test('taking out what others refer to is refused', () => {
    const text =
      'services:\n  a:\n    image: x\n    labels: &l\n      k: v\n  b:\n    image: y\n    labels: *l\n';
    expect(editCompose(text, { kind: 'remove', path: at('a', 'labels') })).toMatchObject({ ok: false });
  });

  test('services that extend one are named', () => {
    const text =
      'services:\n  a:\n    image: x\n  b:\n    extends: a\n  c:\n    extends: { service: a }\n  d:\n    extends: { file: o.yaml, service: a }\n';
    expect(editCompose(text, set(at('a', 'image'), 'y'))).toMatchObject({
      ok: true,
      notes: ['b, c extend a and follow.'],
    });
  });
});

describe('services', () => {
  test('one is renamed with all that names it', () => {
    const text = `services:
  db: # the base
    image: postgres
  a:
    image: x
    depends_on: [db, b]
    network_mode: "service:db"
  b:
    image: x
    depends_on:
      db: { condition: service_healthy } # wait
    links:
      - db:base
    x-flotilla: { autoscale: { max: 2, queue: { command: [q], service: db } } }
`;
    const after = edited(text, { kind: 'renameService', name: 'db', to: 'store' });
    expect(after).toBe(
      text
        .replace('  db: #', '  store: #')
        .replace('[db, b]', '[store, b]')
        .replace('service:db', 'service:store')
        .replace('      db: {', '      store: {')
        .replace('db:base', 'store:base')
        .replace('service: db }', 'service: store }'),
    );
    expect(editCompose(text, { kind: 'renameService', name: 'db', to: 'store' })).toMatchObject({
      notes: ['Renamed where a, b named it, too.'],
    });
  });

  test('a name that others hold, or that is none, is refused', () => {
    expect(editCompose(PROJECT, { kind: 'renameService', name: 'db', to: 'main' })).toMatchObject({
      ok: false,
    });
    expect(editCompose(PROJECT, { kind: 'renameService', name: 'db', to: 'a b' })).toMatchObject({
      ok: false,
    });
    expect(editCompose(PROJECT, { kind: 'addService', name: 'db', value: new Map() })).toMatchObject({
      ok: false,
    });
    expect(editCompose(PROJECT, { kind: 'addService', name: '', value: new Map() })).toMatchObject({
      ok: false,
    });
  });

  test('one is taken out with its lines; who still names it is told', () => {
    const outcome = editCompose(PROJECT, { kind: 'removeService', name: 'db' });
    expect(outcome).toMatchObject({ ok: true, notes: ['Still named by main: put that right as well.'] });
    expect(edited(PROJECT, { kind: 'removeService', name: 'db' })).toBe(
      PROJECT.slice(0, PROJECT.indexOf('  db:\n')),
    );
  });

  test.each([
    ['an empty file', '', 'services:\n  a:\n    image: x\n'],
    ['nothing but a comment', '# hello', '# hello\nservices:\n  a:\n    image: x\n'],
    ['no services', 'name: p\n', 'name: p\nservices:\n  a:\n    image: x\n'],
    ['services that are nothing', 'services: # none\n', 'services: # none\n  a:\n    image: x\n'],
    ['services in braces', 'services: {}\n', 'services: { a: { image: x } }\n'],
    [
      'no newline at the end',
      'services:\n  b:\n    image: y',
      'services:\n  b:\n    image: y\n  a:\n    image: x',
    ],
  ])('the first one of %s', (_, before, after) => {
    expect(edited(before, { kind: 'addService', name: 'a', value: new Map([['image', 'x']]) })).toBe(after);
  });

  test('four spaces stay four spaces', () => {
    expect(
      edited('services:\n    a:\n        image: x\n', set(at('a', 'deploy', 'replicas'), new Plain(2))),
    ).toBe('services:\n    a:\n        image: x\n        deploy:\n            replicas: 2\n');
  });
});

describe('bad input is refused with its place, and nothing is changed', () => {
  const bomb = `x:\n  - &a [${'x, '.repeat(9)}x]\n${[...'bcdefgh']
    .map((name, at) => `  - &${name} [${`*${'abcdefgh'[at]}, `.repeat(9)}*${'abcdefgh'[at]}]`)
    .join('\n')}\nservices:\n  s:\n    image: x\n`;
  const cases: [string, string, number | undefined][] = [
    ['a tab', 'services:\n  s:\n\timage: x\n', 3],
    ['an anchor bomb', bomb, undefined],
    ['an alias of itself', 'services:\n  s: &s\n    image: x\n    labels: *s\n', 4],
    ['an unknown alias', 'services:\n  s:\n    image: *no\n', 3],
    ['a merge of a text', 'services:\n  s:\n    <<: text\n    image: x\n', 3],
    ['a key twice', 'services:\n  s:\n    image: x\n    image: y\n', 4],
    ['the service twice', 'services:\n  s:\n    image: x\n  s:\n    image: y\n', 4],
    ['a quote that is not closed', 'services:\n  s:\n    image: "x\n', undefined],
    ['a list as a key', 'services:\n  s:\n    ? [a]\n    : b\n    image: x\n', 3],
    ['a file of more than 1 MiB', `# ${'x'.repeat(1024 * 1024)}\nservices:\n  s:\n    image: x\n`, undefined],
    ['20,000 levels', `services:\n  s:\n    image: x\n    labels: ${'['.repeat(20_000)}`, undefined],
    ['no service of the name', 'services:\n  t:\n    image: x\n', undefined],
    [
      'the service in two documents',
      'services:\n  s:\n    image: x\n---\nservices:\n  s:\n    image: y\n',
      undefined,
    ],
    ['an override that resets', 'services:\n  s:\n    image: !reset null\n', 3],
    ['a list of services', 'services: []\n', undefined],
    ['nothing but a text', 'services', undefined],
  ];
  test.each(cases)('%s', (_, text, line) => {
    const outcome = editCompose(text, set(at('s', 'image'), 'z'));
    expect(outcome).toMatchObject({
      ok: false,
      refusal: { message: expect.any(String), hint: expect.any(String) },
    });
    if (line !== undefined) expect(outcome).toMatchObject({ refusal: { line } });
  });

  test('a key twice elsewhere does not keep one from editing', () => {
    expect(
      edited('services:\n  t:\n    image: a\n    image: b\n  s:\n    image: x\n', set(at('s', 'image'), 'z')),
    ).toContain('image: z');
  });

  test('a name like those of every object is a name like any other', () => {
    const text = 'services:\n  __proto__:\n    image: x\n';
    expect(edited(text, set(at('__proto__', 'image'), 'constructor'))).toBe(
      'services:\n  __proto__:\n    image: constructor\n',
    );
  });
});
