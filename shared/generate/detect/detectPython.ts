import { depthOf, fileName, type FolderScan, stemOf } from '../FolderScan.ts';
import { type DetectedProgram, type EntryPoint, isMainName, isWorkerName, rankEntries } from '../Program.ts';
import { readToml, type TomlTable, tomlString, tomlValue } from '../readToml.ts';
import { usesInWords, usesOf } from './usesOf.ts';

const NO_ENTRY =
  /(^|\/)(tests?|docs?|examples?|\.github)\/|(^|\/)(test_[^/]*|[^/]*_test|setup|conftest|conf|noxfile|__init__|_version)\.py$/;
const DEEPEST_ENTRY = 2;
/** Packages that look for CUDA in the image; PyTorch and JAX bring theirs along. */
const CUDA_IN_IMAGE = /\b(cupy|pycuda)\b|\bnumba\.cuda\b|from\s+numba\s+import\s+cuda/;

/** Python by its manifests, best first, or by its sources alone. */
export function detectPython(scan: FolderScan): DetectedProgram[] {
  const sources = scan.paths.filter((path) => path.endsWith('.py'));
  const told = usesOf(
    scan,
    /\.py$|(^|\/)(requirements[^/]*\.txt|pyproject\.toml|environment\.ya?ml|Pipfile|setup\.py)$/,
  );
  const has = (name: string): boolean => scan.paths.includes(name);
  const tables = readToml(scan.texts.get('pyproject.toml') ?? '');
  const scripts = [
    ...scriptNames(tables, 'project.scripts'),
    ...scriptNames(tables, 'tool.poetry.scripts'),
    ...setupScripts(scan.texts.get('setup.py') ?? scan.texts.get('setup.cfg') ?? ''),
  ];
  const files = fileEntries(scan, sources);
  const version =
    scan.texts.get('.python-version')?.trim() ??
    tomlString(tables, 'project', 'requires-python') ??
    tomlString(tables, 'tool.poetry.dependencies', 'python');
  const needsCudaInImage = [...scan.texts].some(
    ([path, text]) => /\.(py|txt|toml|ya?ml)$/.test(path) && CUDA_IN_IMAGE.test(text),
  );
  const found: DetectedProgram[] = [];
  const add = (
    tool: string,
    evidence: string[],
    confidence: number,
    reason: string,
    facts: DetectedProgram['facts'] = {},
  ): void => {
    const installs = facts['installs'] === 'yes';
    found.push({
      finding: {
        kind: 'python',
        tool,
        uses: told.uses,
        evidence: [...evidence, ...new Set(Object.values(told.evidence))],
        reason: `${reason}${usesInWords(told)}.`,
        confidence,
      },
      entries: rankEntries([...files, ...(installs ? scripts : [])]),
      facts: { ...facts, version, cudaInImage: needsCudaInImage ? 'yes' : undefined },
    });
  };

  const conda = ['environment.yml', 'environment.yaml'].find((name) => has(name));
  if (conda !== undefined)
    add('conda', [conda], 0.93, `${conda} lists a conda environment`, { manifest: conda });
  if (has('pyproject.toml')) addPyproject(scan, tables, add);
  if (has('requirements.txt'))
    add('pip', ['requirements.txt'], 0.9, 'requirements.txt lists what pip installs');
  if (has('Pipfile'))
    add(
      'pipenv',
      ['Pipfile', ...(has('Pipfile.lock') ? ['Pipfile.lock'] : [])],
      0.88,
      'Pipfile lists what pipenv installs',
      {
        lock: has('Pipfile.lock') ? 'Pipfile.lock' : undefined,
      },
    );
  if (has('setup.py') && !has('pyproject.toml'))
    add('setuptools', ['setup.py'], 0.8, 'setup.py describes a package', { installs: 'yes' });
  if (found.length === 0 && sources.length > 0) {
    const [entry] = files;
    add(
      'none',
      entry === undefined ? sources.slice(0, 3) : [entry.id],
      entry === undefined ? 0.45 : 0.7,
      `${sources.length === 1 ? 'A Python file' : `${sources.length} Python files`} and no list of packages`,
    );
  }
  return found;
}

