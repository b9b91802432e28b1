import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { loadToolchainImages, TOOLCHAIN_IMAGES, whyNoToolchain } from '../../../e2e/lab/toolchainImages.ts';
import { startTestCore, type TestCore, testHost } from '../testCore.ts';

const run = promisify(execFile);

interface Case {
  files: Record<string, string>;
  choices: Record<string, string>;
  /** What each image prints; the key is a stage, or `` for the only image. */
  prints: Record<string, RegExp>;
  /** Built without BuildKit. */
  classic?: boolean;
}

const { debian, python, go, rust, node, r } = TOOLCHAIN_IMAGES;
/** Packages are in the lab image already: apt has no network there. */
const WITHOUT_APT = { 'build-packages': '', 'run-packages': '' };
const compiled = { 'build-base': debian, base: debian, ...WITHOUT_APT };

const CASES: Record<string, Case> = {
  'Python, a main and a worker': {
    files: {
      'main.py': 'import os\nprint("main", os.getuid(), os.access(".", os.W_OK))\n',
      'worker.py': 'import sys\nprint("worker", sys.argv[1:])\n',
    },
    choices: { base: python, ...WITHOUT_APT },
    prints: { main: /^main 10001 True$/m, worker: /^worker \['x'\]$/m },
  },
  'Python with requirements.txt': {
    files: {
      'requirements.txt': '# nothing that needs a network\n',
      'run.py': 'import sys\nprint("prefix", sys.prefix)\n',
    },
    choices: { base: python, ...WITHOUT_APT },
    prints: { '': /^prefix \/opt\/venv$/m },
  },
  'C with OpenMP, by the compiler': {
    files: {
      'src/main.c':
        '#include <stdio.h>\n#include <omp.h>\nint twice(int);\nint main(void) {\n  int n = 0;\n#pragma omp parallel reduction(+ : n) num_threads(3)\n  n += 1;\n  printf("threads %d\\n", twice(n));\n  return 0;\n}\n',
      'src/twice.c': '#include "twice.h"\nint twice(int n) { return 2 * n; }\n',
      'include/twice.h': 'int twice(int n);\n',
    },
    choices: { ...compiled, march: 'native' },
    prints: { '': /^threads 6$/m },
  },
  'C by Make, without cache mounts, on the classic builder': {
    files: {
      Makefile:
        'TARGET = heat\nCFLAGS ?= -O1\nall: $(TARGET)\n$(TARGET): heat.o\n\t$(CC) -o $@ $^\nclean:\n\trm -f *.o\n',
      'heat.c': '#include <stdio.h>\nint main(void) { puts("warm"); return 0; }\n',
    },
    choices: { ...compiled, cache: 'no' },
    prints: { '': /^warm$/m },
    classic: true,
  },
  'C with MPI, by the compiler': {
    files: {
      'ring.c':
        '#include <mpi.h>\n#include <stdio.h>\nint main(int argc, char **argv) {\n  int rank, sum;\n  MPI_Init(&argc, &argv);\n  MPI_Comm_rank(MPI_COMM_WORLD, &rank);\n  MPI_Reduce(&rank, &sum, 1, MPI_INT, MPI_SUM, 0, MPI_COMM_WORLD);\n  if (rank == 0) printf("sum %d\\n", sum);\n  MPI_Finalize();\n  return 0;\n}\n',
    },
    choices: { ...compiled, ranks: '3' },
    prints: { '': /^sum 3$/m },
  },
  'C++ by CMake': {
    files: {
      'CMakeLists.txt':
        'cmake_minimum_required(VERSION 3.16)\nproject(lattice CXX)\nadd_executable(${PROJECT_NAME} main.cpp)\nadd_executable(worker worker.cpp)\n',
      'main.cpp': '#include <iostream>\nint main() { std::cout << "lattice\\n"; }\n',
      'worker.cpp': '#include <iostream>\nint main() { std::cout << "works\\n"; }\n',
    },
    choices: { ...compiled, entry: 'lattice', worker: 'worker' },
    prints: { main: /^lattice$/m, worker: /^works$/m },
  },
  'C++ by Meson': {
    files: {
      'meson.build': "project('m', 'cpp')\nexecutable('sim', 'main.cpp')\n",
      'main.cpp': '#include <cstdio>\nint main() { std::puts("meson"); }\n',
    },
    choices: compiled,
    prints: { '': /^meson$/m },
  },
  'Fortran with modules and OpenMP': {
    files: {
      'main.f90':
        'program main\n  use numbers\n  implicit none\n  integer :: i, n\n  n = 0\n  !$omp parallel do reduction(+:n)\n  do i = 1, ten\n    n = n + i\n  end do\n  print "(a,i0)", "sum ", n\nend program\n',
      'numbers.f90': 'module numbers\n  use kinds\n  integer(k), parameter :: ten = 10\nend module\n',
      'kinds.f90': 'module kinds\n  integer, parameter :: k = 4\nend module\n',
    },
    choices: compiled,
    prints: { '': /^sum 55$/m },
  },
  'Fortran with MPI by Make': {
    files: {
      Makefile: 'FC = mpifort\nsolver: solver.f90\n\t$(FC) -o solver solver.f90\n',
      'solver.f90':
        'program solver\n  use mpi\n  implicit none\n  integer :: ierr, n\n  call MPI_Init(ierr)\n  call MPI_Comm_size(MPI_COMM_WORLD, n, ierr)\n  print "(a,i0)", "ranks ", n\n  call MPI_Finalize(ierr)\nend program\n',
    },
    choices: { ...compiled, ranks: '2' },
    prints: { '': /^ranks 2$/m },
  },
  Rust: {
    files: {
      'Cargo.toml': '[package]\nname = "nbody"\nversion = "0.1.0"\nedition = "2021"\n',
      'Cargo.lock': 'version = 3\n\n[[package]]\nname = "nbody"\nversion = "0.1.0"\n',
      'src/main.rs': 'fn main() { println!("bodies {}", 3); }\n',
    },
    choices: { 'build-base': rust, base: debian, ...WITHOUT_APT },
    prints: { '': /^bodies 3$/m },
  },
  'Go, two commands': {
    files: {
      'go.mod': 'module grid\n\ngo 1.19\n',
      'cmd/coordinator/main.go': 'package main\n\nfunc main() { println("leads") }\n',
      'cmd/worker/main.go': 'package main\n\nfunc main() { println("works") }\n',
    },
    choices: { 'build-base': go, base: debian, ...WITHOUT_APT },
    prints: { main: /^leads$/m, worker: /^works$/m },
  },
  Node: {
    files: {
      'package.json': '{"type":"module","scripts":{"start":"node main.js"}}',
      'main.js': 'console.log("node", process.env.NODE_ENV);\n',
    },
    choices: { base: node, ...WITHOUT_APT },
    prints: { '': /^node production$/m },
  },
  R: {
    files: { 'main.R': 'cat("mean", mean(c(1, 2, 3)), "\\n")\n' },
    choices: { base: r, ...WITHOUT_APT },
    prints: { '': /^mean 2/m },
  },
};

