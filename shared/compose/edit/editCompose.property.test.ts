import fc from 'fast-check';
import { Lexer, parseAllDocuments } from 'yaml';
import { expect, test } from 'vitest';
import type { ComposeEdit } from './ComposeEdit.ts';
import { ComposeText, pairEnd, startOf } from './ComposeText.ts';
import { editCompose } from './editCompose.ts';
import { ownEntry } from './editPlace.ts';
import { Plain } from './Written.ts';

type Value = string | number | Value[] | { [key: string]: Value };

const SEED = 20_261_127;
const RUNS = 1500;

const scalar = fc.oneof(
  fc.constantFrom(
    'x',
    'a b',
    '# no comment',
    'y: z',
    '- x',
    '"',
    "it's",
    'yes',
    '0x1f',
    '1e3',
    '',
    ' pad ',
    '${A:-b}',
    '*a',
    '&b',
    '!t',
    '[',
    '}',
    ', ',
    '🚢',
    'a\nb',
    'a\nb\n',
    'tab\there',
    '22:22',
  ),
  fc.string({ maxLength: 12 }).filter((text) => !/[\ud800-\udfff]/.test(text)),
);
const comment = fc.constantFrom('', '', '  # note', ' # a: b', ' #');
const above = fc.constantFrom('', '', '# above\n', '\n', '\n# far\n\n');

interface ServiceText {
  anchor: string;
  comment: string;
  cpus: string;
  env: string;
  command: string;
  ports: string;
  deploy: string;
  /** What stands above each entry. */
  above: string[];
}

/** Random text of a service's entries, each with its own style and comments. */
const service: fc.Arbitrary<ServiceText> = fc.record({
  anchor: fc.constantFrom('', '', '&s '),
  comment,
  cpus: fc.constantFrom('1', '"1.5"', "'2'", '&cpus 3', '1 # one', '${CPUS:-2}'),
  env: fc.constantFrom(
    'environment:\n  A: 1 # first\n  # between\n  B: "two"\n\n  C: three',
    'environment: { A: 1, B: two, }',
    'environment:\n- A=1\n# between\n- "B=two"   # quoted',
    'environment: ["A=1", B=two]',
    'environment: # nothing',
    'environment: &env\n  A: 1',
    '',
  ),
  command: fc.constantFrom(
    'command: |\n  one # no comment\n  two\n',
    'command: >-\n  one\n  two',
    "command: 'x'",
    'command: ["a", b] # list',
    'command: |+\n  keep\n\n',
    '',
  ),
  ports: fc.constantFrom('ports:\n  - "80:80" # web\n  # more\n  - 90', 'ports: ["80:80"]', 'ports: []', ''),
  deploy: fc.constantFrom(
    'deploy:\n    replicas: 2 # two\n    resources: { limits: { cpus: "1" } }',
    'deploy: { replicas: 2 }',
    'deploy:',
    '',
  ),
  above: fc.tuple(above, above, above, above, above),
});

function textOfService(name: string, step: string, parts: ServiceText): string {
  const entries = [`cpus: ${parts.cpus}`, parts.env, parts.command, parts.ports, parts.deploy].filter(
    (entry) => entry !== '',
  );
  const body = entries.map((entry, at) => `${parts.above[at] ?? ''}${entry}`).join('\n');
  const pad = (text: string, by: string): string =>
    text
      .split('\n')
      .map((line) => (line === '' ? line : by + line))
      .join('\n');
  return pad(`${name}: ${parts.anchor}${parts.comment.trimStart()}\n${pad(body, step)}`, step);
}

