import type { Finding } from '../../domain/Generate.ts';
import type { FolderScan } from '../FolderScan.ts';

type Use = Finding['uses'][number];

const SIGNS: Record<Use, RegExp> = {
  mpi: /#\s*include\s*[<"]mpi\.h[">]|^\s*use\s*,?\s*(intrinsic\s*::)?\s*mpi(_f08)?\b|include\s+['"]mpif\.h['"]|find_package\s*\(\s*MPI\b|dependency\s*\(\s*['"]mpi|\bmpi4py\b|\bmpi(cc|cxx|c\+\+|fort|f90|f77)\b|^\s*using\s+MPI\b|^\s*mpi\s*=|library\(\s*["']?Rmpi/im,
  openmp:
    /#\s*pragma\s+omp\b|^\s*[!cC*]\$omp\b|find_package\s*\(\s*OpenMP\b|dependency\s*\(\s*['"]openmp|-fopenmp\b|\bprange\b/im,
  cuda: /\bcudaMalloc|#\s*include\s*[<"]cuda(_runtime)?\.h|find_package\s*\(\s*CUDA(Toolkit)?\b|\bnvcc\b|^\s*["']?(torch|cupy(-cuda\d+x?)?|pycuda|tensorflow\[and-cuda\])\b|jax\[cuda|^\s*(import|from)\s+(torch|cupy|pycuda)\b|numba\.cuda|from\s+numba\s+import\s+cuda|^\s*using\s+CUDA\b|[-\s"'](pytorch|cupy|pytorch-cuda)\b/im,
};

/** Which of MPI, OpenMP and CUDA the files with these endings use, with the files that told. */
export function usesOf(
  scan: FolderScan,
  files: RegExp,
): { uses: Use[]; evidence: Partial<Record<Use, string>> } {
  const evidence: Partial<Record<Use, string>> = {};
  if (files.test('kernel.cu')) {
    const kernel = scan.paths.find((path) => path.endsWith('.cu'));
    if (kernel !== undefined) evidence.cuda = kernel;
  }
  for (const [path, text] of scan.texts) {
    if (!files.test(path)) continue;
    for (const use of Object.keys(SIGNS) as Use[]) if (SIGNS[use].test(text)) evidence[use] ??= path;
  }
  return {
    uses: (['mpi', 'openmp', 'cuda'] as const).filter((use) => evidence[use] !== undefined),
    evidence,
  };
}

const WORDS: Record<Use, string> = { mpi: 'MPI', openmp: 'OpenMP', cuda: 'CUDA' };

/** `, with MPI (solver.c) and OpenMP (solver.c)`, or nothing. */
export function usesInWords({ uses, evidence }: ReturnType<typeof usesOf>): string {
  const words = uses.map((use) => `${WORDS[use]} (${evidence[use] ?? ''})`);
  return words.length === 0 ? '' : `, with ${words.join(' and ')}`;
}

const SOURCE_ENDING = /\.[a-z+\d]+$/i;
/** Code for the processor that compiles, as build files ask for it. */
const NATIVE_CODE = /-m(?:arch|cpu|tune)=native\b|-xHost\b|target-cpu=native\b/;
const BUILD_FILE =
  /(?:^|\/)(?:(?:GNU)?[Mm]akefile(?:\.\w+)?|[^/]*\.mk|CMakeLists\.txt|meson\.build|Cargo\.toml|config\.toml|build\.rs|setup\.(?:py|cfg)|pyproject\.toml)$/;

/**
 * Whether a program speaks MPI, when the folder does: not one whose own source has nothing of it while another one's has.
 * @param others names or paths of the programs beside it
 */
export function speaksMpi(scan: FolderScan, entry: string, others: readonly string[]): boolean {
  const own = sourceOf(scan, entry);
  if (own === undefined || SIGNS.mpi.test(own)) return true;
  return !others.some((other) => SIGNS.mpi.test(sourceOf(scan, other) ?? ''));
}

/** The text of the source that is named, or that has the stem of a build target's name. */
function sourceOf(scan: FolderScan, entry: string): string | undefined {
  const stem = entry.split('/').at(-1) ?? entry;
  const path = scan.texts.has(entry)
    ? entry
    : [...scan.texts.keys()].find((one) => (one.split('/').at(-1) ?? '').replace(SOURCE_ENDING, '') === stem);
  return path === undefined ? undefined : scan.texts.get(path);
}

/** The build file that asks for code of the processor it is built on, and how; undefined: none does. */
export function nativeCodeIn(scan: FolderScan): { path: string; flag: string } | undefined {
  for (const [path, text] of scan.texts) {
    const flag = BUILD_FILE.test(path) ? NATIVE_CODE.exec(text)?.[0] : undefined;
    if (flag !== undefined) return { path, flag };
  }
  return undefined;
}
