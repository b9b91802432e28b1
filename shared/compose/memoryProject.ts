import type { FileText, ProjectFiles } from './ComposeApi.ts';

/** A project that exists only in memory, for tests and previews. The hash is FNV-1a: good for telling texts apart, for nothing else. */
export function memoryProject(
  texts: Record<string, string>,
  folderName = 'project',
): ProjectFiles & { texts: Map<string, string>; links: Map<string, string> } {
  const map = new Map(Object.entries(texts));
  /** Where paths lead that are links out of the project. */
  const links = new Map<string, string>();
  return {
    folderName,
    texts: map,
    links,
    leadsOut: (path) => Promise.resolve(links.get(path)),
    list: () => Promise.resolve({ paths: [...map.keys()].sort(), truncated: false }),
    read(path): Promise<FileText> {
      const text = map.get(path);
      if (text !== undefined) return Promise.resolve({ ok: true, text });
      const isFolder = [...map.keys()].some((known) => known.startsWith(`${path}/`));
      return Promise.resolve({
        ok: false,
        reason: isFolder ? 'not-a-file' : 'missing',
        message: isFolder ? `${path} is a folder.` : `${path} does not exist.`,
      });
    },
    hash(text) {
      let hash = 0xcbf29ce484222325n;
      for (let at = 0; at < text.length; at += 1)
        hash = BigInt.asUintN(64, (hash ^ BigInt(text.charCodeAt(at))) * 0x100000001b3n);
      return hash.toString(16).padStart(16, '0');
    },
  };
}
