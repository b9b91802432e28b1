import { depthOf, fileName } from './FolderScan.ts';

/** Manifests and lists that say by their content what a folder holds. */
const MANIFESTS = new Set(
  [
    'requirements.txt',
    'pyproject.toml',
    'setup.py',
    'setup.cfg',
    'Pipfile',
    'environment.yml',
    'environment.yaml',
    '.python-version',
    'Makefile',
    'makefile',
    'GNUmakefile',
    'CMakeLists.txt',
    'meson.build',
    'Project.toml',
    'DESCRIPTION',
    'renv.lock',
    'Cargo.toml',
    'rust-toolchain',
    'rust-toolchain.toml',
    'go.mod',
    'package.json',
    'pom.xml',
    'build.gradle',
    'build.gradle.kts',
    '.nvmrc',
    '.node-version',
  ].map((name) => name.toLowerCase()),
);
const SOURCES =
  /\.(py|c|h|cc|cpp|cxx|c\+\+|hpp|hh|cu|cuh|f|for|f77|f90|f95|f03|f08|ftn|jl|r|rs|go|java|kt|js|mjs|cjs|ts)$/i;
const MOST_TEXTS = 300;

/** Texts larger than this tell no more than their beginning would; they are not read. Bytes. */
export const LARGEST_WANTED_TEXT = 256 * 1024;

/** Which files of a listing are worth reading to find out what it holds, the most telling first; at most 300. */
export function wantedTexts(paths: readonly string[]): string[] {
  const byDepth = (left: string, right: string): number => depthOf(left) - depthOf(right);
  const manifests = paths.filter(isManifest).sort(byDepth);
  const sources = paths.filter((path) => SOURCES.test(path)).sort(byDepth);
  return [...manifests, ...sources].slice(0, MOST_TEXTS);
}

/** Whether a file lists packages or says how a program is built. */
export function isManifest(path: string): boolean {
  return MANIFESTS.has(fileName(path).toLowerCase());
}
