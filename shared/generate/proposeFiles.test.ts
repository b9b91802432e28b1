import { DockerfileParser } from 'dockerfile-ast';
import { validate } from 'dockerfile-utils';
import { describe, expect, it } from 'vitest';
import { memoryProject } from '../compose/memoryProject.ts';
import { readProject } from '../compose/readProject.ts';
import { diagnoseDockerfile } from '../dockerfile/diagnoseDockerfile.ts';
import type { GenerateProposal } from '../domain/Generate.ts';
import type { GenerateInput } from './GenerateInput.ts';
import { proposeFiles } from './proposeFiles.ts';
import { TEST_FOLDERS } from './testFolders.ts';
import { testScan } from './testScan.ts';

const propose = (files: Record<string, string>, change: Partial<GenerateInput> = {}): GenerateProposal =>
  proposeFiles({
    scan: testScan(files),
    composeFile: undefined,
    wanted: [],
    choices: {},
    finding: undefined,
    ...change,
  });

const folder = (name: string): Record<string, string> => {
  const files = TEST_FOLDERS[name];
  if (files === undefined) throw new Error(`There is no test folder “${name}”.`);
  return files;
};

const textOf = (proposal: GenerateProposal, path: string): string =>
  proposal.files.find((file) => file.path === path)?.text ?? '';

/** Errors and warnings of our own lint and of dockerfile-utils, with the lines they stand on. */
function complaints(dockerfile: string, paths: string[]): string[] {
  const lines = dockerfile.split('\n');
  const own = diagnoseDockerfile('Dockerfile', dockerfile, { hasIgnoreFile: true, contextPaths: paths })
    .filter(({ severity }) => severity !== 'info')
    .map(({ code, message, range }) => `${code}: ${message} ${lines[(range?.line ?? 1) - 1]}`);
  const others = validate(dockerfile).map(
    ({ code, range }) => `dockerfile-utils ${code}: ${lines[range.start.line]}`,
  );
  return [...own, ...others];
}

const CHOICES: [string, Record<string, string>][] = [
  ['as proposed', {}],
  ['without cache mounts, for AVX2', { cache: 'no', march: 'x86-64-v3' }],
  [
    'with packages, for the processor that builds, two CPUs',
    {
      'build-packages': 'pkg-config libfftw3-dev',
      'run-packages': 'libfftw3-double3',
      march: 'native',
      cpus: '2.5',
    },
  ],
];

