import type { FilePlace, PlacementSource } from '../placement/PlacementSource.ts';
import type { ProjectFiles } from './ComposeApi.ts';
import { Findings } from './Findings.ts';
import { get, isNothing, type Located, type LocatedEntry } from './Located.ts';
import { loadProjectFiles } from './loadProjectFiles.ts';
import { ParsedTexts } from './ParsedTexts.ts';
import { writtenServices } from './writtenServices.ts';

const EXTENSION = 'x-flotilla';

/** Where the files of a project say how each of its services is placed; nothing of a project without compose files. */
export async function placementSources(files: ProjectFiles): Promise<Map<string, PlacementSource>> {
  const findings = new Findings(files);
  const parsed = new ParsedTexts();
  const loaded = await loadProjectFiles(files, findings, parsed);
  const services = get(loaded?.tree, 'services');
  if (loaded === undefined || services?.kind !== 'map') return new Map();
  // What is included stands in other files than those of the project itself.
  const paths = new Set(loaded.paths);
  for (const { key } of services.entries.values()) paths.add(key.file);
  const written = (await Promise.all([...paths].map((path) => writtenServices(files, path, parsed)))).flat();
  const placeOf = ({ file, start }: Located): FilePlace => ({
    file,
    line: findings.source(file)?.range(start, start).line ?? 1,
  });
  return new Map(
    [...services.entries].map(([name, entry]) => {
      const own = written.flatMap((ofFile) => entryOf(ofFile.get(name)?.value, EXTENSION) ?? []);
      return [name, sourceOf(entry, own, placeOf)];
    }),
  );
}

function sourceOf(
  { key, value }: LocatedEntry,
  own: readonly LocatedEntry[],
  placeOf: (at: Located) => FilePlace,
): PlacementSource {
  // One that was taken away (`!reset`) is not there any more, but decides.
  const counts = entryOf(value, EXTENSION) ?? own.at(-1);
  const placement = said(counts);
  const decides = placement?.key ?? counts?.key;
  const overruled = own.flatMap((other) => {
    const theirs = said(other);
    return theirs === undefined || isSame(theirs.key, placement?.key) ? [] : [placeOf(theirs.key)];
  });
  const isOwn = counts === undefined || own.some((other) => isSame(other.key, counts.key));
  return {
    ...(decides === undefined ? {} : { decides: placeOf(decides) }),
    overruled,
    ...(isOwn ? { changedIn: (counts?.key ?? key).file } : {}),
  };
}

const isSame = (one: Located, other: Located | undefined): boolean =>
  one.file === other?.file && one.start === other.start;

/** The placement that an `x-flotilla` says. */
function said(extension: LocatedEntry | undefined): LocatedEntry | undefined {
  const placement = entryOf(extension?.value, 'placement');
  return placement === undefined || isNothing(placement.value) ? undefined : placement;
}

const entryOf = (map: Located | undefined, key: string): LocatedEntry | undefined =>
  map?.kind === 'map' ? map.entries.get(key) : undefined;
