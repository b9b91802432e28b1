import { describe, expect, it } from 'vitest';
import { applyEdits } from './applyEdits.ts';
import { memoryProject } from './memoryProject.ts';
import { readProject } from './readProject.ts';
import { setRoleEdits } from './setRoleEdits.ts';

const FILES = {
  '.env': 'COMPOSE_PROFILES=gpu\nTAG=2\nPORT=9000\n',
  'compose.yaml': `include:
  - parts/store/compose.yaml
x-limits: &limits
  mem_limit: 512m
  cpus: 1.5
services:
  solver:
    <<: *limits
    extends: { file: common/base.yaml, service: base }
    image: solver:\${TAG:?set it}
    command: run --fast \${MODE:-all}
    depends_on: [store]
    volumes: ["./data:/data:ro"]
    environment: { A: one, B: two }
    ports: ["8080:80"]
  viewer:
    image: viewer
    profiles: [debug]
  trainer:
    image: trainer
    profiles: [gpu, tpu]
    deploy: { replicas: 3 }
`,
  'compose.override.yaml': `services:
  solver:
    environment: [B=three]
    ports: !override
      - "\${PORT}:80"
    container_name: the-solver
    x-flotilla: { role: worker }
    deploy:
      replicas: 2
`,
  'common/base.yaml': `services:
  base:
    user: "1000"
    env_file: base.env
    volumes: ["./shared:/shared"]
    environment: { BASE: 1 }
    labels: { from: base }
`,
  'common/base.env': 'FROM_FILE=yes\nA=file\n',
  'common/shared/x': '',
  'data/x': '',
  'parts/store/.env': 'VERSION=7\n',
  'parts/store/compose.yaml': `services:
  store:
    image: redis:\${VERSION}
    volumes: ["./conf:/conf", "data:/var/data"]
volumes: { data: }
`,
  'parts/store/conf/x': '',
};

const project = (changes: Record<string, string> = {}) => memoryProject({ ...FILES, ...changes });

async function found(files: ReturnType<typeof project>): Promise<string[]> {
  const { diagnostics } = await readProject(files);
  return diagnostics.map(
    ({ severity, code, file, range }) => `${severity} ${code} ${file}:${range?.line ?? '-'}`,
  );
}

/** The texts after the first fix of the finding with this code. */
async function fixed(files: ReturnType<typeof project>, code: string): Promise<Map<string, string>> {
  const { diagnostics } = await readProject(files);
  const fix = diagnostics.find((diagnostic) => diagnostic.code === code)?.fixes[0];
  const changed = new Map<string, string>();
  for (const file of new Set(fix?.edits.map((edit) => edit.file))) {
    expect(fix?.expect[file]).toBe(files.hash(files.texts.get(file) ?? ''));
    changed.set(
      file,
      applyEdits(files.texts.get(file) ?? '', fix?.edits.filter((edit) => edit.file === file) ?? []),
    );
  }
  return changed;
}

