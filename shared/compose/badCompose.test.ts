import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Severity } from '../domain/Diagnostic.ts';
import { memoryProject } from './memoryProject.ts';
import { readProject } from './readProject.ts';

const DOCKERFILE = 'FROM busybox\nCMD ["true"]\n';

const read = (compose: string, others: Record<string, string> = {}) =>
  readProject(memoryProject({ 'compose.yaml': compose, Dockerfile: DOCKERFILE, ...others }));

/** `severity code line message` of everything found. */
async function found(compose: string, others: Record<string, string> = {}): Promise<string[]> {
  const { diagnostics } = await read(compose, others);
  for (const diagnostic of diagnostics) expect(diagnostic.explanation, diagnostic.code).not.toBe('');
  return diagnostics.map(
    (diagnostic) =>
      `${diagnostic.severity} ${diagnostic.code} ${diagnostic.range?.line ?? '-'} ${diagnostic.message}`,
  );
}

const service = (lines: string) =>
  `services:\n  a:\n    image: busybox\n${lines.replaceAll(/^/gm, '    ')}\n`;

/** The one finding of a service with these further lines: code, line and message. */
async function only(lines: string, severity: Severity = 'error'): Promise<string> {
  const list = (await found(service(lines))).filter((text) => text.startsWith(severity));
  expect(list).toHaveLength(1);
  return (list[0] ?? '').slice(severity.length + 1);
}

describe('names and references (groups 1 to 14)', () => {
  it.each([
    ['../x', 'bad-service-name 2 “../x” is no name of a service.'],
    ['"a b"', 'bad-service-name 2 “a b” is no name of a service.'],
    ['""', 'bad-service-name 2 “” is no name of a service.'],
    ['-a', 'bad-service-name 2 “-a” is no name of a service.'],
    ['.a', 'bad-service-name 2 “.a” is no name of a service.'],
    ['wоrker', 'bad-service-name 2 “wоrker” is no name of a service.'],
    ['"\\u202Eevil"', 'bad-service-name 2 “\u202Eevil” is no name of a service.'],
    ['a'.repeat(256), `bad-service-name 2 “${'a'.repeat(60)}” is no name of a service.`],
    ['__proto__', 'bad-service-name 2 “__proto__” is no name of a service.'],
  ])('refuses a service named %s', async (name, message) => {
    expect(await found(`services:\n  ${name}: { image: busybox }\n`)).toContain(`error ${message}`);
  });

  it('takes a service named like a member of Object.prototype for what it is', async () => {
    const { model, diagnostics } = await read(
      'services:\n  constructor: { image: busybox, environment: { __proto__: x, toString: y } }\n',
    );
    expect(diagnostics).toEqual([]);
    expect(model?.services.map((entry) => [entry.name, entry.replicas])).toEqual([['constructor', 1]]);
    expect(Object.keys(model?.services[0]?.environment ?? {})).toEqual(['__proto__', 'toString']);
  });

  it.each([
    ['BB/X:y', 'names are written in lower case'],
    ['""', 'it is empty'],
    [`busybox:${'t'.repeat(129)}`, 'its tag is longer than 128 characters'],
    ['busybox@sha256:abc', 'its digest is not sha256: and 64 hexadecimal digits'],
    ['http://reg/x', 'it is an address; leave out the part up to “//”'],
    ['"a b"', 'it contains a space'],
    ['../x', '“..” is no host'],
  ])('refuses the image %s', async (image, reason) => {
    const [message] = await found(`services:\n  a:\n    image: ${image}\n`);
    expect(message).toMatch(/^error bad-image 3 a: /);
    expect(message).toContain(`is no image: ${reason}.`);
  });

  it('knows a registry’s port from a tag', async () => {
    expect(await found('services:\n  a:\n    image: localhost:5000/x\n')).toEqual([]);
    expect(await found('services:\n  a:\n    image: localhost:5000/x:2\n')).toEqual([]);
  });

  it.each(['../x', 'a b', '-x', 'x', 'a'.repeat(256)])('refuses the container_name %s', async (name) => {
    expect((await found(service(`container_name: "${name}"`)))[0]).toMatch(
      /^error bad-container-name 4 a: “.*” is no name of a container\.$/,
    );
  });

  it('refuses a bad project name and makes one of any folder’s', async () => {
    expect(await found('name: Über Projekt\nservices: { a: { image: busybox } }\n')).toEqual([
      'error bad-project-name 1 “Über Projekt” is no project name.',
    ]);
    for (const [folder, name] of [
      ['My Project (2)', 'myproject2'],
      ['../..', 'app'],
      ['', 'app'],
      ['__x', 'x'],
      ['é'.repeat(300), 'app'],
    ] as const) {
      const { model } = await readProject(
        memoryProject({ 'compose.yaml': 'services: { a: { image: busybox } }\n' }, folder),
      );
      expect(model?.name).toBe(name);
    }
  });
});