describe.each(CHOICES)('proposeFiles, %s', (_, choices) => {
  it.each(Object.keys(TEST_FOLDERS))('%s: no complaint about Dockerfile and compose file', async (name) => {
    const files = folder(name);
    const proposal = propose(files, { choices });
    const dockerfile = textOf(proposal, 'Dockerfile');
    expect(complaints(dockerfile, Object.keys(files))).toEqual([]);
    expect(DockerfileParser.parse(dockerfile).getFROMs().length).toBeGreaterThan(0);
    expect(dockerfile).toMatch(/^ENTRYPOINT \["/m);
    expect(dockerfile).toMatch(/^USER app$/m);
    expect(dockerfile).toContain('org.opencontainers.image.title="project"');
    if (choices['cache'] === 'no') expect(dockerfile).not.toContain('--mount');
    for (const file of proposal.files) {
      const count = file.text.split('\n').length - 1;
      for (const { from, to } of file.notes) {
        expect(from).toBeGreaterThan(0);
        expect(to).toBeGreaterThanOrEqual(from);
        expect(to).toBeLessThanOrEqual(count);
      }
    }
    for (const choice of proposal.choices) expect(choice.explanation).not.toBe('');
    const read = await readProject(
      memoryProject({
        ...files,
        ...Object.fromEntries(proposal.files.map(({ path, text }) => [path, text])),
      }),
    );
    expect(
      read.diagnostics.filter(({ severity }) => severity !== 'info').map(({ message }) => message),
    ).toEqual([]);
    expect(read.dangers).toEqual([]);
    expect(
      read.model?.services.every((service) => service.init === true && service.roleSource === 'declared'),
    ).toBe(true);
  });
});

describe('proposeFiles', () => {
  it('gives a main and a worker a stage and a service each', async () => {
    const files = folder('python two parts');
    const proposal = propose(files);
    const read = await readProject(
      memoryProject({
        ...files,
        ...Object.fromEntries(proposal.files.map(({ path, text }) => [path, text])),
      }),
    );
    expect(
      read.model?.services.map(({ name, role, build, replicas, cpus, environment }) => ({
        name,
        role,
        target: build?.target,
        replicas,
        cpus,
        threads: environment['OMP_NUM_THREADS'],
      })),
    ).toEqual([
      { name: 'main', role: 'main', target: 'main', replicas: 1, cpus: 1, threads: '1' },
      { name: 'worker', role: 'worker', target: 'worker', replicas: 2, cpus: 1, threads: '1' },
    ]);
    expect(textOf(proposal, 'Dockerfile')).toMatch(
      /FROM runtime AS worker\nUSER app\nENTRYPOINT \["python3", "worker.py"\]/,
    );
    expect(textOf(propose(files, { choices: { worker: '' } }), 'Dockerfile')).not.toContain('AS worker');
  });

  it('copies lists of packages before sources', () => {
    for (const [name, list] of [
      ['python requirements', 'COPY requirements.txt ./'],
      ['python uv', 'COPY pyproject.toml uv.lock ./'],
      ['rust simple', 'COPY Cargo.toml Cargo.lock ./'],
      ['go module', 'COPY go.mod go.sum ./'],
      ['node npm', 'COPY package.json package-lock.json ./'],
      ['java maven', 'COPY pom.xml ./'],
      ['julia project', 'COPY Project.toml Manifest.toml ./'],
      ['r renv', 'COPY renv.lock ./'],
    ] as const) {
      const text = textOf(propose(folder(name)), 'Dockerfile');
      expect(text.indexOf(list), name).toBeGreaterThan(0);
      expect(
        text.search(/^COPY (--chown=app:app )?\. \.$|^COPY --from=build --chown=app:app \/app/m),
        name,
      ).toBeGreaterThan(text.indexOf(list));
    }
  });

  it('takes the version that the project asks for', () => {
    const base = (name: string): string | undefined =>
      /^FROM (\S+)/m.exec(textOf(propose(folder(name)), 'Dockerfile'))?.[1];
    expect(base('python pyproject setuptools')).toBe('python:3.11-slim-bookworm');
    expect(base('python uv')).toBe('python:3.13-slim-bookworm');
    expect(base('go module')).toBe('golang:1.22-bookworm');
    expect(base('rust simple')).toBe('rust:1.70-slim-bookworm');
    expect(base('node npm')).toBe('node:20-bookworm-slim');
    expect(base('java maven')).toBe('maven:3.9-eclipse-temurin-17');
    expect(base('r renv')).toBe('rocker/r-ver:4.3.1');
  });

  it('starts by mpirun only what speaks MPI, and tells of code for one processor', () => {
    const mixed = propose({
      'main.c': '#include <mpi.h>\nint main(int argc, char **argv) { MPI_Init(&argc, &argv); }\n',
      'worker.c': 'int main(void) { return 0; }\n',
      Makefile:
        'CFLAGS = -O3 -march=native\nall: main worker\nmain: main.c\n\tmpicc -o main main.c\nworker: worker.c\n',
    });
    const lines = textOf(mixed, 'Dockerfile').split('\n');
    expect(lines.filter((line) => line.startsWith('ENTRYPOINT'))).toEqual([
      'ENTRYPOINT ["mpirun", "-n", "2", "--oversubscribe", "main"]',
      'ENTRYPOINT ["worker"]',
    ]);
    expect(mixed.remarks).toContainEqual(expect.stringMatching(/^Makefile asks for -march=native: /));
    const plain = propose(folder('c mpi bare'));
    expect(plain.remarks.filter((remark) => remark.includes('native'))).toEqual([]);
  });

  it('prepares MPI, OpenMP and CUDA', () => {
    const mpi = propose(folder('c mpi bare'), { choices: { ranks: '8' } });
    expect(textOf(mpi, 'Dockerfile')).toContain('mpicc -O2 ring.c -o /out/ring -lm');
    expect(textOf(mpi, 'Dockerfile')).toContain(
      'ENTRYPOINT ["mpirun", "-n", "8", "--oversubscribe", "ring"]',
    );
    expect(textOf(mpi, 'compose.yaml')).toContain('shm_size: 512m');
    // A core for each rank.
    expect(textOf(mpi, 'compose.yaml')).toContain('cpus: "8"');
    const root = propose(folder('c mpi bare'), { choices: { user: 'root' } });
    expect(textOf(root, 'Dockerfile')).toContain('OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1');
    const openmp = propose(folder('fortran openmp'));
    expect(textOf(openmp, 'Dockerfile')).toContain('gfortran -O2 -fopenmp pi.f90');
    expect(textOf(openmp, 'compose.yaml')).toMatch(/cpus: "2"\n {4}environment:\n {6}OMP_NUM_THREADS: "2"/);
    const cuda = propose(folder('cuda cmake'));
    expect(textOf(cuda, 'Dockerfile')).toMatch(/^FROM nvidia\/cuda:[\d.]+-devel-/m);
    expect(textOf(cuda, 'compose.yaml')).toContain('capabilities: [gpu]');
    expect(
      textOf(propose(folder('cuda cmake'), { choices: { gpus: 'none' } }), 'compose.yaml'),
    ).not.toContain('gpu');
  });

  it('compiles Fortran modules before what uses them', () => {
    expect(textOf(propose(folder('fortran bare')), 'Dockerfile')).toContain(
      'gfortran -O2 kinds.f90 fields.f90 main.f90 -o /out/main',
    );
  });

  it('mounts data folders and keeps them out of the image, unless they hold code', () => {
    const proposal = propose(folder('python torch'));
    expect(textOf(proposal, '.dockerignore')).toMatch(/^data$/m);
    expect(textOf(proposal, 'compose.yaml')).toContain('"./data:/app/data:ro"');
    const copied = propose(folder('python torch'), { choices: { data: 'no' } });
    expect(textOf(copied, '.dockerignore')).not.toMatch(/^data$/m);
    expect(textOf(copied, 'compose.yaml')).not.toContain('volumes');
    const code = propose({ 'main.py': 'import data\n', 'data/loader.py': '', 'output/__init__.py': '' });
    expect(textOf(code, '.dockerignore')).not.toMatch(/^(data|output)$/m);
  });

  it('is empty where nothing is recognised, until a language is chosen', () => {
    const nothing = propose({ 'README.md': '' });
    expect(nothing).toMatchObject({ findings: [], chosen: undefined, files: [] });
    expect(nothing.choices.map(({ id }) => id)).toEqual(['language']);
    for (const { value } of nothing.choices[0]?.options ?? []) {
      if (value === '') continue;
      const proposal = propose({ 'README.md': '' }, { choices: { language: value } });
      expect(proposal.files.map(({ path }) => path)).toEqual(['Dockerfile', '.dockerignore', 'compose.yaml']);
      expect(complaints(textOf(proposal, 'Dockerfile'), ['README.md']), value).toEqual([]);
    }
  });

  it('writes for the context that the compose file names, with the stages it asks for', () => {
    const files = { 'compose.yaml': '', 'sim/main.py': '', 'sim/worker.py': '' };
    const proposal = propose(files, {
      composeFile: 'compose.yaml',
      wanted: [
        { context: 'sim', dockerfile: 'docker/Dockerfile', stages: ['lead', 'worker'], exists: false },
      ],
    });
    expect(proposal.files.map(({ path }) => path)).toEqual(['sim/docker/Dockerfile', 'sim/.dockerignore']);
    expect(textOf(proposal, 'sim/docker/Dockerfile')).toMatch(
      /AS lead\nUSER app\nENTRYPOINT \["python3", "main.py"\]/,
    );
    expect(textOf(proposal, 'sim/docker/Dockerfile')).toMatch(
      /AS worker\nUSER app\nENTRYPOINT \["python3", "worker.py"\]/,
    );
  });

  it('finds the program in a subfolder', () => {
    const files = {
      'README.md': '',
      'code/Makefile': 'solver: solver.c\n\tcc -o $@ $<\n',
      'code/solver.c': 'int main(void) { return 0; }',
    };
    const proposal = propose(files);
    expect(proposal.files.map(({ path }) => path)).toEqual([
      'code/Dockerfile',
      'code/.dockerignore',
      'compose.yaml',
    ]);
    expect(textOf(proposal, 'compose.yaml')).toContain('context: "./code"');
    expect(textOf(propose(files, { choices: { folder: '.' } }), 'Dockerfile')).toContain(
      'gcc -O2 code/solver.c',
    );
  });

  it('warns of a program that the folder does not hold, beside its field', () => {
    const warningOf = (files: Record<string, string>, choices: Record<string, string>) =>
      propose(files, { choices }).choices.find(({ id }) => id === 'entry')?.warning;
    const python = { 'main.py': 'print(1)\n', 'lib/tool.py': '' };
    expect(warningOf(python, {})).toBeUndefined();
    expect(warningOf(python, { entry: './lib/tool.py' })).toBeUndefined();
    expect(warningOf(python, { entry: 'mian.py' })).toBe(
      'There is no mian.py in this folder: the container could not start it.',
    );
    expect(warningOf({ 'README.md': '' }, { language: 'julia' })).toContain('There is no main.jl');
  });

  it('refuses choices that cannot be', () => {
    for (const choices of [
      { base: 'python:3.12 AS x' },
      { base: 'x\nRUN evil' },
      { version: '3.12; rm' },
      { entry: 'a b.py' },
      { cpus: '0' },
      { cpus: 'two' },
      { 'run-packages': 'curl && rm -rf /' },
    ])
      expect(() => propose(folder('python plain'), { choices }), JSON.stringify(choices)).toThrow(/“/);
    expect(
      textOf(
        propose(folder('python plain'), { choices: { user: 'somebody', constructor: 'x' } }),
        'Dockerfile',
      ),
    ).toContain('USER app');
  });

  it('keeps what a project calls itself from breaking out of its line', () => {
    const proposal = propose({
      'package.json': JSON.stringify({ description: 'a "b" $HOME \n RUN evil \\', main: 'x; rm -rf /.js' }),
      'index.js': '',
    });
    const text = textOf(proposal, 'Dockerfile');
    expect(text).toContain('description="a \\"b\\" \\$HOME RUN evil \\\\"');
    expect(text).toContain('ENTRYPOINT ["node", "index.js"]');
  });
});