describe('a project of several files', () => {
  it('is read as docker compose reads it', async () => {
    const { model } = await readProject(project());
    expect(model?.composeFiles).toEqual(['compose.yaml', 'compose.override.yaml']);
    expect(model?.services.map(({ name }) => name)).toEqual(['solver', 'trainer', 'store']);
    expect(model?.services[0]).toMatchObject({
      image: 'solver:2',
      command: ['run', '--fast', 'all'],
      user: '1000',
      environment: { A: 'one', B: 'three', BASE: '1', FROM_FILE: 'yes' },
      ports: [{ hostPort: { first: 9000, last: 9000 }, containerPort: 80 }],
      mounts: [
        { kind: 'bind', source: './common/shared', target: '/shared' },
        { kind: 'bind', source: './data', target: '/data', readOnly: true },
      ],
      dependsOn: [{ service: 'store', condition: 'service_started', required: true }],
      replicas: 2,
      cpus: 1.5,
      memoryBytes: 512 * 1024 ** 2,
      labels: { from: 'base' },
      role: 'worker',
    });
    expect(model?.services[1]?.replicas).toBe(3);
    expect(model?.services[2]).toMatchObject({
      image: 'redis:7',
      mounts: [
        { kind: 'bind', source: './parts/store/conf', target: '/conf' },
        { kind: 'volume', source: 'data', target: '/var/data' },
      ],
    });
    expect(model?.volumes.map(({ name }) => name)).toEqual(['project_data']);
  });

  it('is told about where each value stands, in the words of the reader', async () => {
    expect(await found(project())).toEqual([
      'error fixed-host-port compose.override.yaml:5',
      'error container-name-blocks-scale compose.override.yaml:6',
      'info service-off compose.yaml:16',
    ]);
  });

  it('takes its values from .env, never from the environment of the application', async () => {
    process.env['TAG'] = 'leaked';
    process.env['COMPOSE_PROFILES'] = 'debug';
    const { model } = await readProject(project());
    delete process.env['TAG'];
    delete process.env['COMPOSE_PROFILES'];
    expect(model?.services.map(({ image }) => image)).toEqual(['solver:2', 'trainer', 'redis:7']);
  });

  it('takes the files that COMPOSE_FILE names', async () => {
    const { model } = await readProject(
      project({
        '.env': 'COMPOSE_FILE=parts/store/compose.yaml:more.yaml\nVERSION=8\n',
        'more.yaml': 'services: { store: { init: true } }\n',
      }),
    );
    expect(model?.composeFiles).toEqual(['parts/store/compose.yaml', 'more.yaml']);
    expect(model?.services).toMatchObject([{ name: 'store', image: 'redis:8', init: true }]);
  });

  it('tells which services are off, and that others wait for them', async () => {
    const { diagnostics, model } = await readProject(
      memoryProject({
        'compose.yaml':
          'services:\n  a: { image: a, depends_on: [b] }\n  b: { image: b, profiles: [x] }\n  c: { image: c, depends_on: { b: { required: false, condition: service_started } } }\n',
      }),
    );
    expect(diagnostics.map(({ code, message }) => [code, message])).toEqual([
      ['depends-on-missing', 'a depends on “b”, which is off by its profiles.'],
      ['service-off', 'b is not run: its profile (x) is off.'],
    ]);
    expect(model?.services.map(({ name }) => name)).toEqual(['a', 'c']);
  });

  it('shows the rest beside what docker compose would stop at', async () => {
    const { diagnostics, model } = await readProject(
      memoryProject({
        'compose.yaml':
          'include: [gone.yaml]\nservices:\n  a: { image: a, extends: nobody, user: "1" }\n  b: { image: b, prots: ["80:80"], hostname: "${X:?set it}" }\n',
        'docker-compose.yml': 'services: {}\n',
      }),
    );
    expect(diagnostics.map(({ severity, code, file, range }) => [severity, code, file, range?.line])).toEqual(
      [
        ['error', 'include-missing', 'compose.yaml', 1],
        ['error', 'extends-missing', 'compose.yaml', 3],
        ['error', 'unknown-key', 'compose.yaml', 4],
        ['error', 'interpolation', 'compose.yaml', 4],
        ['warning', 'several-compose-files', 'docker-compose.yml', undefined],
      ],
    );
    expect(model?.services).toMatchObject([
      { name: 'a', image: 'a', user: '1' },
      { name: 'b', image: 'b' },
    ]);
  });

  it.each([
    [
      'extends',
      { 'compose.yaml': 'services: { a: { image: a, extends: { file: ../x.yaml, service: b } } }\n' },
    ],
    ['include', { 'compose.yaml': 'include: [../x.yaml]\nservices: { a: { image: a } }\n' }],
    ['env-file', { 'compose.yaml': 'services: { a: { image: a, env_file: /etc/passwd } }\n' }],
  ])('reads nothing outside of its folder by %s', async (by, files) => {
    const other = { '../x.yaml': 'services: { b: { user: leaked } }\n', '/etc/passwd': 'LEAKED=1\n' };
    const { diagnostics, model } = await readProject(memoryProject({ ...files, ...other }));
    expect(diagnostics.map(({ code }) => code)).toEqual([`${by}-outside`]);
    expect(JSON.stringify(model)).not.toMatch(/leaked/i);
  });
});

describe('a named volume that stands for a folder', () => {
  const of = async (device: string, o = 'bind') =>
    (
      await readProject(
        memoryProject({
          'compose.yaml': `services: { a: { image: a, volumes: ["data:/d"] } }\nvolumes: { data: { driver: local, driver_opts: { type: none, o: ${o}, device: ${device} } } }\n`,
        }),
      )
    ).dangers.map(({ kind, value }) => `${kind} ${value}`);

  it('needs consent where it lies outside of the project', async () => {
    expect(await of('/')).toEqual(['volume /']);
    expect(await of('../x')).toEqual(['volume ../x']);
    expect(await of('/etc', '"rw,bind"')).toEqual(['volume /etc']);
    expect(await of('./data')).toEqual([]);
    expect(await of('/dev/sdb', 'uid=5')).toEqual(['volume /dev/sdb']);
    expect(await of('":/shared"', 'addr=10.0.0.1')).toEqual([]);
    expect(await of('tmpfs', 'size=1m')).toEqual([]);
  });
});