describe('numbers (groups 15 to 24)', () => {
  it.each(['-1', '1.5', '1e9', '.nan', '.inf', '"8"', 'many'])('refuses %s replicas', async (text) => {
    expect(await only(`deploy: { replicas: ${text} }`)).toMatch(
      /^bad-number 4 a: replicas must be a whole number from 0 to 1000, not /,
    );
  });

  it('takes 0 replicas, and offers to take quotes away', async () => {
    expect((await read(service('scale: 0'))).model?.services[0]?.replicas).toBe(0);
    const { diagnostics } = await read(service('scale: "8"'));
    expect(diagnostics[0]?.fixes[0]).toMatchObject({ title: 'Remove the quotes', edits: [{ newText: '8' }] });
  });

  it.each([
    ['3-1', 'the range 3-1 runs backwards'],
    ['a', '“a” is no CPU number and no range'],
    ['"0,,1"', '“” is no CPU number and no range'],
  ])('refuses the cpuset %s', async (text, reason) => {
    expect(await only(`cpuset: ${text}`)).toBe(
      `bad-cpuset 4 a: cpuset “${text.replaceAll('"', '')}”: ${reason}.`,
    );
  });

  it.each([
    ['mem_limit: 1MiB', 'bad-size 4 a: memory below 6m is refused by the engine.'],
    ['mem_limit: lots', 'bad-size 4 a: memory: “lots” is no size.'],
    ['shm_size: 0', 'bad-size 4 a: shm_size must be more than 0.'],
    ['shm_size: 2000000t', 'bad-size 4 a: shm_size: “2000000t” is no size any machine has.'],
    ['cpus: 0', 'bad-number 4 a: cpus must be a number from 0.01 to 4096, not 0.'],
    ['stop_grace_period: soon', 'bad-duration 4 a: stop_grace_period: “soon” is no duration.'],
  ])('refuses %s', async (lines, message) => {
    expect(await only(lines)).toBe(message);
  });

  it.each([
    ['1.5g', 1.5 * 1024 ** 3],
    ['16384kb', 16 * 1024 ** 2],
    ['1GiB', 1024 ** 3],
    ['64000000', 64_000_000],
  ])('reads the memory %s', async (text, bytes) => {
    expect((await read(service(`mem_limit: ${text}`))).model?.services[0]?.memoryBytes).toBe(bytes);
  });

  it.each([
    ['"0:80"', '0 is no port number.'],
    ['"70000:80"', '70000 is no port number.'],
    ['"80:0"', '0 is no port number.'],
    ['"http"', '“http” is no port.'],
    ['"90-80:90-80"', 'The range of ports runs backwards or is very long.'],
  ])('refuses the port %s', async (text, message) => {
    expect(await only(`ports: [${text}]`)).toBe(`bad-port 4 a: ${message}`);
  });

  it('refuses one host port twice, also across services', async () => {
    expect(
      await found(
        'services:\n  a: { image: busybox, ports: ["80:80"] }\n  b: { image: busybox, ports: ["80:81"] }\n',
      ),
    ).toEqual(['error host-port-twice 3 Host port 80/tcp is published twice: by a and by b.']);
  });

  it('reads 22:22 unquoted as two ports and binds to this machine only', async () => {
    const { model } = await read(service('ports: [22:22, "0.0.0.0:80:80", 90]'));
    expect(
      model?.services[0]?.ports.map((port) => [port.hostIp, port.hostPort?.first, port.containerPort]),
    ).toEqual([
      ['127.0.0.1', 22, 22],
      ['0.0.0.0', 80, 80],
      ['127.0.0.1', undefined, 90],
    ]);
  });
});

