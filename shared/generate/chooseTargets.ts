import type { ProgramKind } from '../domain/Generate.ts';
import type { Choices } from './Choices.ts';
import type { FolderScan } from './FolderScan.ts';
import { stemOf } from './FolderScan.ts';
import { USUAL_ENTRIES } from './handChosen.ts';
import { type DetectedProgram, type EntryPoint, isMainName, isWorkerName } from './Program.ts';
import type { Target } from './TemplateContext.ts';

/** Words that stand in a shell command or a path of one. */
const PLAIN = /^[\w./+@-]+$/;
const ENTRY_FORM = {
  pattern: /^[^\s"'\\$`;&|<>(){}]+$/,
  message: 'is no program: write the file or name without spaces.',
};

/**
 * Which program the image starts, and whether a second one works for it.
 * @param stages stages that a compose file asks for; empty where there is none
 */
export function chooseTargets(
  program: DetectedProgram,
  scan: FolderScan,
  choices: Choices,
  stages: readonly string[],
  mayStandAlone: boolean,
): Target[] {
  const entries = program.entries.filter(
    (entry) => PLAIN.test(entry.id.replace(/^script:/, '')) && PLAIN.test(entry.name),
  );
  const usual = USUAL_ENTRIES[program.finding.kind];
  const entryOf = (id: string): EntryPoint =>
    entries.find((entry) => entry.id === id) ?? {
      id,
      name: id === '.' ? plainName(scan.folderName) : plainName(stemOf(id)),
      label: id,
      score: 0,
    };
  const warn = (id: string): string | undefined => missingProgram(id, program, entries, scan);
  if (stages.length > 0)
    return stages.map((stage) => {
      const isWorker = isWorkerName(stage);
      const guess =
        entries.find((entry) => entry.name.toLowerCase() === stage.toLowerCase()) ??
        entries.find((entry) => isWorkerName(entry.name) === isWorker) ??
        entries[0];
      const id = choices.offer({
        id: `entry-${stage}`,
        label: `Program of “${stage}”`,
        value: guess?.id ?? usual,
        options: entries.map(({ id: value, label }) => ({ value, label })),
        free: true,
        form: ENTRY_FORM,
        warn,
        explanation: `The compose file names a stage “${stage}”: this is what it starts.`,
      });
      return { stage, entry: entryOf(id) };
    });
  const first = entries.find((entry) => isMainName(entry.name)) ?? entries[0];
  const id = choices.offer({
    id: 'entry',
    label: 'Program',
    value:
      (first !== undefined && entries[0] !== undefined && first.score >= entries[0].score - 3
        ? first
        : entries[0]
      )?.id ?? usual,
    options: entries.map(({ id: value, label }) => ({ value, label })),
    free: true,
    form: ENTRY_FORM,
    warn,
    explanation:
      entries.length === 0
        ? 'Nothing tells what is started: name the file or the program.'
        : 'What the image starts.',
  });
  const main = entryOf(id);
  const others = entries.filter((entry) => entry.id !== id);
  if (!mayStandAlone || others.length === 0) return [{ stage: undefined, entry: main }];
  const worker = isMainName(main.name) ? others.find((entry) => isWorkerName(entry.name)) : undefined;
  const workerId = choices.offer({
    id: 'worker',
    label: 'Worker program',
    value: worker?.id ?? '',
    options: [
      { value: '', label: 'None: one program' },
      ...others.map(({ id: value, label }) => ({ value, label })),
    ],
    explanation:
      worker === undefined
        ? 'A second program that many containers run while the first one leads. Each gets a stage and a service of its own.'
        : `${main.label} leads and ${worker.label} works, by their names: each gets a stage and a service of its own, and the workers can be scaled.`,
  });
  if (workerId === '') return [{ stage: undefined, entry: main }];
  return [
    { stage: 'main', entry: main },
    { stage: 'worker', entry: entryOf(workerId) },
  ];
}

/** Languages whose program is named by its file. */
const STARTED_BY_FILE = new Set<ProgramKind>(['python', 'julia', 'r', 'node']);

/** Why a program that was named cannot be started as the folder is now; undefined where it can, or nobody can tell. */
function missingProgram(
  id: string,
  { finding }: DetectedProgram,
  entries: readonly EntryPoint[],
  scan: FolderScan,
): string | undefined {
  const path = id.replace(/^\.\//, '');
  if (scan.truncated || entries.some((entry) => entry.id === id) || scan.paths.includes(path))
    return undefined;
  if (STARTED_BY_FILE.has(finding.kind) || finding.tool === 'compiler')
    return `There is no ${id} in this folder: the container could not start it.`;
  return entries.length === 0 ? undefined : `Nothing in this folder makes a program “${id}”.`;
}

function plainName(text: string): string {
  const plain = text.replaceAll(/[^\w.-]+/g, '-').replaceAll(/^[-.]+|[-.]+$/g, '');
  return plain === '' ? 'app' : plain;
}
