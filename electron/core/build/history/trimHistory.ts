import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';

interface Kept {
  app: string;
  /** `<time>-<id>`: sorts by time. */
  key: string;
  files: string[];
  bytes: number;
}

/** Removes the oldest builds: of `app` beyond `builds`, of all apps beyond `bytes`. The newest of all always stays. */
export async function trimHistory(
  folder: string,
  app: string,
  limits: { builds: number; bytes: number },
): Promise<void> {
  const all = (await Promise.all((await readdir(folder)).map((name) => keptOf(folder, name)))).flat();
  all.sort((a, b) => (a.key < b.key ? -1 : 1));
  const own = all.filter((kept) => kept.app === app);
  const doomed = new Set(own.slice(0, Math.max(0, own.length - limits.builds)));
  let bytes = all.reduce((sum, kept) => sum + (doomed.has(kept) ? 0 : kept.bytes), 0);
  for (const kept of all.slice(0, -1)) {
    if (bytes <= limits.bytes) break;
    if (doomed.has(kept)) continue;
    doomed.add(kept);
    bytes -= kept.bytes;
  }
  for (const kept of doomed)
    for (const file of kept.files) await rm(join(folder, kept.app, file), { force: true });
}

/** Files of one build belong together, also what was set aside or is half written. */
async function keptOf(folder: string, app: string): Promise<Kept[]> {
  const byKey = new Map<string, Kept>();
  for (const file of await readdir(join(folder, app)).catch(() => [])) {
    const key = file.split('.', 1)[0] ?? file;
    const kept = byKey.get(key) ?? { app, key, files: [], bytes: 0 };
    kept.files.push(file);
    kept.bytes += await stat(join(folder, app, file)).then(
      (found) => found.size,
      () => 0,
    );
    byKey.set(key, kept);
  }
  return [...byKey.values()];
}
