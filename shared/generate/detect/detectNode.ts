import { depthOf, type FolderScan, stemOf } from '../FolderScan.ts';
import { type DetectedProgram, type EntryPoint, isMainName, isWorkerName, rankEntries } from '../Program.ts';

const LOCKS: [string, string][] = [
  ['pnpm-lock.yaml', 'pnpm'],
  ['yarn.lock', 'yarn'],
  ['package-lock.json', 'npm'],
  ['npm-shrinkwrap.json', 'npm'],
];
const SCRIPT = /\.(js|mjs|cjs)$/;

/** Node by package.json, or by scripts alone. */
export function detectNode(scan: FolderScan): DetectedProgram[] {
  const text = scan.texts.get('package.json');
  const manifest = text === undefined ? undefined : parseManifest(text);
  const sources = scan.paths.filter(
    (path) =>
      /\.(js|mjs|cjs|ts)$/.test(path) &&
      !/(^|\/)(tests?|dist|build)\/|\.(config|test|spec|d)\.\w+$/.test(path),
  );
  if (manifest === undefined && sources.length === 0) return [];
  const [lock, tool] = LOCKS.find(([name]) => scan.paths.includes(name)) ?? [undefined, 'npm'];
  const scripts = textsIn(manifest?.['scripts']);
  const dependencies = Object.keys(textsIn(manifest?.['dependencies']));
  const development = Object.keys(textsIn(manifest?.['devDependencies']));
  const start = /^(?:[A-Z_]+=\S+\s+)*node\s+((?:--?\S+\s+)*)(\S+)/.exec(scripts['start'] ?? '')?.[2];
  const main = typeof manifest?.['main'] === 'string' ? manifest['main'] : undefined;
  const entries: EntryPoint[] = [];
  const add = (id: string, score: number, label = id): void => {
    entries.push({ id: id.replace(/^\.\//, ''), name: stemOf(id), label, score });
  };
  if (start !== undefined) add(start, 12, `${start} (scripts.start)`);
  if (main !== undefined) add(main, 8, `${main} (main)`);
  for (const path of sources) {
    if (!SCRIPT.test(path) || depthOf(path) > 2) continue;
    const name = stemOf(path);
    add(path, (isMainName(name) || name === 'index' ? 5 : isWorkerName(name) ? 1 : 2) - depthOf(path));
  }
  const isTooling =
    manifest !== undefined && start === undefined && dependencies.length === 0 && sources.length === 0;
  const engine = /(\d+)/.exec(
    textsIn(manifest?.['engines'])['node'] ??
      scan.texts.get('.nvmrc') ??
      scan.texts.get('.node-version') ??
      '',
  )?.[1];
  return [
    {
      finding: {
        kind: 'node',
        tool: manifest === undefined ? 'none' : tool,
        uses: [],
        evidence:
          manifest === undefined
            ? sources.slice(0, 3)
            : ['package.json', ...(lock === undefined ? [] : [lock])],
        reason:
          manifest === undefined
            ? 'JavaScript files and no package.json.'
            : isTooling
              ? 'package.json lists tools only, no program.'
              : `package.json describes a Node program${lock === undefined ? '' : `; ${lock} pins its packages`}.`,
        confidence: manifest === undefined ? 0.55 : isTooling ? 0.2 : 0.88,
      },
      entries: rankEntries(entries),
      facts: {
        lock,
        version: engine,
        installs:
          dependencies.length > 0 || (development.length > 0 && scripts['build'] !== undefined)
            ? 'yes'
            : undefined,
        builds: scripts['build'] === undefined ? undefined : 'yes',
        description: typeof manifest?.['description'] === 'string' ? manifest['description'] : undefined,
      },
    },
  ];
}

function parseManifest(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}

function textsIn(value: unknown): Record<string, string> {
  if (typeof value !== 'object' || value === null) return {};
  return Object.fromEntries(
    Object.entries(value).filter((pair): pair is [string, string] => typeof pair[1] === 'string'),
  );
}