const project = fc
  .record({
    first: service,
    second: service,
    step: fc.constantFrom('  ', '    ', ' '),
    tail: fc.constantFrom('', '\n', '\n# the end\n', '\nvolumes:\n  cache: # kept\n'),
    crlf: fc.boolean(),
    third: fc.constantFrom('', '<<: *s\n', 'environment: *env\n', 'cpus: *cpus\n'),
  })
  .map(({ first, second, step, tail, crlf, third }) => {
    const taken = {
      ...second,
      anchor: '',
      cpus: second.cpus.replace('&cpus ', ''),
      env: second.env.replace('&env', ''),
    };
    const other = third === '' ? '' : `\n${step}c:\n${step}${step}image: x\n${step}${step}${third.trimEnd()}`;
    const text = `# head\nservices:\n${textOfService('a', step, first)}\n${textOfService('b', step, taken)}${other}${tail}`;
    return crlf ? text.replaceAll('\n', '\r\n') : text;
  })
  .filter((text) =>
    ['s', 'env', 'cpus'].every((name) => !text.includes(`*${name}`) || text.includes(`&${name} `)),
  )
  .filter((text) => parseAllDocuments(text).every(({ errors }) => errors.length === 0));

const inB = (...path: string[]): string[] => ['services', 'b', ...path];
const inAny = fc.constantFrom('a', 'b', 'c');
const edit: fc.Arbitrary<ComposeEdit> = fc.oneof(
  fc.record({
    kind: fc.constant('set' as const),
    path: fc
      .tuple(inAny, fc.constantFrom('cpus', 'image', 'command', 'restart'))
      .map(([name, key]) => ['services', name, key]),
    value: scalar,
  }),
  fc.record({
    kind: fc.constant('set' as const),
    path: fc.constantFrom(
      inB('deploy', 'replicas'),
      inB('cpus'),
      inB('deploy', 'resources', 'limits', 'memory'),
    ),
    value: fc.nat(99).map((n) => new Plain(n)),
  }),
  fc.record({
    kind: fc.constant('setPair' as const),
    path: inAny.map((name) => ['services', name, 'environment']),
    name: fc.constantFrom('A', 'B', 'NEW'),
    value: scalar,
  }),
  fc.record({
    kind: fc.constant('setList' as const),
    path: fc.constant(inB('ports')),
    items: fc.uniqueArray(fc.constantFrom('80:80', '90', '1-2:3-4', '{x}'), { maxLength: 4 }),
  }),
  fc.record({
    kind: fc.constant('renamePair' as const),
    path: fc.constant(inB('environment')),
    name: fc.constant('A'),
    to: fc.constantFrom('Z', 'yes', '1'),
  }),
  fc.record({
    kind: fc.constant('removePair' as const),
    path: fc.constant(inB('environment')),
    name: fc.constantFrom('A', 'B'),
  }),
  fc.record({
    kind: fc.constant('remove' as const),
    path: fc.constantFrom(inB('cpus'), inB('deploy', 'replicas'), inB('command')),
  }),
);

/** What a reader of YAML makes of a text; scalars as texts, since numbers may be in quotes. */
function read(text: string): Value {
  const [document] = parseAllDocuments(text, { merge: true });
  return texts(document && !('empty' in document) ? document.toJS() : null);
}

function texts(value: unknown): Value {
  if (Array.isArray(value)) return value.map(texts);
  if (value !== null && typeof value === 'object')
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, texts(item)]));
  return String(value);
}

function plainText(value: unknown): string {
  if (value instanceof Plain) return value.source;
  return typeof value === 'string' ? value : '';
}

function isMap(value: Value | undefined): value is { [key: string]: Value } {
  return typeof value === 'object' && !Array.isArray(value);
}

