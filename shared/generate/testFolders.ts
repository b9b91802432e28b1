/** For tests only: small project folders of every kind that is recognised, by name. */
export const TEST_FOLDERS: Record<string, Record<string, string>> = {
  'python plain': { 'main.py': 'if __name__ == "__main__":\n    print("hello")\n' },
  'python two parts': { 'main.py': 'print("main")\n', 'worker.py': 'print("worker")\n' },
  'python requirements': { 'requirements.txt': 'numpy==2.1.0\nscipy\n', 'simulate.py': 'import numpy\n' },
  'python pyproject setuptools': {
    'pyproject.toml':
      '[build-system]\nrequires = ["setuptools"]\nbuild-backend = "setuptools.build_meta"\n[project]\nname = "heat"\nrequires-python = ">=3.10,<3.12"\ndependencies = [\n  "numpy", # arrays\n]\n[project.scripts]\nheat = "heat.cli:main"\n',
    'heat/__init__.py': '',
    'heat/cli.py': 'def main(): ...\n',
  },
  'python pyproject hatch': {
    'pyproject.toml':
      '[build-system]\nrequires = ["hatchling"]\nbuild-backend = "hatchling.build"\n[project]\nname = "wave"\ndynamic = ["dependencies"]\n',
    'src/wave/__main__.py': 'print(1)\n',
  },
  'python poetry': {
    'pyproject.toml':
      '[tool.poetry]\nname = "x"\n[tool.poetry.dependencies]\npython = "^3.11"\n[tool.poetry.scripts]\nsolve = "x.cli:main"\n',
    'poetry.lock': '',
    'x/cli.py': 'def main(): ...\n',
  },
  'python uv': {
    'pyproject.toml': '[project]\nname = "x"\nrequires-python = ">=3.13"\ndependencies = []\n',
    'uv.lock': '',
    'main.py': 'print(1)\n',
  },
  'python uv package': {
    'pyproject.toml':
      '[project]\nname = "x"\ndependencies = []\n[project.scripts]\nx = "x:main"\n[build-system]\nrequires = ["uv_build"]\n[tool.uv]\n',
    'src/x/__init__.py': 'def main(): ...\n',
  },
  'python setup.py': {
    'setup.py':
      'from setuptools import setup\nsetup(name="old", entry_points={"console_scripts": ["old=old.run:main"]})\n',
    'old/run.py': 'def main(): ...\n',
    'requirements.txt': 'numpy\n',
  },
  'python pipenv': { Pipfile: '[packages]\nnumpy = "*"\n', 'Pipfile.lock': '{}', 'app.py': 'print(1)\n' },
  'python conda': {
    'environment.yml': 'name: sim\ndependencies:\n  - python=3.11\n  - numpy\n  - mpi4py\n',
    'run.py': 'from mpi4py import MPI\n',
  },
  'python mpi': {
    'requirements.txt': 'mpi4py\nnumpy\n',
    'main.py': 'from mpi4py import MPI\nprint(MPI.COMM_WORLD.rank)\n',
  },
  'python torch': { 'requirements.txt': 'torch==2.5.1\n', 'train.py': 'import torch\n', 'data/': '' },
  'python cupy': { 'requirements.txt': 'cupy-cuda12x\n', 'main.py': 'import cupy\n' },
  'c bare': { 'heat.c': '#include <stdio.h>\nint main(void) { return 0; }\n' },
  'c openmp make': {
    Makefile:
      'CC = gcc\nTARGET = heat\nall: $(TARGET)\n$(TARGET): heat.o\n\t$(CC) -fopenmp -o $@ $^\nclean:\n\trm -f *.o\n',
    'heat.c': '#include <omp.h>\nint main(void) {\n#pragma omp parallel\n{ }\nreturn 0; }\n',
  },
  'c mpi bare': {
    'ring.c': '#include <mpi.h>\nint main(int argc, char **argv) { MPI_Init(&argc, &argv); }\n',
  },
  'c two parts': {
    'src/master.c': 'int main(void) { return 0; }\n',
    'src/worker.c': 'int main() { return 0; }\n',
    'src/shared.c': 'int f(void) { return 1; }\n',
    'include/shared.h': 'int f(void);\n',
  },
  'cpp cmake': {
    'CMakeLists.txt':
      'cmake_minimum_required(VERSION 3.20)\nproject(lattice CXX)\nadd_executable(${PROJECT_NAME} main.cpp) # the solver\nadd_executable(lattice_tests test.cpp)\n',
    'main.cpp': 'int main() {}\n',
    'test.cpp': 'int main() {}\n',
  },
  'cpp cmake mpi openmp': {
    'CMakeLists.txt':
      'project(x CXX)\nfind_package(MPI REQUIRED)\nfind_package(OpenMP REQUIRED)\nadd_executable(solver src/main.cpp)\n',
    'src/main.cpp': '#include <mpi.h>\nint main() {}\n',
  },
  'cpp meson': {
    'meson.build': "project('m', 'cpp')\nexecutable('sim', 'main.cpp', dependencies: dependency('openmp'))\n",
    'main.cpp': 'int main() {}\n',
  },
  'cuda cmake': {
    'CMakeLists.txt':
      'project(k LANGUAGES CXX CUDA)\nfind_package(CUDAToolkit)\nadd_executable(kernel kernel.cu)\n',
    'kernel.cu': '__global__ void f() {}\nint main() { cudaMalloc(0, 0); }\n',
  },
  'cuda bare': { 'saxpy.cu': 'int main() { return 0; }\n' },
  'fortran bare': {
    'main.f90': 'program main\n  use fields\n  print *, "x"\nend program\n',
    'fields.f90': 'module fields\n  use kinds\nend module\n',
    'kinds.f90': 'module kinds\nend module\n',
  },
  'fortran mpi make': {
    Makefile: 'FC=mpifort\nsolver: solver.f90\n\t$(FC) -O2 -o solver solver.f90\n',
    'solver.f90': 'program solver\n  use mpi_f08\nend program\n',
  },
  'fortran openmp': { 'pi.f90': 'program pi\n!$omp parallel do\nend program\n' },
  'julia project': {
    'Project.toml': 'name = "Wave"\n[deps]\nMPI = "da04e1cc"\n[compat]\njulia = "1.10"\n',
    'Manifest.toml': '',
    'main.jl': 'using MPI\n',
    'src/Wave.jl': 'module Wave\nend\n',
  },
  'julia plain': { 'run.jl': 'println(Threads.nthreads())\n' },
  'r plain': { 'analysis.R': 'library(dplyr)\nggplot2::ggplot()\n' },
  'r nothing to install': { 'main.R': 'cat(mean(c(1, 2, 3)), "\\n")\n' },
  'r renv': { 'renv.lock': '{"R": {"Version": "4.3.1", "Repositories": []}}', 'main.R': '1\n' },
  'r description': { DESCRIPTION: 'Package: sims\nImports: Rcpp\n', 'R/f.R': 'f <- 1\n', 'run.R': '1\n' },
  'rust simple': {
    'Cargo.toml':
      '[package]\nname = "nbody"\nversion = "0.1.0"\nrust-version = "1.70"\n[dependencies]\nrayon = "1"\n',
    'Cargo.lock': '',
    'src/main.rs': 'fn main() {}\n',
  },
  'rust workspace': {
    'Cargo.toml': '[workspace]\nmembers = ["master", "worker"]\n',
    'master/Cargo.toml': '[package]\nname = "master"\n',
    'master/src/main.rs': 'fn main() {}\n',
    'worker/Cargo.toml': '[package]\nname = "worker"\n',
    'worker/src/main.rs': 'fn main() {}\n',
  },
  'rust binaries': {
    'Cargo.toml': '[package]\nname = "x"\n[[bin]]\nname = "solve"\npath = "a.rs"\n',
    'Cargo.lock': '',
    'a.rs': 'fn main() {}\n',
    'src/bin/worker.rs': 'fn main() {}\n',
  },
  'go module': {
    'go.mod': 'module example.org/mc/v2\n\ngo 1.22\n\nrequire golang.org/x/sync v0.7.0\n',
    'go.sum': '',
    'main.go': 'package main\nfunc main() {}\n',
  },
  'go commands': {
    'go.mod': 'module grid\n\ngo 1.22\n',
    'cmd/coordinator/main.go': 'package main\nfunc main() {}\n',
    'cmd/worker/main.go': 'package main\nfunc main() {}\n',
  },
  'go plain': { 'main.go': 'package main\nfunc main() {}\n' },
  'node npm': {
    'package.json':
      '{"name":"j","scripts":{"start":"node server.js","build":"tsc"},"dependencies":{"ws":"8"},"engines":{"node":">=20"}}',
    'package-lock.json': '{}',
    'server.js': '',
  },
  'node pnpm': {
    'package.json': '{"main":"./lib/run.js","dependencies":{"a":"1"}}',
    'pnpm-lock.yaml': '',
    'lib/run.js': '',
  },
  'node yarn': { 'package.json': '{"dependencies":{"a":"1"}}', 'yarn.lock': '', 'index.js': '' },
  'node nothing to install': { 'package.json': '{"type":"module"}', 'main.js': '', 'worker.js': '' },
  'java maven': {
    'pom.xml':
      '<project><properties><maven.compiler.release>17</maven.compiler.release></properties></project>',
    'src/main/java/org/sim/Main.java':
      'package org.sim;\npublic class Main { public static void main(String[] a) {} }\n',
  },
  'java gradle': {
    'build.gradle': "application { mainClass = 'org.sim.App' }\n",
    gradlew: '',
    'src/main/java/org/sim/App.java': '',
  },
  'java plain': { 'Main.java': 'public class Main { public static void main(String[] args) {} }\n' },
};
