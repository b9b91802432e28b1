import { createHash } from 'node:crypto';
import { readdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { historyEntry, sizeDelta } from '#shared/build/historyEntry.ts';
import type { BuildHistoryEntry } from '#shared/domain/Build.ts';
import { removePartials } from '../../store/removePartials.ts';
import { writeAtomically } from '../../store/writeAtomically.ts';
import type { BuildHistory, HistoricalBuild } from './BuildHistory.ts';
import { buildDocumentSchema } from './buildDocument.ts';
import { packOutput, unpackOutput } from './keptOutput.ts';
import { trimHistory } from './trimHistory.ts';

const KEPT_PER_APP = 200;
const KEPT_BYTES = 256_000_000;
const ID = /^[\w-]{1,128}$/;
/** Digits of the time in a file's name, so that names sort by time. */
const TIME_DIGITS = 15;

/**
 * The history as files: a folder an app, and in it two files a build, `<time>-<id>.json` and its output beside it. At
 * most 200 builds an app and 256 MB in all, the oldest go first. Several Flotillas may share the folder.
 */
export function createBuildHistory(options: {
  folder: string;
  log?: ((message: string) => void) | undefined;
  keptPerApp?: number;
  keptBytes?: number;
}): BuildHistory {
  const { folder, log } = options;
  const limits = {
    builds: options.keptPerApp ?? KEPT_PER_APP,
    bytes: options.keptBytes ?? KEPT_BYTES,
  };
  /** What has been read, by app folder and file name: a build that has ended never changes. */
  const read = new Map<string, Map<string, BuildHistoryEntry>>();
  let tail: Promise<void> = Promise.resolve();

  const load = async (app: string, name: string): Promise<HistoricalBuild | undefined> => {
    const path = join(folder, app, name);
    let text: string;
    try {
      text = await readFile(path, 'utf8');
    } catch (error) {
      // Another Flotilla may have cleared it away.
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT')
        log?.(`history of builds: ${path} cannot be read: ${String(error)}`);
      return undefined;
    }
    try {
      const document = buildDocumentSchema.parse(JSON.parse(text));
      const entry = historyEntry(document.build, document.sizeDeltaBytes);
      return entry === undefined ? undefined : { build: document.build, entry };
    } catch {
      const aside = `${path}.corrupt-${Date.now()}`;
      log?.(`history of builds: ${path} cannot be read and was set aside as ${aside}`);
      await rename(path, aside).catch(() => undefined);
      return undefined;
    }
  };

  const entriesOf = async (app: string): Promise<BuildHistoryEntry[]> => {
    const names = (await namesIn(join(folder, app))).filter((name) => name.endsWith('.json'));
    const known = read.get(app);
    const present = new Map<string, BuildHistoryEntry>();
    await Promise.all(
      names.map(async (name) => {
        const entry = known?.get(name) ?? (await load(app, name))?.entry;
        if (entry !== undefined) present.set(name, entry);
      }),
    );
    read.set(app, present);
    return [...present.values()].sort((a, b) => b.startedAt - a.startedAt || b.endedAt - a.endedAt);
  };

  const place = async (buildId: string): Promise<{ app: string; name: string } | undefined> => {
    await tail;
    if (!ID.test(buildId)) return undefined;
    for (const app of await namesIn(folder)) {
      const name = (await namesIn(join(folder, app))).find(
        (candidate) => candidate.slice(TIME_DIGITS + 1) === `${buildId}.json`,
      );
      if (name !== undefined) return { app, name };
    }
    return undefined;
  };

  return {
    add(build, output) {
      if (historyEntry(build) === undefined || !ID.test(build.id)) return;
      tail = tail
        .then(async () => {
          const app = appFolder(build.appId);
          const time = String(Math.max(0, Math.trunc(build.startedAt))).padStart(TIME_DIGITS, '0');
          const path = join(folder, app, `${time}-${build.id}`);
          const sizeDeltaBytes = sizeDelta(build, await entriesOf(app));
          await writeAtomically(`${path}.output.gz`, await packOutput(output));
          try {
            const document = { version: 1, sizeDeltaBytes, build };
            await writeAtomically(`${path}.json`, `${JSON.stringify(document)}\n`);
          } catch (error) {
            await rm(`${path}.output.gz`, { force: true });
            throw error;
          }
          await trimHistory(folder, app, limits);
          await removePartials(join(folder, app));
        })
        .catch((error: unknown) =>
          log?.(`history of builds: the build of ${build.service} was not kept: ${String(error)}`),
        );
    },
    async list(appId, { service, limit } = {}) {
      await tail;
      const entries = await entriesOf(appFolder(appId));
      const chosen =
        service === undefined ? entries : entries.filter((candidate) => candidate.service === service);
      return limit === undefined ? chosen : chosen.slice(0, limit);
    },
    async find(buildId) {
      const found = await place(buildId);
      return found === undefined ? undefined : load(found.app, found.name);
    },
    async output(buildId) {
      const found = await place(buildId);
      if (found === undefined) return undefined;
      const path = join(folder, found.app, found.name.replace(/\.json$/, '.output.gz'));
      try {
        return await unpackOutput(await readFile(path));
      } catch (error) {
        log?.(`history of builds: ${path} cannot be read: ${String(error)}`);
        return { lines: [], dropped: 0 };
      }
    },
    dispose: () => tail,
  };
}

/** A folder name that can be nothing else. */
function appFolder(appId: string): string {
  return /^[A-Za-z0-9_-]{1,64}$/.test(appId)
    ? appId
    : `app-${createHash('sha256').update(appId).digest('hex').slice(0, 32)}`;
}

async function namesIn(folder: string): Promise<string[]> {
  return readdir(folder).catch(() => []);
}
