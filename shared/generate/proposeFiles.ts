import { projectName } from '../compose/projectName.ts';
import {
  type GenerateChoice,
  type GeneratedFile,
  type GenerateProposal,
  PROGRAM_KINDS,
  type ProgramKind,
} from '../domain/Generate.ts';
import { Choices } from './Choices.ts';
import { chooseTargets } from './chooseTargets.ts';
import { commonSettings } from './commonSettings.ts';
import { type ComposeService, composeFile } from './composeFile.ts';
import { detectPrograms } from './detectPrograms.ts';
import { nativeCodeIn } from './detect/usesOf.ts';
import { FileDraft } from './FileDraft.ts';
import { chooseFolder } from './chooseFolder.ts';
import { scanBelow } from './FolderScan.ts';
import type { GenerateInput } from './GenerateInput.ts';
import { handChosen, KIND_LABELS } from './handChosen.ts';
import { dataFolders, ignoreFile } from './ignoreFile.ts';
import type { DetectedProgram } from './Program.ts';
import type { Target, Template, TemplateContext } from './TemplateContext.ts';
import { compiledTemplate } from './templates/compiledTemplate.ts';
import { goTemplate } from './templates/goTemplate.ts';
import { javaTemplate } from './templates/javaTemplate.ts';
import { juliaTemplate } from './templates/juliaTemplate.ts';
import { nodeTemplate } from './templates/nodeTemplate.ts';
import { pythonTemplate } from './templates/pythonTemplate.ts';
import { rTemplate } from './templates/rTemplate.ts';
import { rustTemplate } from './templates/rustTemplate.ts';

const TEMPLATES: Record<ProgramKind, Template> = {
  python: pythonTemplate,
  c: compiledTemplate,
  cpp: compiledTemplate,
  fortran: compiledTemplate,
  julia: juliaTemplate,
  r: rTemplate,
  rust: rustTemplate,
  go: goTemplate,
  node: nodeTemplate,
  java: javaTemplate,
};
/** In which order choices are shown; those of one stage or service follow the one they belong to. */
const ORDER = [
  'folder',
  'language',
  'entry',
  'worker',
  'version',
  'base',
  'build-base',
  'build-packages',
  'run-packages',
  'ranks',
  'user',
  'cpus',
  'gpus',
  'march',
  'cache',
  'data',
];

/**
 * A Dockerfile, an ignore file and, where there is none, a compose file for a folder. `present` of the files is left to the caller.
 * @throws FlotillaError `invalid-input` for a choice that cannot be
 */
export function proposeFiles(input: GenerateInput): GenerateProposal {
  const choices = new Choices(input.choices);
  const remarks: string[] = [];
  const { context, dockerfile, stages } = chooseFolder(input, choices);
  const scan = scanBelow(input.scan, context);
  const detected = detectPrograms(scan);
  const language = chooseLanguage(choices, detected.length > 0);
  const byHand = PROGRAM_KINDS.find((kind) => kind === language);
  const programs = byHand === undefined ? detected : [...detected, handChosen(byHand)];
  const findings = programs.map(({ finding }) => finding);
  if (input.scan.truncated)
    remarks.push(
      'The folder is large: only the first 20,000 files were looked at, down to eight folders deep.',
    );
  const chosen =
    byHand === undefined ? Math.min(input.finding ?? 0, programs.length - 1) : programs.length - 1;
  const program = programs[chosen];
  if (program === undefined)
    return { findings, chosen: undefined, choices: choices.list, files: [], remarks };

  const hasCompose = input.composeFile !== undefined;
  const targets = chooseTargets(program, scan, choices, stages, !hasCompose);
  const draft = new FileDraft();
  const settings = commonSettings(program, choices);
  const result = TEMPLATES[program.finding.kind]({
    scan,
    program,
    choices,
    draft,
    targets,
    title: projectName(scan.folderName),
    remarks,
    settings,
  } satisfies TemplateContext);
  const prefix = context === '.' ? '' : `${context}/`;
  const data = dataFolders(scan);
  const mountsData =
    data.length > 0 &&
    choices.ask({
      id: 'data',
      label: 'Data',
      value: true,
      yes: 'Mounted when it runs',
      no: 'Copied into the image',
      explanation: `${data.map((folder) => `${folder}/`).join(', ')} ${data.length === 1 ? 'looks' : 'look'} like data: mounted, the image stays small and the data can change without a build.`,
    });
  const files: GeneratedFile[] = [
    draft.toFile(`${prefix}${dockerfile}`),
    ignoreFile(scan, result.ignore, mountsData).toFile(`${prefix}.dockerignore`),
  ];
  if (hasCompose) {
    if (mountsData)
      remarks.push(
        `${input.composeFile} stays as it is. Mount the data there: ./${prefix}${data[0] ?? ''}:/app/${data[0] ?? ''}:ro.`,
      );
    else remarks.push(`${input.composeFile} stays as it is.`);
  } else
    files.push(
      compose(
        input,
        context,
        program,
        targets,
        choices,
        settings.ranks,
        result.threads,
        mountsData ? data : [],
        remarks,
      ),
    );
  remarks.push(...baseRemarks(files[0]?.text ?? ''));
  const native = nativeCodeIn(scan);
  if (native !== undefined)
    remarks.push(
      `${prefix}${native.path} asks for ${native.flag}: code for the processor that builds, which ends with “Illegal instruction” on an older one. Take it out, or build on the kind of machine that runs it.`,
    );
  return { findings, chosen, choices: inOrder(choices.list), files, remarks };
}

