import { depthOf, type FolderScan, stemOf } from '../FolderScan.ts';
import { type DetectedProgram, isMainName, isWorkerName, rankEntries } from '../Program.ts';
import { usesInWords, usesOf } from './usesOf.ts';

/** Packages that come with R itself. */
const BASE = new Set(
  'base compiler datasets graphics grDevices grid methods parallel splines stats stats4 tcltk tools utils'.split(
    ' ',
  ),
);

/** R by renv.lock, DESCRIPTION or its sources. */
export function detectR(scan: FolderScan): DetectedProgram[] {
  const sources = scan.paths.filter((path) => /\.R$/i.test(path));
  const description = scan.texts.get('DESCRIPTION');
  const isPackage = description !== undefined && /^(Package|Imports|Depends):/m.test(description);
  const hasLock = scan.paths.includes('renv.lock');
  if (sources.length === 0 && !isPackage && !hasLock) return [];
  const told = usesOf(scan, /\.R$/i);
  const packages = new Set<string>();
  for (const [path, text] of scan.texts) {
    if (!/\.R$/i.test(path)) continue;
    for (const match of text.matchAll(
      /\b(?:library|require|requireNamespace)\s*\(\s*["']?([A-Za-z][\w.]*)|\b([A-Za-z][\w.]*)::/g,
    )) {
      const name = match[1] ?? match[2] ?? '';
      if (!BASE.has(name)) packages.add(name);
    }
  }
  const entries = sources
    .filter(
      (path) =>
        depthOf(path) <= 2 && !/(^|\/)(tests?|renv|man)\//.test(path) && !/(^|\/)\.Rprofile$/.test(path),
    )
    .map((path) => {
      const name = stemOf(path);
      const inPackage = isPackage && path.startsWith('R/');
      const score = (isMainName(name) ? 5 : isWorkerName(name) ? 1 : 2) - (inPackage ? 5 : 0) - depthOf(path);
      return { id: path, name, label: path, score };
    });
  const [tool, evidence, confidence, reason] = hasLock
    ? (['renv', ['renv.lock'], 0.92, 'renv.lock pins R packages'] as const)
    : isPackage
      ? (['description', ['DESCRIPTION'], 0.84, 'DESCRIPTION describes an R package'] as const)
      : ([
          'none',
          sources.slice(0, 3),
          0.64,
          `${sources.length === 1 ? 'An R file' : `${sources.length} R files`} and no list of packages`,
        ] as const);
  const rVersion = /"R"\s*:\s*\{[^}]*?"Version"\s*:\s*"([\d.]+)"/.exec(
    scan.texts.get('renv.lock') ?? '',
  )?.[1];
  return [
    {
      finding: {
        kind: 'r',
        tool,
        uses: told.uses,
        evidence: [...evidence, ...new Set(Object.values(told.evidence))],
        reason: `${reason}${usesInWords(told)}.`,
        confidence,
      },
      entries: rankEntries(entries),
      facts: { packages: [...packages].sort().join(' '), version: rVersion },
    },
  ];
}
