import { flagValue } from '../instructionParts.ts';
import type { ShellCommand } from '../shellCommands.ts';
import type { AdviceInput, AdviceInstruction, AdviceRule, AdviceStage } from './Advice.ts';
import { pipInstall } from './packageRules.ts';

/** How an install step depends on the project's files. */
interface Install {
  what: string;
  /** Files of the project it reads; undefined: more than can be told. */
  needs: string[] | undefined;
}

/** Everything is copied before the dependencies are installed: each change of any file installs them anew. */
export const cacheOrder: AdviceRule = (input) => {
  for (const stage of input.stages) {
    const copyAt = stage.instructions.findIndex(copiesEverything);
    const copy = stage.instructions[copyAt];
    if (copy === undefined) continue;
    for (let at = copyAt + 1; at < stage.instructions.length; at += 1) {
      const run = stage.instructions[at];
      if (run === undefined) break;
      const install = run.commands.map(installOf).find((found) => found !== undefined);
      if (install === undefined) continue;
      const edits = reorder(input, stage, copy, run, at - copyAt);
      input.add({
        code: 'cache-order',
        severity: 'warning',
        start: copy.start,
        end: copy.end,
        message: `Every change of any file makes ${install.what} run again.`,
        explanation:
          'A step is taken from the cache only while everything above it is unchanged. Install first, from the files that list what is needed, and copy the rest afterwards.',
        fixes:
          edits === undefined
            ? []
            : [{ id: 'install-first', title: `Move ${install.what} before the copy`, edits }],
      });
      break;
    }
  }
};

/** `COPY . /app` and its like. */
export function copiesEverything(instruction: AdviceInstruction): boolean {
  const { keyword, words, isExec, rest } = instruction;
  if (!/^(?:COPY|ADD)$/.test(keyword) || flagValue(instruction, 'from') !== undefined) return false;
  const sources = isExec
    ? (JSON.parse(rest) as string[]).slice(0, -1)
    : words.slice(0, -1).map(({ text }) => text);
  return sources.some((source) => /^(?:\.\/?|\/|\*|\.\/\*)$/.test(source));
}

function installOf(command: ShellCommand): Install | undefined {
  const { program, args } = command;
  const words = args.map(({ text }) => text);
  const has = (...verbs: string[]): boolean => verbs.some((verb) => words.includes(verb));
  if (/^(?:apt|apt-get|apk|dnf|yum|microdnf|zypper)$/.test(program) && has('install', 'add', 'in'))
    return { what: `${program} ${has('add') ? 'add' : 'install'}`, needs: [] };
  if (pipInstall(command) !== undefined) return pipNeeds(words);
  if (program === 'npm' && has('ci')) return { what: 'npm ci', needs: ['package.json', 'package-lock.json'] };
  if (/^(?:npm|yarn|pnpm)$/.test(program) && has('install', 'i', 'add'))
    return { what: `${program} install`, needs: undefined };
  if (program === 'go' && has('download')) return { what: 'go mod download', needs: ['go.mod', 'go.sum'] };
  if (program === 'cargo' && has('fetch')) return { what: 'cargo fetch', needs: undefined };
  if (/^(?:conda|mamba|micromamba)$/.test(program) && has('install', 'create', 'update')) {
    const file = words[words.findIndex((word) => /^(?:-f|--file)$/.test(word)) + 1];
    return {
      what: `${program} ${words.find((word) => /^(?:install|create|update)$/.test(word)) ?? 'install'}`,
      needs: has('-f', '--file') ? (file === undefined ? undefined : [file]) : [],
    };
  }
  if (/^(?:poetry|uv|pipenv|pdm)$/.test(program) && has('install', 'sync'))
    return { what: `${program} ${has('sync') ? 'sync' : 'install'}`, needs: undefined };
  if (program === 'julia' && /Pkg\.instantiate/.test(words.join(' ')))
    return { what: 'Pkg.instantiate', needs: undefined };
  if (/^R(?:script)?$/.test(program) && /install\.packages|renv::restore/.test(words.join(' ')))
    return { what: 'the installation of R packages', needs: undefined };
  return undefined;
}