function addPyproject(
  scan: FolderScan,
  tables: readonly TomlTable[],
  add: (
    tool: string,
    evidence: string[],
    confidence: number,
    reason: string,
    facts?: DetectedProgram['facts'],
  ) => void,
): void {
  const has = (name: string): boolean => scan.paths.includes(name);
  const hasTable = (name: string): boolean =>
    tables.some((table) => table.name === name || table.name.startsWith(`${name}.`));
  const installs = hasTable('build-system') ? 'yes' : 'no';
  if (has('uv.lock') || hasTable('tool.uv'))
    return add(
      'uv',
      ['pyproject.toml', ...(has('uv.lock') ? ['uv.lock'] : [])],
      0.95,
      'pyproject.toml is managed by uv',
      {
        installs,
        lock: has('uv.lock') ? 'uv.lock' : undefined,
      },
    );
  if (has('poetry.lock') || hasTable('tool.poetry'))
    return add(
      'poetry',
      ['pyproject.toml', ...(has('poetry.lock') ? ['poetry.lock'] : [])],
      0.95,
      'pyproject.toml is managed by Poetry',
      { installs: 'yes', lock: has('poetry.lock') ? 'poetry.lock' : undefined },
    );
  if (!hasTable('project')) return;
  const backend = tomlString(tables, 'build-system', 'build-backend') ?? '';
  const builder = /hatch/.test(backend)
    ? 'Hatch'
    : /flit/.test(backend)
      ? 'Flit'
      : /pdm/.test(backend)
        ? 'PDM'
        : 'setuptools';
  add('pyproject', ['pyproject.toml'], 0.92, `pyproject.toml describes a project built by ${builder}`, {
    installs,
    dynamic: /dependencies/.test(tomlValue(tables, 'project', 'dynamic') ?? '') ? 'yes' : undefined,
  });
}

function scriptNames(tables: readonly TomlTable[], name: string): EntryPoint[] {
  const table = tables.find((candidate) => candidate.name === name);
  return [...(table?.entries.keys() ?? [])].map((script, at) => scriptEntry(script, at));
}

/** `console_scripts` of setup.py and setup.cfg: `name = package.module:function`. */
function setupScripts(text: string): EntryPoint[] {
  const block = /console_scripts["']?\s*[:=]([\s\S]{0,2000})/.exec(text)?.[1] ?? '';
  return [...block.matchAll(/["'\s]([\w-]+)\s*=\s*[\w.]+:\w+/g)].map((match, at) =>
    scriptEntry(match[1] ?? '', at),
  );
}

function scriptEntry(script: string, at: number): EntryPoint {
  return { id: `script:${script}`, name: script, label: `${script} (console script)`, score: 12 - at };
}

function fileEntries(scan: FolderScan, sources: readonly string[]): EntryPoint[] {
  const candidates = sources.filter((path) => !NO_ENTRY.test(path) && depthOf(path) <= DEEPEST_ENTRY);
  return rankEntries(
    candidates.map((path): EntryPoint => {
      const name = stemOf(path);
      const runs = /^if\s+__name__\s*==\s*["']__main__["']/m.test(scan.texts.get(path) ?? '');
      const isModule = fileName(path) === '__main__.py';
      const named = name === 'main' ? 6 : isModule ? 6 : isMainName(name) ? 4 : isWorkerName(name) ? 1 : 0;
      const alone = candidates.length === 1 ? 3 : 0;
      const score = named + (runs ? 4 : 0) + alone - depthOf(path);
      return {
        id: path,
        name: isModule ? (path.split('/').at(-2) ?? name) : name,
        label: runs ? `${path} (has __main__)` : path,
        score,
      };
    }),
  );
}
