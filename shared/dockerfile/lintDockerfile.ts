import type { Findings, FixDraft } from '../compose/Findings.ts';
import { nearestKey } from '../compose/knownKeys.ts';
import { adviseDockerfile } from './advice/adviseDockerfile.ts';
import type { DockerfileFacts } from './DockerfileFacts.ts';
import { type DockerfileStage, parseDockerfile } from './parseDockerfile.ts';

const KEYWORDS = [
  'ADD',
  'ARG',
  'CMD',
  'COPY',
  'ENTRYPOINT',
  'ENV',
  'EXPOSE',
  'FROM',
  'HEALTHCHECK',
  'LABEL',
  'MAINTAINER',
  'ONBUILD',
  'RUN',
  'SHELL',
  'STOPSIGNAL',
  'USER',
  'VOLUME',
  'WORKDIR',
];
const LARGEST_TEXT = 1024 * 1024;

export interface DockerfileSummary {
  /** Stages that make images of their own: each has its own command and no other stage uses it. */
  images: DockerfileImage[];
}

export interface DockerfileImage {
  stage: DockerfileStage;
  /** The name after AS, or the one a fix would give it. */
  name: string;
  /** Edit that gives it its name; undefined where it has one. */
  naming: { start: number; end: number; newText: string } | undefined;
  /** The script its command runs, without folder and ending, e.g. `subprocesses`. */
  script: string | undefined;
}

/**
 * Reports what is wrong or unwise in a Dockerfile, and tells which images it makes.
 *
 * @param facts `notes`: also what is merely worth knowing, for the editor; a project's list of problems does without
 */
export function lintDockerfile(
  file: string,
  text: string,
  findings: Findings,
  facts: DockerfileFacts & { notes?: boolean } = {},
): DockerfileSummary {
  const source = findings.know(file, text);
  if (text.length > LARGEST_TEXT) {
    findings.add({
      code: 'file-too-large',
      severity: 'error',
      file,
      message: `${file} is larger than 1 MiB.`,
      explanation: 'No Dockerfile written by a person is that large; it is not read.',
    });
    return { images: [] };
  }
  const parsed = parseDockerfile(text);
  const { instructions, stages } = parsed;
  if (instructions.length === 0) {
    findings.add({
      code: 'empty-dockerfile',
      severity: 'error',
      file,
      start: 0,
      message: `${file} holds no instruction.`,
      explanation: 'A Dockerfile needs at least FROM, which names the image to start from.',
    });
    return { images: [] };
  }
  checkFrontend(file, text, findings, facts.notes ?? false);
  let isFirst = true;
  for (const instruction of instructions) {
    const { keyword, range } = instruction;
    const upper = keyword.toUpperCase();
    const glued = KEYWORDS.find(
      (known) => upper.startsWith(known) && upper.length > known.length && !KEYWORDS.includes(upper),
    );
    if (!KEYWORDS.includes(upper)) {
      const place = { file, start: range.start, end: range.start + keyword.length };
      if (glued !== undefined && /^[^A-Za-z]|^[a-z/]/.test(keyword.slice(glued.length))) {
        const at = range.start + glued.length;
        findings.add({
          code: 'missing-space',
          severity: 'error',
          ...place,
          message: `There is no space after ${glued}.`,
          explanation: `Docker reads “${keyword}” as one word and knows no such instruction.`,
          fixes: [
            {
              id: 'insert-space',
              title: 'Insert the space',
              edits: [{ file, start: at, end: at, newText: ' ' }],
            },
          ],
        });
      } else {
        const near = nearestKey(
          upper.toLowerCase(),
          KEYWORDS.map((known) => known.toLowerCase()),
        )?.toUpperCase();
        const fixes: FixDraft[] =
          near === undefined
            ? []
            : [{ id: 'correct-keyword', title: `Write ${near}`, edits: [{ ...place, newText: near }] }];
        findings.add({
          code: 'unknown-instruction',
          severity: 'error',
          ...place,
          message: `“${keyword.slice(0, 40)}” is no instruction of a Dockerfile${near === undefined ? '' : `; is ${near} meant?`}`,
          explanation: `Docker knows ${KEYWORDS.join(', ')}.`,
          fixes,
        });
      }
    } else if (isFirst && upper !== 'FROM' && upper !== 'ARG') {
      findings.add({
        code: 'missing-from',
        severity: 'error',
        file,
        start: range.start,
        end: range.end,
        message: `${file} does not begin with FROM.`,
        explanation: 'FROM names the image to start from; only ARG may stand before it.',
      });
    }
    isFirst = isFirst && upper === 'ARG';
  }
  if (
    stages.length === 0 &&
    instructions.every((instruction) => instruction.keyword.toUpperCase() === 'ARG')
  ) {
    findings.add({
      code: 'missing-from',
      severity: 'error',
      file,
      start: 0,
      message: `${file} has no FROM.`,
      explanation: 'FROM names the image to start from.',
    });
  }
  const images = imagesOf(stages, source.text);
  const unnamed = images.filter((image) => image.naming !== undefined);
  const [, second] = images;
  if (second !== undefined && unnamed.length > 0) {
    findings.add({
      code: 'several-images-in-one-file',
      severity: 'warning',
      file,
      start: second.stage.from.range.start,
      end: second.stage.from.range.end,
      message: `${file} holds ${images.length} Dockerfiles in one text; here begins another.`,
      explanation:
        'Docker builds only the last one unless a service names the stage it wants. With names, each service can choose its own.',
      fixes: [
        {
          id: 'name-stages',
          title: `Name them ${unnamed.map((image) => image.name).join(' and ')}`,
          edits: namingEdits(file, images),
        },
      ],
    });
  }
  for (const finding of adviseDockerfile(file, text, parsed, facts))
    if (facts.notes === true || finding.severity !== 'info') findings.add(finding);
  return { images };
}

