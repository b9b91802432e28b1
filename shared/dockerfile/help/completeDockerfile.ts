import type { DockerfileFacts } from '../DockerfileFacts.ts';
import type { InstructionParts } from '../instructionParts.ts';
import type { ParsedDockerfile } from '../parseDockerfile.ts';
import { INSTRUCTION_DOCS, instructionDocs } from './instructionDocs.ts';
import { placeInDockerfile } from './placeInDockerfile.ts';
import { SNIPPETS } from './snippets.ts';

export interface CompletionItem {
  label: string;
  kind: 'instruction' | 'flag' | 'value' | 'stage' | 'image' | 'variable' | 'file' | 'snippet';
  /** A few words beside it. */
  detail?: string | undefined;
  /** What is put in; the label if nothing is said. */
  insert?: string | undefined;
  /** `insert` has places to fill in, written `${name}`. */
  isTemplate?: boolean | undefined;
}

export interface DockerfileCompletion {
  /** What stands from here to the offset is replaced. */
  from: number;
  items: CompletionItem[];
}

const MOST_FILES = 500;
const MOUNTS: readonly [label: string, detail: string][] = [
  ['--mount=type=cache,target=/root/.cache/pip', 'pip’s cache, kept from build to build'],
  ['--mount=type=cache,target=/var/cache/apt,sharing=locked', 'Debian packages'],
  ['--mount=type=cache,target=/root/.npm', 'npm’s cache'],
  ['--mount=type=cache,target=/usr/local/cargo/registry', 'cargo’s cache'],
  ['--mount=type=cache,target=/root/.cache/ccache', 'ccache'],
  ['--mount=type=secret,id=', 'a secret, as a file in /run/secrets'],
  ['--mount=type=bind,target=.', 'the context, without copying it'],
  ['--mount=type=tmpfs,target=/tmp', 'memory'],
];

