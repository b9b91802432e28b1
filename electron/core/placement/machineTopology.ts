import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { GPU_NODE_FILES, parseTopology, TOPOLOGY_FILES } from '#shared/placement/parseTopology.ts';
import type { Topology } from '#shared/placement/Topology.ts';

/** CPUs, NUMA nodes and GPUs of this machine; undefined where the kernel does not show any (it is no Linux). @param root for tests */
export function machineTopology(root = '/'): Omit<Topology, 'source'> | undefined {
  const files = filesOf(root, TOPOLOGY_FILES);
  if ([...files.keys()].some((path) => path.includes('/nvidia/')))
    for (const [path, text] of filesOf(root, [GPU_NODE_FILES])) files.set(path, text);
  return parseTopology(files);
}

/** Texts of all files that fit, by their paths below the root. They are the kernel's own: some hundred bytes each, never on a disk. */
function filesOf(root: string, patterns: readonly string[]): Map<string, string> {
  return new Map(
    patterns
      .flatMap((pattern) => pathsOf(root, pattern))
      .flatMap((path) => {
        try {
          return [[path, readFileSync(join(root, path), 'utf8')] as const];
        } catch {
          // Switched off, or not of this kernel.
          return [];
        }
      }),
  );
}

function pathsOf(root: string, pattern: string): string[] {
  let paths = [''];
  for (const part of pattern.split('/').slice(1)) {
    const isPattern = part.includes('*');
    const fits = new RegExp(`^${part.replaceAll('*', '.*')}$`);
    paths = paths.flatMap((path) =>
      isPattern
        ? namesIn(join(root, path))
            .filter((name) => fits.test(name))
            .map((name) => `${path}/${name}`)
        : [`${path}/${part}`],
    );
  }
  return paths;
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder).sort();
  } catch {
    return [];
  }
}