function compose(
  input: GenerateInput,
  context: string,
  program: DetectedProgram,
  targets: readonly Target[],
  choices: Choices,
  ranks: string | undefined,
  threads: readonly string[],
  data: readonly string[],
  remarks: string[],
): GeneratedFile {
  const { uses } = program.finding;
  const isSplit = targets.length > 1;
  const project = projectName(input.scan.folderName);
  const cpus = choices.offer({
    id: 'cpus',
    label: 'CPUs for each container',
    // A core for each rank: ranks that share one wait for each other.
    value: ranks ?? (uses.includes('openmp') ? '2' : isSplit ? '1' : ''),
    options: [...new Set(['', '1', '2', '4', '8', ranks ?? ''])].map((value) => ({
      value,
      label: value === '' ? 'No limit' : value,
    })),
    free: true,
    form: { pattern: /^$|^(0\.\d*[1-9]\d*|[1-9]\d{0,3}(\.\d+)?)$/, message: 'is no number of CPUs.' },
    explanation:
      threads.length === 0
        ? 'A limit of CPU time; the engine refuses more than it has.'
        : `A limit of CPU time, and as many threads (${threads.join(', ')}) as it allows: libraries count the CPUs of the machine, not of the limit. The engine refuses more than it has.`,
  });
  const gpus = uses.includes('cuda')
    ? choices.offer({
        id: 'gpus',
        label: 'GPUs for each container',
        value: 'all',
        options: [
          { value: 'all', label: 'All' },
          { value: '1', label: 'One' },
          { value: 'none', label: 'None' },
        ],
        explanation: 'The host needs NVIDIA’s driver and container toolkit.',
      })
    : 'none';
  const services: ComposeService[] = targets.map(({ stage }) => ({
    name: stage ?? project,
    role: stage === 'worker' ? 'worker' : 'main',
    target: stage,
  }));
  if (isSplit) remarks.push('The worker reaches the main program under the host name “main”.');
  return composeFile({
    project,
    context,
    services,
    cpus,
    threads,
    gpus: gpus === 'none' ? undefined : gpus,
    needsSharedMemory: uses.includes('mpi'),
    data,
  }).toFile('compose.yaml');
}

function chooseLanguage(choices: Choices, isRecognised: boolean): string {
  return choices.offer({
    id: 'language',
    label: 'Language',
    value: '',
    options: [
      { value: '', label: isRecognised ? 'As found' : 'Choose…' },
      ...PROGRAM_KINDS.map((kind) => ({ value: kind, label: KIND_LABELS[kind] })),
    ],
    explanation: isRecognised
      ? 'For a program that was not recognised.'
      : 'Nothing in this folder shows a language. Choose one, and name its program.',
  });
}

/** What has to be pulled before the first build. */
function baseRemarks(dockerfile: string): string[] {
  const stages = new Set([...dockerfile.matchAll(/^FROM \S+ AS (\S+)$/gm)].map((match) => match[1]));
  const bases = new Set(
    [...dockerfile.matchAll(/^FROM (\S+)/gm)]
      .map((match) => match[1] ?? '')
      .filter((base) => !stages.has(base)),
  );
  return [
    `The first build pulls ${[...bases].join(' and ')} where the engine does not have ${bases.size === 1 ? 'it' : 'them'} yet.`,
  ];
}

function inOrder(list: readonly GenerateChoice[]): GenerateChoice[] {
  const place = (id: string): number => {
    const at = ORDER.indexOf(id.startsWith('entry-') ? 'entry' : id);
    return at === -1 ? ORDER.length : at;
  };
  return [...list].sort((left, right) => place(left.id) - place(right.id));
}