describe('environment (groups 25 to 27)', () => {
  it('refuses a variable without a name', async () => {
    expect(await only('environment: ["=bar"]')).toBe(
      'bad-environment 4 a: a variable has no name before “=”.',
    );
  });

  it('reads a name alone as unset, and keeps newlines and long values', async () => {
    const long = 'x'.repeat(100_000);
    const { model, diagnostics } = await read(
      service(`environment:\n  FOO:\n  TWO: "a\\nb"\n  LONG: ${long}`),
    );
    expect(diagnostics).toEqual([]);
    expect(model?.services[0]?.environment).toEqual({ FOO: null, TWO: 'a\nb', LONG: long });
  });

  it('refuses a zero byte', async () => {
    expect(await only('environment: { A: "x\\0y" }')).toBe(
      'zero-byte 4 a: environment A contains a zero byte.',
    );
  });
});

describe('mounts (groups 30 to 33)', () => {
  it('refuses a bind whose source is missing, instead of letting the engine make it', async () => {
    expect(await only('volumes: ["./data:/data"]')).toBe(
      'missing-bind-source 4 a mounts ./data, which does not exist.',
    );
  });

  it('resolves a relative bind inside the project', async () => {
    const { model, diagnostics } = await read(service('volumes: ["./data:/data:ro"]'), { 'data/x': '' });
    expect(diagnostics).toEqual([]);
    expect(model?.services[0]?.mounts).toEqual([
      { kind: 'bind', source: './data', target: '/data', readOnly: true, createSource: false },
    ]);
  });

  it.each([
    ['/:/host', 'The container sees the whole file system of the host.'],
    ['/etc:/etc2:ro', 'The container sees a folder outside of the project.'],
    [
      '/var/run/docker.sock:/var/run/docker.sock',
      'Whoever holds the engine’s socket is root on the host, also read-only.',
    ],
    ['../other:/other', 'The container sees a folder outside of the project.'],
  ])('asks for consent to %s', async (text, explanation) => {
    const { dangers } = await read(service(`volumes: ["${text}"]`));
    expect(dangers).toMatchObject([
      { service: 'a', kind: 'volume', file: 'compose.yaml', line: 4, explanation },
    ]);
  });

  it.each([
    ['a:b:c:d', 'bad-volume 4 a: “a:b:c:d” is no volume.'],
    ['./x:relative', 'bad-volume 4 a: “relative” is no absolute path in the container.'],
    ['./x:/', 'bad-volume 4 a: A volume cannot take the place of the whole container.'],
    ['~/x:/x', 'home-folder 4 a: “~/x” names a home folder.'],
  ])('refuses the volume %s', async (text, message) => {
    expect(await only(`volumes: ["${text}"]`)).toBe(message);
  });

  it('asks for consent to everything else that reaches through the walls', async () => {
    const { dangers } = await read(
      service(
        'privileged: true\ncap_add: [SYS_ADMIN]\nnetwork_mode: host\npid: host\nipc: host\ndevices: ["/dev/kvm"]\nsecurity_opt: ["seccomp:unconfined"]\nuserns_mode: host\nvolumes_from: [b]',
      ),
    );
    expect(dangers.map((danger) => danger.kind).sort()).toEqual([
      'cap_add',
      'devices',
      'ipc',
      'network_mode',
      'pid',
      'privileged',
      'security_opt',
      'userns_mode',
      'volumes_from',
    ]);
    expect(new Set(dangers.map((danger) => danger.id)).size).toBe(9);
  });
});

