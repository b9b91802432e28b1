import { type FolderScan, fileName } from '../FolderScan.ts';
import { type EntryPoint, isMainName, isWorkerName } from '../Program.ts';

const NO_PROGRAM = /test|bench|example/i;
/** Targets of Makefiles that name work, not a file. */
const PHONY =
  /^(all|clean|distclean|install|uninstall|test|tests|check|run|help|default|docs?|format|lint|debug|release|depend|dist|veryclean|mrproper|\.PHONY|.*%.*)$/i;

function entry(name: string, at: number): EntryPoint {
  const liked = isMainName(name) ? 4 : isWorkerName(name) ? 1 : 2;
  return { id: name, name, label: name, score: liked - (NO_PROGRAM.test(name) ? 5 : 0) - at * 0.01 };
}

/** Executables of `add_executable`, with `${PROJECT_NAME}` filled in. */
export function cmakeTargets(scan: FolderScan): EntryPoint[] {
  const project =
    /\bproject\s*\(\s*["']?([\w.+-]+)/i.exec(scan.texts.get('CMakeLists.txt') ?? '')?.[1] ?? 'app';
  const names: string[] = [];
  for (const [path, text] of scan.texts) {
    if (fileName(path) !== 'CMakeLists.txt') continue;
    const bare = text.replaceAll(/#[^\n]*/g, '');
    for (const match of bare.matchAll(/\b(?:cuda_)?add_executable\s*\(\s*["']?([^\s"')]+)([^)]*)/gi)) {
      const name = (match[1] ?? '').replaceAll(/\$\{(CMAKE_)?PROJECT_NAME\}/g, project);
      if (!name.includes('$') && !/^\s*(ALIAS|IMPORTED)\b/.test(match[2] ?? '')) names.push(name);
    }
  }
  return names.map(entry);
}

/** Executables of Meson's `executable('name', …)`. */
export function mesonTargets(scan: FolderScan): EntryPoint[] {
  const names: string[] = [];
  for (const [path, text] of scan.texts) {
    if (fileName(path) !== 'meson.build') continue;
    for (const match of text.replaceAll(/#[^\n]*/g, '').matchAll(/\bexecutable\s*\(\s*['"]([^'"]+)['"]/g))
      if (match[1] !== undefined) names.push(match[1]);
  }
  return names.map(entry);
}

/** Programs a Makefile seems to make: what `-o` names, variables such as TARGET, and targets that are files. */
export function makeTargets(scan: FolderScan, makefile: string): EntryPoint[] {
  const text = (scan.texts.get(makefile) ?? '').replaceAll(/\\\r?\n/g, ' ').replaceAll(/#[^\n]*/g, '');
  const variables = new Map<string, string>();
  for (const match of text.matchAll(/^\s*(?:export\s+)?([\w.-]+)\s*[:?+]?=\s*(.*)$/gm))
    variables.set(match[1] ?? '', (match[2] ?? '').trim());
  const expand = (value: string, depth = 0): string =>
    depth > 5
      ? value
      : value.replaceAll(/\$[({]([\w.-]+)[)}]/g, (whole, name: string) => {
          const known = variables.get(name);
          return known === undefined ? whole : expand(known, depth + 1);
        });
  const names: string[] = [];
  const add = (value: string): void => {
    for (const name of expand(value).split(/\s+/))
      if (/^[\w./+-]+$/.test(name) && !PHONY.test(name) && !/\.(o|a|so|mod|d|h)$/.test(name))
        names.push(name.replace(/^\.\//, ''));
  };
  for (const name of [
    'TARGET',
    'TARGETS',
    'PROG',
    'PROGRAM',
    'PROGRAMS',
    'EXE',
    'EXEC',
    'EXECUTABLE',
    'BIN',
    'BINS',
    'PROGS',
  ]) {
    const value = variables.get(name);
    if (value !== undefined) add(value);
  }
  const all = /^all\s*:\s*([^=\n].*)$/m.exec(text)?.[1];
  if (all !== undefined) add(all);
  const targetsOf = /^([^\s:=#][^:=#\n]*?)\s*::?(?!=)[^\n]*\n((?:\t[^\n]*\n?)*)/gm;
  for (const match of `${text}\n`.matchAll(targetsOf)) {
    const recipe = match[2] ?? '';
    if (!/-o\b|\$@/.test(recipe) || /(^|\s)-c\b/.test(recipe)) continue;
    const output = /-o\s+(\S+)/.exec(recipe)?.[1];
    add(output === undefined || output === '$@' ? (match[1] ?? '') : output);
  }
  return [...new Set(names)].map(entry);
}