/** What can stand at an offset; null where nothing is known. Takes anything for a text. */
export function completeDockerfile(
  text: string,
  offset: number,
  facts: DockerfileFacts = {},
): DockerfileCompletion | null {
  const { parsed, instruction } = placeInDockerfile(text, offset);
  const lineStart = text.lastIndexOf('\n', offset - 1) + 1;
  const before = text.slice(lineStart, offset);
  if (/^\s*#/.test(before)) return null;
  if (
    /^\s*[A-Za-z]*$/.test(before) &&
    (instruction === undefined || offset <= instruction.start + instruction.keyword.length)
  )
    return { from: offset - before.trimStart().length, items: instructions(parsed) };
  if (instruction === undefined) return null;
  const word = /\S*$/.exec(text.slice(instruction.start, offset))?.[0] ?? '';
  const from = offset - word.length;
  const variable = /\$\{?(\w*)$/.exec(word);
  if (variable !== null) {
    const name = variable[1] ?? '';
    const opened = variable[0].startsWith('${') && text[offset] !== '}';
    return offer(offset - name.length, variables(parsed, offset, opened ? '}' : ''));
  }
  const value = /^--from=(.*)$/.exec(word);
  if (value !== null) return offer(from + '--from='.length, [...stages(parsed, offset), ...images(facts)]);
  if (word.startsWith('--mount=')) return offer(from, mounts());
  if (word.startsWith('-') && isBeforeArguments(instruction, from)) return offer(from, flags(instruction));
  switch (instruction.keyword) {
    case 'FROM':
      return completeFrom(parsed, instruction, from, offset, facts);
    case 'COPY':
    case 'ADD':
      return instruction.flags.some(({ name }) => name === 'from')
        ? null
        : offer(from, [
            ...(word === '' && isBeforeArguments(instruction, from) ? flags(instruction) : []),
            ...files(facts, word),
          ]);
    case 'RUN':
      return word === '' && isBeforeArguments(instruction, from) ? offer(from, mounts()) : null;
    case 'USER':
      return offer(from, [{ label: '1000:1000', kind: 'value', detail: 'no rights; need not exist' }]);
    case 'STOPSIGNAL':
      return offer(
        from,
        ['SIGTERM', 'SIGINT', 'SIGQUIT', 'SIGUSR1'].map((label) => ({ label, kind: 'value' })),
      );
    default:
      return null;
  }
}

function offer(from: number, items: CompletionItem[]): DockerfileCompletion | null {
  return items.length === 0 ? null : { from, items };
}

function instructions(parsed: ParsedDockerfile): CompletionItem[] {
  const known = INSTRUCTION_DOCS.filter(({ name }) => name !== 'MAINTAINER').map(
    ({ name, syntax }): CompletionItem => ({
      label: name,
      kind: 'instruction',
      detail: syntax,
      insert: `${name} `,
    }),
  );
  const snippets = SNIPPETS.map(
    ({ label, detail, insert }): CompletionItem => ({
      label,
      kind: 'snippet',
      detail,
      insert,
      isTemplate: true,
    }),
  );
  // Before the first FROM only FROM and ARG may stand.
  return parsed.stages.length === 0
    ? [
        ...known.filter(({ label }) => /^(?:FROM|ARG)$/.test(label)),
        ...snippets.filter(({ insert }) => insert?.startsWith('FROM') === true),
      ]
    : [...known, ...snippets];
}

function completeFrom(
  parsed: ParsedDockerfile,
  instruction: InstructionParts,
  from: number,
  offset: number,
  facts: DockerfileFacts,
): DockerfileCompletion | null {
  const before = instruction.words.filter(({ end }) => end < offset && end <= from);
  if (before.length === 0)
    return offer(from, [
      ...images(facts),
      ...stages(parsed, instruction.start),
      { label: 'scratch', kind: 'image', detail: 'nothing at all' },
    ]);
  return before.length === 1 ? offer(from, [{ label: 'AS', kind: 'instruction', insert: 'AS ' }]) : null;
}

function flags(instruction: InstructionParts): CompletionItem[] {
  const given = new Set(instruction.flags.map(({ name }) => name));
  return (instructionDocs(instruction.keyword)?.flags ?? [])
    .filter(({ name }) => name === '--mount' || !given.has(name.slice(2)))
    .map(({ name, syntax }) => ({
      label: name,
      kind: 'flag',
      detail: syntax,
      insert: syntax.includes('=') ? `${name}=` : `${name} `,
    }));
}

function mounts(): CompletionItem[] {
  return MOUNTS.map(([label, detail]) => ({
    label,
    kind: 'flag',
    detail,
    insert: label.endsWith('=') ? label : `${label} `,
  }));
}

/** Stages that begin before an offset's stage. */
function stages(parsed: ParsedDockerfile, offset: number): CompletionItem[] {
  const own = parsed.stages.findLast(({ from }) => from.range.start <= offset);
  return parsed.stages
    .filter((stage) => stage.name !== undefined && stage.index < (own?.index ?? 0))
    .map((stage) => ({ label: stage.name ?? '', kind: 'stage', detail: `from ${stage.base}` }));
}

function images(facts: DockerfileFacts): CompletionItem[] {
  return (facts.images ?? []).map((label) => ({ label, kind: 'image', detail: 'on the engine' }));
}

/** ARG and ENV that hold at an offset: of its own stage, and of the file’s head. */
function variables(parsed: ParsedDockerfile, offset: number, tail: string): CompletionItem[] {
  const start = parsed.stages.findLast(({ from }) => from.range.start < offset)?.from.range.start ?? 0;
  const names = new Map<string, string>();
  for (const { keyword, argument, range } of parsed.instructions) {
    const kind = keyword.toUpperCase();
    if (!/^(?:ARG|ENV)$/.test(kind) || range.start >= offset) continue;
    const isHead = range.start < (parsed.stages[0]?.from.range.start ?? Number.POSITIVE_INFINITY);
    if (range.start < start && !isHead) continue;
    const found =
      kind === 'ARG'
        ? [...argument.matchAll(/(?:^|\s)([A-Za-z_]\w*)/g)]
        : [...argument.matchAll(/(?:^|\s)([A-Za-z_]\w*)=/g)];
    for (const match of found) names.set(match[1] ?? '', kind);
  }
  return [...names].map(([label, kind]) => ({
    label,
    kind: 'variable',
    detail: kind,
    insert: label + tail,
  }));
}

/** Files and folders of the context one step below what is typed. */
function files({ contextPaths = [] }: DockerfileFacts, word: string): CompletionItem[] {
  const typed = word.replace(/^(?:\.?\/)+/, '');
  const folder = typed.slice(0, typed.lastIndexOf('/') + 1);
  const head = word.slice(0, word.length - typed.length);
  const found = new Set<string>();
  for (const path of contextPaths) {
    if (!path.startsWith(folder)) continue;
    const slash = path.indexOf('/', folder.length);
    found.add(slash === -1 ? path : path.slice(0, slash + 1));
    if (found.size >= MOST_FILES) break;
  }
  return [...found]
    .sort(
      (left, right) => Number(right.endsWith('/')) - Number(left.endsWith('/')) || (left < right ? -1 : 1),
    )
    .map((path) => ({ label: head + path, kind: 'file' }));
}

function isBeforeArguments(instruction: InstructionParts, at: number): boolean {
  return instruction.words.length === 0 || (instruction.words[0]?.start ?? 0) >= at;
}