describe('Dockerfiles (group 45)', () => {
  const build = 'services:\n  a:\n    build: .\n';
  const of = async (files: Record<string, string>) =>
    (await readProject(memoryProject({ 'compose.yaml': build, ...files }))).diagnostics.map(
      (diagnostic) =>
        `${diagnostic.severity} ${diagnostic.code} ${diagnostic.file}:${diagnostic.range?.line ?? '-'} ${diagnostic.message}`,
    );

  it.each([
    ['none', {}, 'error missing-dockerfile compose.yaml:3 a needs Dockerfile, which does not exist.'],
    [
      'a folder',
      { 'Dockerfile/x': '' },
      'error dockerfile-unreadable compose.yaml:3 a: Dockerfile is a folder.',
    ],
    ['empty', { Dockerfile: '' }, 'error empty-dockerfile Dockerfile:1 Dockerfile holds no instruction.'],
    [
      'only comments',
      { Dockerfile: '# one\n# two\n' },
      'error empty-dockerfile Dockerfile:1 Dockerfile holds no instruction.',
    ],
    [
      'without FROM',
      { Dockerfile: 'RUN true\n' },
      'error missing-from Dockerfile:1 Dockerfile does not begin with FROM.',
    ],
    [
      'a typing error',
      { Dockerfile: 'FROM busybox:1.36\nRNU true\n' },
      'error unknown-instruction Dockerfile:2 “RNU” is no instruction of a Dockerfile; is RUN meant?',
    ],
    [
      'a remote builder',
      { Dockerfile: '# syntax=evil/frontend\nFROM busybox:1.36\n' },
      'warning remote-frontend Dockerfile:1 The “syntax” line asks for a build program from the network (evil/frontend).',
    ],
    [
      'huge',
      { Dockerfile: `FROM busybox\n${'# x\n'.repeat(300_000)}` },
      'error file-too-large Dockerfile:- Dockerfile is larger than 1 MiB.',
    ],
  ] as const)('%s', async (_, files, message) => {
    expect(await of(files)).toEqual([message]);
  });

  it('reads CRLF and a byte order mark', async () => {
    expect(await of({ Dockerfile: '\uFEFFFROM busybox:1.36\r\nCOPY . /app\r\nCMD ["true"]\r\n' })).toEqual(
      [],
    );
  });

  it('refuses what is built with a service that is not there, is off, or is not built', async () => {
    const web = 'services:\n  a: { build: { context: ., additional_contexts: { base: "service:b" } } }\n';
    const why = async (more: string) =>
      (await found(web + more)).filter((line) => line.startsWith('error missing-service'));
    const told = (reason: string) => [
      `error missing-service 2 a is built with the service b, which ${reason}.`,
    ];
    expect(await why('')).toEqual(told('is not there'));
    expect(await why('  b: { build: ., profiles: [x] }\n')).toEqual(told('is not there'));
    expect(await why('  b: { image: "busybox:1.36" }\n')).toEqual(told('is not built'));
    expect(await why('  b: { build: . }\n')).toEqual([]);
  });

  it('refuses contexts outside the project and from the network', async () => {
    expect(await found('services:\n  a: { build: ../x }\n')).toEqual([
      'error context-outside 2 a would be built from outside the project (../x).',
    ]);
    expect(await found('services:\n  a: { build: "https://github.com/x/y.git" }\n')).toEqual([
      'error context-remote 2 a would be built from https://github.com/x/y.git.',
    ]);
    expect(await found('services:\n  a: { build: { context: ., dockerfile: ../../Dockerfile } }\n')).toEqual([
      'error context-outside 2 a would be built from outside the project (.).',
    ]);
  });
});

