import { depthOf, type FolderScan, stemOf } from '../FolderScan.ts';
import { type DetectedProgram, isMainName, isWorkerName, rankEntries } from '../Program.ts';
import { readToml, tomlString } from '../readToml.ts';
import { usesInWords, usesOf } from './usesOf.ts';

/** Julia by Project.toml or by its sources. */
export function detectJulia(scan: FolderScan): DetectedProgram[] {
  const sources = scan.paths.filter((path) => path.endsWith('.jl'));
  const hasProject = scan.paths.includes('Project.toml');
  if (sources.length === 0 && !hasProject) return [];
  const tables = readToml(scan.texts.get('Project.toml') ?? '');
  const manifest = ['Manifest.toml'].find((name) => scan.paths.includes(name));
  const told = usesOf(scan, /\.jl$/);
  const packageName = tomlString(tables, '', 'name');
  const entries = sources
    .filter((path) => depthOf(path) <= 2 && !/(^|\/)(tests?|docs?)\/|(^|\/)runtests\.jl$/.test(path))
    .map((path) => {
      const name = stemOf(path);
      // The module of a package defines; it does not run.
      const defines = name === packageName || /^\s*module\s+\w+/m.test(scan.texts.get(path) ?? '');
      const score = (isMainName(name) ? 5 : isWorkerName(name) ? 1 : 2) - (defines ? 4 : 0) - depthOf(path);
      return { id: path, name, label: path, score };
    });
  return [
    {
      finding: {
        kind: 'julia',
        tool: hasProject ? 'pkg' : 'none',
        uses: told.uses,
        evidence: [
          ...(hasProject ? ['Project.toml'] : sources.slice(0, 3)),
          ...(manifest === undefined ? [] : [manifest]),
          ...new Set(Object.values(told.evidence)),
        ],
        reason: `${hasProject ? 'Project.toml lists Julia packages' : `${sources.length === 1 ? 'A Julia file' : `${sources.length} Julia files`} and no Project.toml`}${usesInWords(told)}.`,
        confidence: hasProject ? 0.9 : 0.66,
      },
      entries: rankEntries(entries),
      facts: { lock: manifest, version: tomlString(tables, 'compat', 'julia'), packageName },
    },
  ];
}