describe('fixes of a project of several files', () => {
  const web = (lines: string) => `services:\n  web:\n${lines.replaceAll(/^/gm, '    ')}\n`;

  it('edit the override file that publishes the port', async () => {
    const changed = await fixed(project(), 'fixed-host-port');
    expect([...changed.keys()]).toEqual(['compose.override.yaml']);
    expect(changed.get('compose.override.yaml')).toBe(
      FILES['compose.override.yaml'].replace('"${PORT}:80"', '"80"'),
    );
  });

  it('edit the file that is included', async () => {
    const files = project({
      'parts/store/compose.yaml': FILES['parts/store/compose.yaml'].replace(
        '    image',
        '    hostnam: a\n    image',
      ),
    });
    const changed = await fixed(files, 'unknown-key');
    expect([...changed.keys()]).toEqual(['parts/store/compose.yaml']);
    expect(changed.get('parts/store/compose.yaml')).toContain('    hostname: a\n');
  });

  it('edit the service that is extended', async () => {
    const base = 'services:\n  base:\n    container_name: one\n    image: a\n';
    const changed = await fixed(
      memoryProject({
        'base.yaml': base,
        'compose.yaml': web('extends: { file: base.yaml, service: base }\nscale: 2'),
      }),
      'container-name-blocks-scale',
    );
    expect(changed).toEqual(new Map([['base.yaml', 'services:\n  base:\n    image: a\n']]));
  });

  it('take a port of the first file out and leave those of the override', async () => {
    const files = memoryProject({
      'compose.yaml': web('image: a\nscale: 2\nports:\n  - "81:81"\n  - "82:82"'),
      'compose.override.yaml': web('ports:\n  - target: 90\n    published: 90'),
    });
    const { diagnostics } = await readProject(files);
    const results = diagnostics.map(({ fixes }) => {
      const fix = fixes.find(({ id }) => id === 'remove-port');
      const [edit] = fix?.edits ?? [];
      return [edit?.file, applyEdits(files.texts.get(edit?.file ?? '') ?? '', fix?.edits ?? [])];
    });
    expect(results).toEqual([
      // The only one of its file goes with the key.
      ['compose.override.yaml', 'services:\n  web:\n'],
      ['compose.yaml', web('image: a\nscale: 2\nports:\n  - "82:82"')],
      ['compose.yaml', web('image: a\nscale: 2\nports:\n  - "81:81"')],
    ]);
  });

  it.each([
    ['ports:\n  - "81:81"', ''],
    ['ports:\n  # why\n  - "81:81"\nuser: "1"', '\nuser: "1"'],
    ['user: "1"\nports: ["81:81"]', '\nuser: "1"\nports: []'],
  ])('leave no list of the first file that is nothing: %j', async (lines, left) => {
    const files = memoryProject({
      'compose.yaml': web(`image: a\nscale: 2\n${lines}`),
      'compose.override.yaml': web('ports:\n  - "90:90"'),
    });
    const { diagnostics } = await readProject(files);
    const fix = diagnostics
      .find(({ file }) => file === 'compose.yaml')
      ?.fixes.find(({ id }) => id === 'remove-port');
    expect(applyEdits(files.texts.get('compose.yaml') ?? '', fix?.edits ?? [])).toBe(
      web(`image: a\nscale: 2${left}`),
    );
  });

  it('take a variable out of a mapping with its key', async () => {
    const changed = await fixed(
      memoryProject({
        Dockerfile: 'FROM busybox:1.36\n',
        'compose.yaml': web('build: .\nenvironment:\n  KEEP: 1\n  OLD_URL: http://gone:80/'),
        'compose.override.yaml': web('environment:\n  MORE: 2'),
      }),
      'unused-variable',
    );
    expect(changed).toEqual(new Map([['compose.yaml', web('build: .\nenvironment:\n  KEEP: 1')]]));
  });

  it('name a target where the build is written, short or long', async () => {
    const Dockerfile = 'FROM busybox:1.36 AS web\nCMD ["a"]\n\nFROM busybox:1.36 AS other\nCMD ["b"]\n';
    for (const [build, wanted] of [
      ['build: .', 'build:\n  context: .\n  target: web'],
      ['build:\n  dockerfile: Dockerfile', 'build:\n  dockerfile: Dockerfile\n  target: web'],
      ['build: { context: . }', 'build: { context: ., target: web }'],
    ] as const) {
      const changed = await fixed(
        memoryProject({ Dockerfile, 'compose.yaml': web(build) }),
        'ambiguous-build-target',
      );
      expect(changed.get('compose.yaml')?.trimEnd()).toBe(web(wanted).trimEnd());
    }
  });
});

describe('setRoleEdits', () => {
  const after = async (files: ReturnType<typeof project>, service: string) => {
    const { edits, expect: hashes } = await setRoleEdits(files, service, 'main');
    const [edit] = edits;
    expect(Object.keys(hashes)).toEqual([edit?.file]);
    files.texts.set(edit?.file ?? '', applyEdits(files.texts.get(edit?.file ?? '') ?? '', edits));
    const { model } = await readProject(files);
    expect(model?.services.find(({ name }) => name === service)).toMatchObject({
      role: 'main',
      roleSource: 'declared',
    });
    return edit?.file;
  };

  it('writes where the role is said, where the service stands, never into what it extends', async () => {
    expect(await after(project(), 'solver')).toBe('compose.override.yaml');
    expect(await after(project(), 'trainer')).toBe('compose.yaml');
    expect(await after(project(), 'store')).toBe('parts/store/compose.yaml');
    const both = memoryProject({
      'compose.yaml': 'services:\n  a:\n    image: a\n',
      'compose.override.yaml': 'services:\n  a:\n    user: "1"\n',
    });
    expect(await after(both, 'a')).toBe('compose.yaml');
    const extending = memoryProject({
      'base.yaml': 'services: { base: { image: a, x-flotilla: { role: worker } } }\n',
      'compose.yaml': 'services:\n  a:\n    extends: { file: base.yaml, service: base }\n',
    });
    expect(await after(extending, 'a')).toBe('compose.yaml');
  });
});