/** `# syntax=` names a program that reads the file instead of the builder's own part. */
function checkFrontend(file: string, text: string, findings: Findings, notes: boolean): void {
  const line = /^\uFEFF?\s*#\s*syntax\s*=\s*(\S+)[^\n]*\n?/i.exec(text);
  if (line === null) return;
  const name = line[1] ?? '';
  const isDockers = /^(?:docker\.io\/)?docker\/dockerfile(?::|@|$)/.test(name);
  if (isDockers && !notes) return;
  const start = text.startsWith('\uFEFF') ? 1 : 0;
  findings.add({
    code: 'remote-frontend',
    severity: isDockers ? 'info' : 'warning',
    file,
    start,
    end: line[0].trimEnd().length,
    message: `The “syntax” line asks for a build program from the network (${name}).`,
    explanation:
      'BuildKit fetches it before every build that has not got it, so offline the build fails; the classic builder ignores the line. Engines bring one along: the line is needed only for instructions newer than the engine.',
    fixes: [
      {
        id: 'remove-syntax',
        title: 'Remove the line',
        edits: [{ file, start, end: line[0].length, newText: '' }],
      },
    ],
  });
}

/** Edits that name every image of the file that has no name. */
export function namingEdits(
  file: string,
  images: readonly DockerfileImage[],
): { file: string; start: number; end: number; newText: string }[] {
  return images.flatMap((image) => (image.naming === undefined ? [] : [{ file, ...image.naming }]));
}

function imagesOf(stages: readonly DockerfileStage[], text: string): DockerfileImage[] {
  const used = new Set<string>();
  for (const stage of stages) {
    used.add(stage.base.toLowerCase());
    for (const instruction of stage.instructions) {
      const from = /--from=(\S+)/.exec(instruction.argument)?.[1];
      if (from !== undefined) used.add(from.toLowerCase());
    }
  }
  const isUsed = (stage: DockerfileStage): boolean =>
    used.has(String(stage.index)) || (stage.name !== undefined && used.has(stage.name.toLowerCase()));
  const own = stages.filter((stage) => !isUsed(stage) && commandOf(stage) !== undefined);
  const taken = new Set(
    stages.flatMap((stage) => (stage.name === undefined ? [] : [stage.name.toLowerCase()])),
  );
  return own.map((stage) => {
    const script = scriptOf(commandOf(stage) ?? '');
    if (stage.name !== undefined) return { stage, name: stage.name, naming: undefined, script };
    let name = script ?? `stage-${stage.index + 1}`;
    while (taken.has(name)) name = `${name}-${stage.index + 1}`;
    taken.add(name);
    const line = text.slice(stage.from.range.start, stage.from.range.end);
    const end = stage.from.range.start + line.trimEnd().length;
    return { stage, name, naming: { start: end, end, newText: ` AS ${name}` }, script };
  });
}

function commandOf(stage: DockerfileStage): string | undefined {
  return stage.instructions.findLast((instruction) => /^(CMD|ENTRYPOINT)$/i.test(instruction.keyword))
    ?.argument;
}

/** `["python", "processes.py"]` → `processes`. */
function scriptOf(command: string): string | undefined {
  const words = [...command.matchAll(/[\w./-]+/g)].map(([word]) => word);
  const script =
    words.find((word) => /\.(py|js|mjs|ts|sh|jl|r|pl|rb|jar|lua|php)$/i.test(word)) ??
    words.findLast((word) => !word.startsWith('-'));
  const name = script
    ?.split('/')
    .at(-1)
    ?.replace(/\.\w+$/, '')
    .toLowerCase()
    .replace(/[^a-z0-9_-]+/g, '-')
    .replace(/^[^a-z]+/, '');
  return name === undefined || name === '' ? undefined : name;
}
