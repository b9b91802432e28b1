import { type FolderScan, stemOf } from '../FolderScan.ts';
import { type DetectedProgram, type EntryPoint, isMainName, isWorkerName, rankEntries } from '../Program.ts';
import { readToml, tomlString, tomlValue } from '../readToml.ts';
import { usesInWords, usesOf } from './usesOf.ts';

/** Rust by Cargo.toml. */
export function detectRust(scan: FolderScan): DetectedProgram[] {
  const manifest = scan.texts.get('Cargo.toml');
  if (manifest === undefined) return [];
  const tables = readToml(manifest);
  const names: string[] = [];
  const isWorkspace = tables.some((table) => table.name === 'workspace');
  for (const [path, text] of scan.texts)
    if (path === 'Cargo.toml' || (isWorkspace && path.endsWith('/Cargo.toml')))
      names.push(...binaries(scan, path.slice(0, -'Cargo.toml'.length), text));
  const told = usesOf(scan, /\.rs$|(^|\/)Cargo\.toml$/);
  const hasLock = scan.paths.includes('Cargo.lock');
  const toolchain = scan.texts.get('rust-toolchain.toml') ?? scan.texts.get('rust-toolchain') ?? '';
  return [
    {
      finding: {
        kind: 'rust',
        tool: 'cargo',
        uses: told.uses,
        evidence: [
          'Cargo.toml',
          ...(hasLock ? ['Cargo.lock'] : []),
          ...new Set(Object.values(told.evidence)),
        ],
        reason: `Cargo.toml describes a Rust ${isWorkspace ? 'workspace' : 'program'}${usesInWords(told)}.`,
        confidence: names.length > 0 ? 0.94 : 0.6,
      },
      entries: rankEntries(
        names.map((name, at): EntryPoint => {
          const liked = isMainName(name) ? 4 : isWorkerName(name) ? 1 : 2;
          return { id: name, name, label: name, score: liked - at * 0.01 };
        }),
      ),
      facts: {
        lock: hasLock ? 'Cargo.lock' : undefined,
        version:
          /(\d+\.\d+(\.\d+)?)/.exec(toolchain)?.[1] ??
          /^(\d+\.\d+(\.\d+)?)$/.exec(tomlString(tables, 'package', 'rust-version') ?? '')?.[1],
        // Only then can the packages be built before the sources are there.
        simple:
          !isWorkspace &&
          scan.paths.includes('src/main.rs') &&
          !tables.some((table) => table.name === 'bin' || table.name === 'lib') &&
          tomlValue(tables, 'package', 'build') === undefined &&
          !scan.paths.some(
            (path) => path === 'build.rs' || path === 'src/lib.rs' || path.startsWith('src/bin/'),
          )
            ? 'yes'
            : undefined,
      },
    },
  ];
}

/** Programs of one crate: `[[bin]]` tables, src/main.rs under the package's name, src/bin. */
function binaries(scan: FolderScan, folder: string, manifest: string): string[] {
  const tables = readToml(manifest);
  const names = tables
    .filter((table) => table.name === 'bin')
    .flatMap((table) => {
      const name = /^(["'])(.*)\1$/.exec(table.entries.get('name') ?? '')?.[2];
      return name === undefined ? [] : [name];
    });
  const own = tomlString(tables, 'package', 'name');
  if (own !== undefined && names.length === 0 && scan.paths.includes(`${folder}src/main.rs`)) names.push(own);
  for (const path of scan.paths) {
    const rest = path.startsWith(`${folder}src/bin/`) ? path.slice(`${folder}src/bin/`.length) : undefined;
    if (rest === undefined) continue;
    if (/^[^/]+\.rs$/.test(rest)) names.push(stemOf(rest));
    else if (/^[^/]+\/main\.rs$/.test(rest)) names.push(rest.split('/')[0] ?? '');
  }
  return [...new Set(names)];
}
