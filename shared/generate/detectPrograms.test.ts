import { describe, expect, it } from 'vitest';
import { detectPrograms } from './detectPrograms.ts';
import { testScan } from './testScan.ts';
import { TEST_FOLDERS } from './testFolders.ts';

/** `kind tool uses, entry`: what the surest finding says of each folder. */
const EXPECTED: Record<string, string> = {
  'python plain': 'python none, main.py',
  'python two parts': 'python none, main.py worker.py',
  'python requirements': 'python pip, simulate.py',
  'python pyproject setuptools': 'python pyproject, script:heat heat/cli.py',
  'python pyproject hatch': 'python pyproject, src/wave/__main__.py',
  'python poetry': 'python poetry, script:solve x/cli.py',
  'python uv': 'python uv, main.py',
  'python uv package': 'python uv, script:x',
  'python setup.py': 'python pip, old/run.py',
  'python pipenv': 'python pipenv, app.py',
  'python conda': 'python conda mpi, run.py',
  'python mpi': 'python pip mpi, main.py',
  'python torch': 'python pip cuda, train.py',
  'python cupy': 'python pip cuda, main.py',
  'c bare': 'c compiler, heat.c',
  'c openmp make': 'c make openmp, heat',
  'c mpi bare': 'c compiler mpi, ring.c',
  'c two parts': 'c compiler, src/master.c src/worker.c',
  'cpp cmake': 'cpp cmake, lattice lattice_tests',
  'cpp cmake mpi openmp': 'cpp cmake mpi openmp, solver',
  'cpp meson': 'cpp meson openmp, sim',
  'cuda cmake': 'cpp cmake cuda, kernel',
  'cuda bare': 'cpp compiler cuda, saxpy.cu',
  'fortran bare': 'fortran compiler, main.f90',
  'fortran mpi make': 'fortran make mpi, solver',
  'fortran openmp': 'fortran compiler openmp, pi.f90',
  'julia project': 'julia pkg mpi, main.jl src/Wave.jl',
  'julia plain': 'julia none, run.jl',
  'r plain': 'r none, analysis.R',
  'r nothing to install': 'r none, main.R',
  'r renv': 'r renv, main.R',
  'r description': 'r description, run.R R/f.R',
  'rust simple': 'rust cargo, nbody',
  'rust workspace': 'rust cargo, master worker',
  'rust binaries': 'rust cargo, solve worker',
  'go module': 'go modules, .',
  'go commands': 'go modules, ./cmd/coordinator ./cmd/worker',
  'go plain': 'go none, .',
  'node npm': 'node npm, server.js',
  'node pnpm': 'node pnpm, lib/run.js',
  'node yarn': 'node yarn, index.js',
  'node nothing to install': 'node npm, main.js worker.js',
  'java maven': 'java maven, org.sim.Main',
  'java gradle': 'java gradle, org.sim.App',
  'java plain': 'java javac, Main',
};

describe('detectPrograms', () => {
  it.each(Object.keys(TEST_FOLDERS))('%s', (name) => {
    const [surest] = detectPrograms(testScan(TEST_FOLDERS[name] ?? {}));
    const { finding, entries } = surest ?? { finding: undefined, entries: [] };
    expect(
      `${[finding?.kind, finding?.tool, ...(finding?.uses ?? [])].join(' ')}, ${entries.map(({ id }) => id).join(' ')}`,
    ).toBe(EXPECTED[name]);
    expect(finding?.evidence.length).toBeGreaterThan(0);
    expect(finding?.reason).toMatch(/^[^\n]+\.$/);
  });

  it.each([
    ['an empty folder', {}],
    [
      'a folder of texts and pictures',
      { 'README.md': 'import numpy', 'figures/a.png': '', 'notes.txt': 'int main()' },
    ],
    ['a header alone', { 'a.h': '#include <mpi.h>' }],
    ['a Makefile that compiles nothing', { Makefile: 'all:\n\tpandoc a.md\n', 'a.md': '' }],
  ])('finds nothing in %s', (_, files) => {
    expect(detectPrograms(testScan(files))).toEqual([]);
  });

  it('does not break on manifests that are none', () => {
    const garbage = '[[[ = "\n{"a": [,\n\u0000';
    const files = Object.fromEntries(
      [
        'pyproject.toml',
        'Cargo.toml',
        'package.json',
        'Project.toml',
        'go.mod',
        'pom.xml',
        'CMakeLists.txt',
        'Makefile',
        'meson.build',
        'renv.lock',
        'x.c',
        'x.go',
        'x.R',
        'x.py',
      ].map((name) => [name, garbage]),
    );
    expect(() => detectPrograms(testScan(files))).not.toThrow();
    expect(
      detectPrograms(testScan({ 'package.json': '{', 'constructor.py': '', '__proto__.py': '' }))[0]?.finding
        .kind,
    ).toBe('python');
  });

  it('tells tools in package.json from a program, and puts the program before them', () => {
    const found = detectPrograms(
      testScan({ 'package.json': '{"devDependencies":{"prettier":"3"}}', 'main.py': 'print(1)' }),
    );
    expect(found.map(({ finding }) => finding.kind)).toEqual(['python', 'node']);
  });

  it('offers the compiler after the build file of the same sources', () => {
    const found = detectPrograms(testScan(TEST_FOLDERS['cpp cmake'] ?? {}));
    expect(found.map(({ finding }) => finding.tool)).toEqual(['cmake', 'compiler']);
  });
});
