import type { EntryPoint } from '../Program.ts';
import type { TemplateContext } from '../TemplateContext.ts';
import { mainSources } from '../detect/detectCompiled.ts';

const SOURCES = /\.(c|cc|cpp|cxx|c\+\+|C|cu|f|for|f77|f90|f95|f03|f08|ftn)$/i;
const FORTRAN = /\.(f|for|f77|f90|f95|f03|f08|ftn)$/i;
const CPP = /\.(cc|cpp|cxx|c\+\+|C)$/;
const NOT_BUILT = /(^|\/)(tests?|examples?|docs?|bench)\//;

/** One call of the compiler that makes an entry's program from its source and all sources that are no programs themselves. */
export function compileCommand(
  { scan, program, settings }: TemplateContext,
  entry: EntryPoint,
  flags: string,
): string {
  const all = scan.paths.filter((path) => SOURCES.test(path) && !NOT_BUILT.test(path));
  const mains = new Set(mainSources(scan, all).map(({ id }) => id));
  const parts = all.filter((path) => path === entry.id || !mains.has(path));
  const sources = inModuleOrder(parts, scan.texts);
  const { uses } = program.finding;
  const isFortran = FORTRAN.test(entry.id);
  const isCpp = CPP.test(entry.id) || parts.some((path) => CPP.test(path));
  const hasMpi = settings.ranks !== undefined;
  const compiler = parts.some((path) => path.endsWith('.cu'))
    ? 'nvcc'
    : isFortran
      ? hasMpi
        ? 'mpifort'
        : 'gfortran'
      : isCpp
        ? hasMpi
          ? 'mpicxx'
          : 'g++'
        : hasMpi
          ? 'mpicc'
          : 'gcc';
  const includes = ['include', 'src'].filter((folder) =>
    scan.paths.some((path) => path.startsWith(`${folder}/`) && /\.(h|hh|hpp|cuh|inc)$/i.test(path)),
  );
  const isCuda = compiler === 'nvcc';
  return [
    compiler,
    isCuda ? `-O3${uses.includes('openmp') ? ' -Xcompiler -fopenmp' : ''}` : flags,
    ...(uses.includes('openmp') && !isCuda ? ['-fopenmp'] : []),
    ...includes.map((folder) => `-I${folder}`),
    ...sources.map(shellWord),
    '-o',
    `/out/${shellWord(entry.name)}`,
    ...(isFortran ? [] : ['-lm']),
  ].join(' ');
}

/** Fortran modules must be compiled before what uses them; everything else keeps its order. */
function inModuleOrder(paths: readonly string[], texts: ReadonlyMap<string, string>): string[] {
  const definedIn = new Map<string, string>();
  for (const path of paths)
    for (const match of (FORTRAN.test(path) ? (texts.get(path) ?? '') : '').matchAll(
      /^\s*module\s+(?!procedure\b)(\w+)\s*(?:!.*)?$/gim,
    ))
      definedIn.set((match[1] ?? '').toLowerCase(), path);
  const ordered: string[] = [];
  const visiting = new Set<string>();
  const visit = (path: string): void => {
    if (visiting.has(path)) return;
    visiting.add(path);
    if (FORTRAN.test(path))
      for (const match of (texts.get(path) ?? '').matchAll(/^\s*use\s*(?:,\s*\w+\s*::)?\s*(\w+)/gim)) {
        const needed = definedIn.get((match[1] ?? '').toLowerCase());
        if (needed !== undefined && needed !== path) visit(needed);
      }
    ordered.push(path);
  };
  for (const path of paths) visit(path);
  return ordered;
}

/** A path that the shell takes as one word. */
export function shellWord(text: string): string {
  return /^[\w./+@%,:-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