describe('YAML (groups 48 to 54 and 59)', () => {
  it('stops a billion laughs', async () => {
    const lines = [
      'x-a: &a [l, l, l, l, l, l, l, l, l]',
      ...'bcdefghi'
        .split('')
        .map(
          (name, at) =>
            `x-${name}: &${name} [${Array.from({ length: 9 }, () => `*${'abcdefgh'[at]}`).join(', ')}]`,
        ),
    ];
    const began = performance.now();
    expect(await found(`${lines.join('\n')}\nservices: { a: { image: busybox } }\n`)).toContainEqual(
      expect.stringMatching(/^error too-many-aliases \d+ The aliases of this file write out to more values/),
    );
    expect(performance.now() - began).toBeLessThan(5_000);
  });

  it.each([
    '['.repeat(20_000),
    '{a: '.repeat(20_000),
    `${Array.from({ length: 1000 }, (_, at) => `${' '.repeat(at)}a:`).join('\n')}\n`,
  ])('stops deep nesting', async (text) => {
    const list = await found(text);
    expect(list.some((message) => /nested|no YAML/.test(message))).toBe(true);
  });

  it('stops an anchor inside of itself', async () => {
    expect(await found('services: &s\n  a: { image: busybox, labels: *s }\n')).toContainEqual(
      'error alias-cycle 2 *s stands inside of what it names.',
    );
  });

  it('tells of keys that stand twice, with the line', async () => {
    expect(await found('services:\n  a:\n    image: busybox\n    image: alpine\n')).toContainEqual(
      'error duplicate-key 4 This key stands here twice.',
    );
  });

  it('tells of tabs', async () => {
    expect(
      (await found('services:\n\ta:\n\t\timage: busybox\n')).some((message) =>
        /^error (tab-indentation|yaml-syntax) 2 /.test(message),
      ),
    ).toBe(true);
  });

  it('runs no code', async () => {
    expect(await found('services:\n  a:\n    image: !!js/function "function () {}"\n')).toContainEqual(
      expect.stringMatching(/^error unknown-tag 3 .*js\/function/),
    );
  });

  it('lays several documents upon each other', async () => {
    const { model, diagnostics } = await read(
      'services: { a: { image: busybox } }\n---\nservices: { a: { user: "1" }, b: { image: busybox } }\n',
    );
    expect(diagnostics).toEqual([]);
    expect(model?.services.map(({ name, image, user }) => [name, image, user])).toEqual([
      ['a', 'busybox', '1'],
      ['b', 'busybox', undefined],
    ]);
  });

  it('tells when a file is no UTF-8', async () => {
    const files = memoryProject({ 'compose.yaml': '' });
    files.read = () =>
      Promise.resolve({
        ok: false,
        reason: 'not-utf8',
        message: 'compose.yaml is not UTF-8; save it as UTF-8.',
      });
    const { diagnostics, model } = await readProject(files);
    expect(model).toBeNull();
    expect(diagnostics.map((diagnostic) => diagnostic.message)).toContain(
      'compose.yaml is not UTF-8; save it as UTF-8.',
    );
  });
});