/** The model as it is wanted, made without any of the code that edits. */
function wanted(model: Value, change: ComposeEdit): Value {
  const result = structuredClone(model);
  if (!('path' in change)) return result;
  const parents: { [key: string]: Value }[] = [];
  const keys = change.kind === 'set' || change.kind === 'remove' ? change.path : [...change.path];
  let at: Value = result;
  for (const key of keys.slice(0, -1)) {
    if (!isMap(at)) return result;
    if (!isMap(at[key])) at[key] = {};
    parents.push(at);
    at = at[key];
  }
  const holder = at as { [key: string]: Value };
  const last = keys.at(-1) ?? '';
  const prune = (): void => {
    for (let depth = parents.length - 1; depth >= 2; depth -= 1) {
      const parent = parents[depth];
      const key = keys[depth] ?? '';
      if (isMap(parent?.[key]) && Object.keys(parent[key]).length === 0) delete parent[key];
    }
  };
  if (change.kind === 'set') holder[last] = plainText(change.value);
  else if (change.kind === 'remove') {
    delete holder[last];
    prune();
  } else if (change.kind === 'setList') {
    if (change.items.length === 0) delete holder[last];
    else holder[last] = change.items.map(plainText);
  } else {
    const name = 'name' in change ? change.name : '';
    const pairs = holder[last];
    if (Array.isArray(pairs)) {
      const index = pairs.findIndex((item) => plainText(item).split('=')[0] === name);
      if (change.kind === 'setPair')
        pairs[index === -1 ? pairs.length : index] = `${name}=${change.value ?? ''}`;
      else if (change.kind === 'removePair') {
        pairs.splice(index, 1);
        if (pairs.length === 0) delete holder[last];
      } else if (change.kind === 'renamePair')
        pairs[index] = change.to + plainText(pairs[index]).slice(name.length);
    } else {
      const map = isMap(pairs) ? pairs : {};
      holder[last] = map;
      if (change.kind === 'setPair') map[name] = change.value ?? 'null';
      else if (change.kind === 'removePair') {
        delete map[name];
        if (Object.keys(map).length === 0) delete holder[last];
      } else if (change.kind === 'renamePair') {
        map[change.to] = map[name] ?? '';
        delete map[name];
      }
    }
  }
  return result;
}

/** Comments of the text, as YAML's own reader finds them. */
function comments(text: string): string[] {
  const tokens = [...new Lexer().lex(text)];
  // What follows that mark is a scalar.
  return tokens.filter((token, at) => token.startsWith('#') && tokens[at - 1] !== '\u001F');
}

/** The 1-based lines (first, last) of the deepest part of a path that the text itself has. */
function ownLines(text: string, path: readonly string[]): [number, number] {
  const source = new ComposeText(text);
  for (let length = path.length; length > 0; length -= 1) {
    const pair = ownEntry(source, 0, path.slice(0, length));
    if (pair !== undefined) return [source.line(startOf(pair.key)), source.line(pairEnd(text, pair))];
  }
  return [1, text.split('\n').length];
}

test('a random edit of a random file: the model is the wanted one, other lines and all comments stay, or it is refused for sharing', () => {
  let made = 0;
  fc.assert(
    fc.property(project, edit, (text, change) => {
      const outcome = editCompose(text, change);
      if (!outcome.ok) {
        const isAbsent = /no service “|to take out|not stand here itself|is all that b says/.test(
          outcome.refusal.message,
        );
        const isShared = text.includes('*') && /used by (b|c)/.test(outcome.refusal.message);
        // Blank lines behind what goes would count for a block text above that keeps them.
        const isKept =
          text.includes('|+') && outcome.refusal.message.includes('without changing something else');
        expect(isShared || isAbsent || isKept, outcome.refusal.message).toBe(true);
        return;
      }
      made += 1;
      expect(read(outcome.text)).toEqual(wanted(read(text), change));
      if (text === outcome.text || !('path' in change)) return;
      const before = text.split('\n');
      const after = outcome.text.split('\n');
      const [first, last] = ownLines(text, change.path);
      // Above and below the lines of the node all stays, byte for byte.
      expect(after.slice(0, first - 1)).toEqual(before.slice(0, first - 1));
      const below = before.slice(last);
      expect(below.length === 0 ? [] : after.slice(-below.length)).toEqual(below);
      if (change.kind === 'set' || change.kind === 'setPair' || change.kind === 'renamePair')
        expect(comments(outcome.text)).toEqual(comments(text));
    }),
    { seed: SEED, numRuns: RUNS },
  );
  expect(made).toBeGreaterThan(RUNS / 2);
});
