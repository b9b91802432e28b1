import { type FolderScan, fileName } from '../FolderScan.ts';
import { type DetectedProgram, type EntryPoint, isMainName, isWorkerName, rankEntries } from '../Program.ts';
import { usesInWords, usesOf } from './usesOf.ts';

/** Go by go.mod or by its sources. */
export function detectGo(scan: FolderScan): DetectedProgram[] {
  const sources = scan.paths.filter((path) => path.endsWith('.go') && !path.endsWith('_test.go'));
  const module = scan.texts.get('go.mod');
  if (sources.length === 0) return [];
  const told = usesOf(scan, /\.go$/);
  const ownName = /^module\s+(\S+)/m
    .exec(module ?? '')?.[1]
    ?.split('/')
    .filter((part) => !/^v\d+$/.test(part))
    .at(-1);
  const folders = new Map<string, EntryPoint>();
  for (const path of sources) {
    if (!/^package\s+main\b/m.test(scan.texts.get(path) ?? '')) continue;
    const slash = path.lastIndexOf('/');
    const id = slash === -1 ? '.' : `./${path.slice(0, slash)}`;
    const name = id === '.' ? (ownName ?? scan.folderName) : fileName(id);
    const liked = id === '.' ? 5 : isMainName(name) ? 4 : isWorkerName(name) ? 1 : 2;
    folders.set(id, {
      id,
      name,
      label: id === '.' ? `${name} (the folder itself)` : id,
      score: liked - id.split('/').length * 0.1,
    });
  }
  return [
    {
      finding: {
        kind: 'go',
        tool: module === undefined ? 'none' : 'modules',
        uses: told.uses,
        evidence: [
          ...(module === undefined ? sources.slice(0, 3) : ['go.mod']),
          ...new Set(Object.values(told.evidence)),
        ],
        reason: `${module === undefined ? 'Go sources and no go.mod' : 'go.mod describes a Go module'}${usesInWords(told)}.`,
        confidence: module === undefined ? 0.62 : 0.94,
      },
      entries: rankEntries([...folders.values()]),
      facts: {
        version: /^go\s+(\d+\.\d+)/m.exec(module ?? '')?.[1],
        sums: scan.paths.includes('go.sum') ? 'go.sum' : undefined,
        requires: /^\s*require\b/m.test(module ?? '') ? 'yes' : undefined,
        cgo: sources.some((path) => /^import\s+"C"|^\s*"C"$/m.test(scan.texts.get(path) ?? ''))
          ? 'yes'
          : undefined,
      },
    },
  ];
}