describe('Compose (groups 55 to 58)', () => {
  it('tells of circles and of what is missing', async () => {
    expect(
      await found('services:\n  a: { image: x, depends_on: [b] }\n  b: { image: x, depends_on: [a] }\n'),
    ).toEqual(['error depends-on-cycle 3 These services wait for each other: a → b → a.']);
    expect(await found('services:\n  a: { image: x, depends_on: [zz] }\n')).toEqual([
      'error depends-on-missing 2 a depends on “zz”, which is no service.',
    ]);
    expect(await found('services:\n  a: { extends: b }\n  b: { extends: a }\n')).toContainEqual(
      'error extends-cycle 3 These services extend each other in a circle: a → b → a.',
    );
    expect(
      await found('services:\n  a: { image: x, extends: { service: b, file: ../other.yaml } }\n'),
    ).toContainEqual('error extends-outside 2 ../other.yaml lies outside the project.');
  });

  it.each([
    ['x-note: 1\n', 'error no-services 1 compose.yaml has no services.'],
    ['services: []\n', 'error no-services 1 services must be a mapping, not a list.'],
    ['services:\n', 'error no-services 1 services is empty.'],
    ['services:\n  a:\n', 'error service-empty 2 a must be a mapping, not nothing.'],
    ['just a text\n', 'error no-services 1 compose.yaml must be a mapping, not the text “just a text”.'],
    ['', 'error no-services 1 compose.yaml is empty.'],
  ])('tells what is missing in %j', async (text, message) => {
    expect(await found(text)).toContain(message);
  });

  it('follows merge keys', async () => {
    const { model, diagnostics } = await read(
      'x-base: &base { image: busybox, init: true, user: "1" }\nservices:\n  a: { <<: *base, user: "2" }\n',
    );
    expect(diagnostics).toEqual([]);
    expect(model?.services[0]).toMatchObject({ image: 'busybox', init: true, user: '2' });
  });

  it('fills in variables from .env only', async () => {
    process.env['FLOTILLA_SECRET'] = 'leaked';
    const text =
      'services:\n  a:\n    image: "busybox:${TAG:-1}"\n    command: "echo ${A:-${B}} $$HOME ${FLOTILLA_SECRET} ${C+set}"\n';
    const { model, diagnostics } = await read(text, { '.env': 'B="two words"\nC=\n' });
    delete process.env['FLOTILLA_SECRET'];
    expect(model?.services[0]).toMatchObject({
      image: 'busybox:1',
      command: ['echo', 'two', 'words', '$HOME', 'set'],
    });
    expect(diagnostics.map((diagnostic) => diagnostic.message)).toEqual([
      'The variable FLOTILLA_SECRET is not set; it counts as empty.',
    ]);
  });

  it('tells what must be set', async () => {
    expect(await found('services:\n  a: { image: "x:${TAG:?which one}" }\n')).toContainEqual(
      'error interpolation 2 TAG must be set: which one.',
    );
  });

  it('lays an override file over the first', async () => {
    const { model } = await read(
      'services:\n  a: { image: busybox, command: [a], environment: { X: 1 } }\n',
      { 'compose.override.yaml': 'services:\n  a: { command: [b], environment: [Y=2] }\n' },
    );
    expect(model?.services[0]).toMatchObject({ command: ['b'], environment: { X: '1', Y: '2' } });
  });
});

describe('any text', () => {
  const word = fc.constantFrom(
    'services',
    'a',
    'build',
    'image',
    'ports',
    'x-flotilla',
    '<<',
    '&a',
    '*a',
    ':',
    '- ',
    '\n',
    '  ',
    '{',
    '}',
    '[',
    ']',
    '"',
    "'",
    '#',
    '$',
    '${',
    '|',
    '.',
    '\t',
    '8080:80',
    'null',
    '!!js',
    '---',
    '\0',
    '\uFEFF',
  );
  const text = fc.array(fc.oneof(word, fc.string()), { maxLength: 60 }).map((parts) => parts.join(''));

  it('is read without throwing, as a compose file and as a Dockerfile', async () => {
    await fc.assert(
      fc.asyncProperty(text, text, async (compose, dockerfile) => {
        const { diagnostics } = await readProject(
          memoryProject({ 'compose.yaml': compose, Dockerfile: dockerfile }),
        );
        const other = await readProject(
          memoryProject({ 'compose.yaml': 'services:\n  a:\n    build: .\n', Dockerfile: dockerfile }),
        );
        for (const { range } of [...diagnostics, ...other.diagnostics])
          if (range !== undefined) expect(range.line).toBeGreaterThan(0);
      }),
      { numRuns: 300 },
    );
  });
});
