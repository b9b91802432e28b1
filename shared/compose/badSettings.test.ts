import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { memoryProject } from './memoryProject.ts';
import { readProject } from './readProject.ts';

const read = (lines: string, others: Record<string, string> = {}) =>
  readProject(
    memoryProject({
      'compose.yaml': `services:\n  a:\n    image: busybox\n${lines.replaceAll(/^/gm, '    ')}\n`,
      ...others,
    }),
  );
const told = async (lines: string, others: Record<string, string> = {}): Promise<string[]> =>
  (await read(lines, others)).diagnostics.map(
    ({ severity, code, range, message, service }) =>
      `${severity} ${code} ${range?.line ?? '-'} ${service ?? '-'} ${message}`,
  );

describe('limits that contradict each other (groups 20 and 21)', () => {
  it.each([
    ['cpus: 1\ncpu_quota: 50000', /cpu_quota/],
    ['mem_limit: 64m\nmemswap_limit: 32m', /memswap_limit/],
    ['cpus: 1\ndeploy: { resources: { limits: { cpus: "2" } } }', /different values for cpus/],
  ])('tells %j', async (lines, words) => {
    expect((await told(lines)).join('\n')).toMatch(words);
  });
});

describe('values of variables (group 27)', () => {
  it('says that no kernel takes a very long one, which ends the program without a word', async () => {
    const long = 'x'.repeat(200_000);
    expect(await told(`environment: { LONG: ${long} }`)).toEqual([
      'warning variable-too-long 4 a a: the variable LONG is longer than a kernel takes.',
    ]);
    expect(await told(`environment: ["LONG=${long.slice(0, 131_066)}"]`)).toEqual([]);
  });
});

describe('names of variables (groups 28 and 29)', () => {
  it.each(['A B=1', 'A\tB=1', ' =1'])('refuses the name in %j', async (pair) => {
    expect(await told(`environment: [${JSON.stringify(pair)}]`)).toEqual([
      expect.stringMatching(
        /^error bad-environment 4 a a: “.*” is no name of a variable: it contains a space\.$/,
      ),
    ]);
  });

  it.each(['lower', 'a.b-c', 'A$$B', 'LD_PRELOAD', 'PATH', '__proto__', 'constructor'])(
    'takes %s, which a program may want so',
    async (name) => {
      const { model, diagnostics } = await read(`environment: { "${name}": "x" }`);
      expect(diagnostics).toEqual([]);
      expect(Object.entries(model?.services[0]?.environment ?? {})).toEqual([[name, 'x']]);
    },
  );
});

describe('variables come from the project alone (group 58)', () => {
  const NAMES = [
    'FLOTILLA_LEAK',
    'COMPOSE_PROFILES',
    'COMPOSE_FILE',
    'COMPOSE_PROJECT_NAME',
    'COMPOSE_ENV_FILES',
  ];
  const before = NAMES.map((name) => process.env[name]);
  beforeEach(() => {
    for (const name of NAMES) process.env[name] = 'leaked';
  });
  afterEach(() => {
    for (const [at, name] of NAMES.entries()) {
      const value = before[at];
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
  });

  it.each([
    ['a value', 'user: "${FLOTILLA_LEAK:-none}"'],
    ['a name alone', 'environment: [FLOTILLA_LEAK]'],
    ['a name without a value', 'environment: { FLOTILLA_LEAK: }'],
    ['a file of names', 'env_file: names.env'],
    ['an argument of a build', 'build: { context: ., args: [FLOTILLA_LEAK] }'],
    ['a nested default', 'command: ["${A:-${FLOTILLA_LEAK-none}}"]'],
    ['a profile', 'profiles: [leaked]'],
  ])('%s', async (_name, lines) => {
    const { model } = await read(lines, { 'names.env': 'FLOTILLA_LEAK\n', Dockerfile: 'FROM busybox\n' });
    expect(JSON.stringify(model)).not.toContain('leaked');
  });
});

describe('mounts (groups 33 and 35)', () => {
  it.each([
    ['volumes: ["./a:b:/data:ro:x"]', /bad-volume/],
    ['tmpfs: ["/x:size=9999999t"]', /bad-size 4 a a: tmpfs size: “9999999t” is no size any machine has\./],
    ['tmpfs: ["/x:size=much"]', /bad-size 4 a a: tmpfs size: “much” is no size\./],
    ['volumes: [{ type: tmpfs, target: /x, tmpfs: { size: -1 } }]', /bad-/],
    ['volumes: [{ type: tmpfs, target: /x, tmpfs: { size: much } }]', /bad-/],
  ])('refuses %s', async (lines, code) => {
    expect((await told(lines, { 'data/x': '' })).join('\n')).toMatch(code);
  });

  it('says that a share of the memory is not taken over from tmpfs options', async () => {
    expect(await told('tmpfs: ["/x:size=50%"]')).toEqual([
      expect.stringMatching(/^warning tmpfs-share 4 a a: tmpfs size: “50%” is not taken over\.$/),
    ]);
  });

  it('takes a colon in a path where the long form leaves no doubt', async () => {
    const { model, diagnostics } = await read(
      'volumes: [{ type: bind, source: "./sub:b", target: "/d:e" }]',
      {
        'sub:b/x': '',
      },
    );
    expect(diagnostics).toEqual([]);
    expect(model?.services[0]?.mounts).toMatchObject([{ kind: 'bind', source: './sub:b', target: '/d:e' }]);
  });
});