/** `pip install -r requirements.txt` needs the list; `pip install .` needs the project itself and is in its place. */
function pipNeeds(words: readonly string[]): Install | undefined {
  const needs: string[] = [];
  let isKnown = true;
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at] ?? '';
    const list = /^(?:-r|--requirement|-c|--constraint)(?:=(.*))?$/.exec(word);
    if (list !== null) {
      const file = list[1] ?? words[(at += 1)];
      if (file === undefined) isKnown = false;
      else needs.push(file);
    } else if (/^(?:-e|--editable)/.test(word) || /^\.{0,2}\/|^\.$|\.whl$|^\.\[/.test(word)) return undefined;
  }
  if (needs.some((file) => !/^(?:\.\/)?[\w.-]+(?:\/[\w.-]+)*$/.test(file))) isKnown = false;
  return {
    what: 'pip install',
    needs: isKnown ? needs.map((file) => file.replace(/^\.\//, '')) : undefined,
  };
}

/**
 * Edits that put the install step above the copy, with a copy of just the files it reads; undefined where that could change what
 * the step does: something stands between, the step does other things too, or the files it reads are not known to be there.
 */
function reorder(
  { text, facts }: AdviceInput,
  stage: AdviceStage,
  copy: AdviceInstruction,
  run: AdviceInstruction,
  distance: number,
): { file: string; start: number; end: number; newText: string }[] | undefined {
  if (distance !== 1 || copy.isExec || copy.isHeredoc || copy.words.length !== 2 || run.isHeredoc)
    return undefined;
  if (!/^\.\/?$/.test(copy.words[0]?.text ?? '')) return undefined;
  const needs: string[] = [];
  for (const command of run.commands) {
    const install = installOf(command);
    if (install === undefined) {
      if (!isHarmless(command)) return undefined;
    } else if (install.needs === undefined) return undefined;
    else needs.push(...install.needs);
  }
  const target = copy.words[1]?.text ?? '';
  const workdir = stage.instructions.findLast(
    ({ keyword, start }) => keyword === 'WORKDIR' && start < copy.start,
  );
  // The step finds its files by names relative to the working folder: they must be copied to it.
  const isWorkdir =
    /^\.\/?$/.test(target) || (workdir !== undefined && trimSlash(workdir.rest) === trimSlash(target));
  if (needs.length > 0 && !isWorkdir) return undefined;
  const { contextPaths } = facts;
  if (contextPaths !== undefined && !needs.every((file) => contextPaths.includes(file))) return undefined;
  const folders = new Map<string, string[]>();
  for (const file of needs) {
    const folder = file.includes('/') ? file.slice(0, file.lastIndexOf('/')) : '';
    folders.set(folder, [...new Set([...(folders.get(folder) ?? []), file])]);
  }
  const flags = copy.flags.map((flag) => `${flag.text} `).join('');
  const copies = [...folders].map(
    ([folder, files]) =>
      `${copy.keyword} ${flags}${files.join(' ')} ./${folder === '' ? '' : `${folder}/`}\n`,
  );
  const lineEnd = text.indexOf('\n', run.end);
  const end = lineEnd === -1 ? text.length : lineEnd + 1;
  const copyLineEnd = text.indexOf('\n', copy.end) + 1;
  const newLine = text.includes('\r\n') ? '\r\n' : '\n';
  // With the remarks that stand above the step.
  const moved = text.slice(copyLineEnd, end);
  const newText = copies.join('').replaceAll('\n', newLine) + moved + (lineEnd === -1 ? newLine : '');
  return [
    { file: '', start: copy.start, end: copy.start, newText },
    { file: '', start: copyLineEnd, end, newText: '' },
  ];
}

/** A command that touches nothing of the project. */
function isHarmless({ program, args }: ShellCommand): boolean {
  if (/^(?:apt|apt-get|apk)$/.test(program)) return true;
  return program === 'rm' && args.some(({ text }) => text.startsWith('/var/lib/apt/lists'));
}

function trimSlash(path: string): string {
  return path.trim().replace(/(?<=.)\/+$/, '');
}