const NOT_BUILT = [
  'Python with conda: needs its package channels',
  'Python with uv, Poetry, pipenv or a package of its own: need PyPI',
  'Packages from PyPI, npm (also yarn, pnpm), CRAN, crates.io and Go modules: need their registries; programs without any are built',
  'CUDA: needs NVIDIA’s images and a GPU',
  'Julia: not in Debian 12',
  'Java: the JDK is too heavy for the lab image, and Maven and Gradle need their repositories',
  'ccache and every apt line: need Debian’s packages over the network',
];

const whyNot = whyNoToolchain();
if (whyNot !== undefined) console.log(`generated Dockerfiles: not built: ${whyNot}`);

describe.skipIf(whyNot !== undefined)('generated Dockerfiles', () => {
  let test: TestCore;
  const images: string[] = [];
  const docker = (...args: string[]) => run('docker', ['-H', testHost(), ...args]);

  beforeAll(async () => {
    loadToolchainImages(testHost());
    test = await startTestCore();
  }, 900_000);
  afterAll(async () => {
    await test.dispose();
    await docker('rmi', '-f', ...images, ...Object.values(TOOLCHAIN_IMAGES)).catch(() => undefined);
    console.log(
      `Templates that are linted, not built:\n${NOT_BUILT.map((line) => `  not built: ${line}`).join('\n')}`,
    );
  });

  it.concurrent.each(Object.entries(CASES))(
    '%s: built, and runs without rights',
    async (name, { files, choices, prints, classic }) => {
      const { core } = test;
      const slug = `template-${name.toLowerCase().replaceAll(/[^a-z]+/g, '-')}`;
      const app = await core.apps.open(test.project(slug, files));
      const proposal = await core.generate.propose(app.id, { choices });
      const view = await core.generate.write(app.id, proposal.files);
      expect(view.diagnostics).toEqual([]);
      for (const [stage, printed] of Object.entries(prints)) {
        const image = `${slug}${stage}`;
        images.push(image);
        const build = await core.builds.wait(
          core.builds.start({
            appId: app.id,
            service: stage,
            tag: image,
            projectRoot: test.project(slug, {}),
            build: {
              context: '.',
              dockerfile: 'Dockerfile',
              target: stage === '' ? undefined : stage,
              args: {},
            },
            labels: {},
            noCache: false,
            builder: classic === true ? 'classic' : 'buildkit',
          }).id,
        );
        const output = core.builds.output(build.id).lines.map(({ text }) => text);
        expect(build.state, `${JSON.stringify(build.error)}\n${output.slice(-20).join('\n')}`).toBe(
          'succeeded',
        );
        // Its log is read, not what `run` shows: a busy engine lets that go when a program is over at once.
        const id = (await docker('run', '--detach', '--init', '--network', 'none', image, 'x')).stdout.trim();
        await docker('wait', id);
        const said = async (): Promise<string> => {
          const { stdout, stderr } = await docker('logs', id);
          return stdout + stderr;
        };
        await vi.waitFor(async () => expect(await said()).toMatch(printed), { timeout: 10_000 });
        await docker('rm', id);
        const { stdout: user } = await docker('image', 'inspect', '--format', '{{.Config.User}}', image);
        expect(user.trim()).toBe('app');
      }
    },
    300_000,
  );
});
