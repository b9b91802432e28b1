import type { ProgramKind } from '../../domain/Generate.ts';
import type { FolderScan } from '../FolderScan.ts';
import { stemOf } from '../FolderScan.ts';
import { type DetectedProgram, type EntryPoint, isMainName, isWorkerName, rankEntries } from '../Program.ts';
import { cmakeTargets, makeTargets, mesonTargets } from './buildTargets.ts';
import { usesInWords, usesOf } from './usesOf.ts';

const ENDINGS: [ProgramKind, RegExp][] = [
  ['c', /\.c$/],
  ['cpp', /\.(cc|cpp|cxx|c\+\+|C|cu)$/],
  ['fortran', /\.(f|for|f77|f90|f95|f03|f08|ftn)$/i],
];
const COMPILED = /\.(c|h|cc|cpp|cxx|c\+\+|C|hpp|hh|cu|cuh|f|for|f77|f90|f95|f03|f08|ftn)$/i;
const BUILD_FILES = /(^|\/)(GNUm|M|m)akefile$|(^|\/)CMakeLists\.txt$|(^|\/)meson\.build$/;
const WORDS: Partial<Record<ProgramKind, string>> = { c: 'C', cpp: 'C++', fortran: 'Fortran' };
const NO_ENTRY = /(^|\/)(tests?|examples?|docs?|third_party|external|vendor)\//;

/** C, C++ and Fortran by their build files, or by their sources alone. */
export function detectCompiled(scan: FolderScan): DetectedProgram[] {
  const counts = ENDINGS.map(([kind, ending]) => ({
    kind,
    paths: scan.paths.filter((path) => ending.test(path)),
  }));
  const sources = counts.flatMap(({ paths }) => paths);
  const makefile = ['GNUmakefile', 'makefile', 'Makefile'].find((name) => scan.paths.includes(name));
  const hasCmake = scan.paths.includes('CMakeLists.txt');
  const hasMeson = scan.paths.includes('meson.build');
  if (sources.length === 0 && !hasCmake) return [];
  const kind = mainKind(scan, counts);
  const told = usesOf(scan, new RegExp(`${COMPILED.source}|${BUILD_FILES.source}`, 'i'));
  const facts = {
    cpp: counts[1]?.paths.length === 0 ? undefined : 'yes',
    fortran: counts[2]?.paths.length === 0 ? undefined : 'yes',
  };
  const found: DetectedProgram[] = [];
  const add = (
    tool: string,
    file: string,
    confidence: number,
    entries: EntryPoint[],
    reason: string,
  ): void => {
    found.push({
      finding: {
        kind,
        tool,
        uses: told.uses,
        evidence: [...new Set([file, ...Object.values(told.evidence)])],
        reason: `${reason}${usesInWords(told)}.`,
        confidence,
      },
      entries: rankEntries(entries),
      facts,
    });
  };
  const language = WORDS[kind] ?? 'C';
  if (hasCmake)
    add(
      'cmake',
      'CMakeLists.txt',
      0.9,
      cmakeTargets(scan),
      `CMakeLists.txt builds a ${language} program with CMake`,
    );
  if (hasMeson)
    add(
      'meson',
      'meson.build',
      0.89,
      mesonTargets(scan),
      `meson.build builds a ${language} program with Meson`,
    );
  if (makefile !== undefined && sources.length > 0)
    add(
      'make',
      makefile,
      hasCmake ? 0.6 : 0.86,
      makeTargets(scan, makefile),
      `${makefile} builds a ${language} program with Make`,
    );
  if (sources.length > 0) {
    const entries = mainSources(scan, sources);
    const built = found.length > 0;
    add(
      'compiler',
      entries[0]?.id ?? sources[0] ?? '',
      built ? 0.3 : entries.length > 0 ? 0.72 : 0.4,
      entries,
      `${sources.length === 1 ? `A ${language} source` : `${sources.length} sources, mostly ${language},`}${built ? ', compiled without the build file' : ' and no build file'}`,
    );
  }
  return found;
}

function mainKind(
  scan: FolderScan,
  counts: readonly { kind: ProgramKind; paths: readonly string[] }[],
): ProgramKind {
  const [most] = [...counts].sort((left, right) => right.paths.length - left.paths.length);
  if (most !== undefined && most.paths.length > 0) return most.kind;
  const text = scan.texts.get('CMakeLists.txt') ?? '';
  return /project\s*\([^)]*\bFortran\b/i.test(text)
    ? 'fortran'
    : /project\s*\([^)]*\bC\s*\)/.test(text)
      ? 'c'
      : 'cpp';
}

/** Sources that hold a program's beginning. */
export function mainSources(scan: FolderScan, sources: readonly string[]): EntryPoint[] {
  return sources
    .filter((path) => !NO_ENTRY.test(path) && isProgram(path, scan.texts.get(path) ?? ''))
    .map((path) => {
      const name = stemOf(path);
      return {
        id: path,
        name,
        label: path,
        score: (isMainName(name) ? 5 : isWorkerName(name) ? 1 : 2) - path.split('/').length,
      };
    });
}

function isProgram(path: string, text: string): boolean {
  if (ENDINGS[2]?.[1].test(path) === true) return /^\s*program\s+\w+/im.test(text);
  return /\b(int|void|auto)\s+main\s*\(/.test(text);
}
