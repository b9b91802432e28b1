import type { ShellCommand } from '../shellCommands.ts';
import {
  type AdviceInput,
  type AdviceInstruction,
  type AdviceRule,
  type AdviceStage,
  inherited,
} from './Advice.ts';

/** How Debian's packages are installed in a build. */
export const aptPackages: AdviceRule = (input) => {
  for (const stage of input.stages) {
    for (const instruction of stage.instructions) {
      const commands = instruction.commands.filter(({ program }) => /^apt(?:-get)?$/.test(program));
      if (commands.length === 0) continue;
      const installs = commands.filter((command) => verbOf(command) === 'install');
      checkUpdate(input, instruction, commands, installs);
      for (const install of installs) checkInstall(input, install);
      const [install] = installs;
      if (install !== undefined && stage.ships) checkLists(input, instruction, install);
    }
  }
};

function checkUpdate(
  { add }: AdviceInput,
  instruction: AdviceInstruction,
  commands: readonly ShellCommand[],
  installs: readonly ShellCommand[],
): void {
  const update = commands.find((command) => verbOf(command) === 'update');
  const does = commands.some((command) => !['update', undefined].includes(verbOf(command)));
  if (update === undefined || installs.length > 0 || does || mountsOn(instruction, '/var/lib/apt')) return;
  add({
    code: 'apt-update-alone',
    severity: 'warning',
    start: update.start,
    end: update.end,
    message: `${update.program} update stands in a step of its own.`,
    explanation:
      'Its lists stay in the cache while the install line changes, and then name packages that are gone. Write update and install in one RUN, joined by &&.',
  });
}

function checkInstall({ add }: AdviceInput, install: ShellCommand): void {
  const verb = install.args.find(({ text }) => text === 'install');
  if (verb === undefined) return;
  const options = install.args.map(({ text }) => text);
  const place = { start: install.start, end: verb.end };
  if (!options.some((text) => /^--(?:yes|assume-yes)$|^-[a-z]*(?:y|qq)[a-z]*$|^-q=2/.test(text)))
    add({
      code: 'apt-asks',
      severity: 'warning',
      ...place,
      message: `${install.program} install asks before it begins, and nobody can answer.`,
      explanation: 'Without -y the step stops as soon as there is something to ask.',
      fixes: [
        {
          id: 'answer-yes',
          title: 'Add -y',
          edits: [{ file: '', start: verb.end, end: verb.end, newText: ' -y' }],
        },
      ],
    });
  if (
    !options.some((text) => /no-install-recommends|Install-Recommends=(?:0|false|no)/i.test(text)) &&
    options.some((text) => !text.startsWith('-') && text !== 'install')
  )
    add({
      code: 'apt-recommends',
      severity: 'info',
      ...place,
      message: `${install.program} also installs what is merely recommended.`,
      explanation: 'That is often several times as much as was asked for.',
      fixes: [
        {
          id: 'no-recommends',
          title: 'Add --no-install-recommends',
          edits: [{ file: '', start: verb.end, end: verb.end, newText: ' --no-install-recommends' }],
        },
      ],
    });
}

function checkLists({ add }: AdviceInput, instruction: AdviceInstruction, install: ShellCommand): void {
  const { rest } = instruction;
  if (/\/var\/lib\/apt\/lists|\/var\/lib\/apt\b/.test(rest) || mountsOn(instruction, '/var/lib/apt')) return;
  const verb = install.args.find(({ text }) => text === 'install');
  // `&&` after the last command is right unless a list of another kind ends there.
  const isSimple = !instruction.isHeredoc && !/[;\n]|\|\||[^&]&$|\{|\(/.test(rest);
  add({
    code: 'apt-lists-kept',
    severity: 'warning',
    start: install.start,
    end: verb?.end ?? install.end,
    message: 'The package lists stay in the image.',
    explanation:
      'They are some 20 to 50 MB that nobody needs. Remove them in the same RUN; in a later one they are only hidden.',
    fixes: isSimple
      ? [
          {
            id: 'remove-lists',
            title: 'Remove the lists in the same step',
            edits: [
              {
                file: '',
                start: instruction.end,
                end: instruction.end,
                newText: ' \\\n    && rm -rf /var/lib/apt/lists/*',
              },
            ],
          },
        ]
      : [],
  });
}

/** What Python's and conda's installers leave behind. */
export const pythonPackages: AdviceRule = ({ stages, add }) => {
  for (const stage of stages) {
    if (!stage.ships) continue;
    for (const instruction of stage.instructions) {
      for (const command of instruction.commands) {
        const verb = pipInstall(command);
        if (verb !== undefined && !keepsNoPipCache(stage, instruction, command))
          add({
            code: 'pip-cache-kept',
            severity: 'warning',
            start: command.start,
            end: verb.end,
            message: 'pip leaves a second copy of what it downloads in the image.',
            explanation:
              'Add --no-cache-dir, or keep the cache out of the image and across builds: RUN --mount=type=cache,target=/root/.cache/pip …',
            fixes: [
              {
                id: 'no-cache-dir',
                title: 'Add --no-cache-dir',
                edits: [{ file: '', start: verb.end, end: verb.end, newText: ' --no-cache-dir' }],
              },
            ],
          });
      }
      const conda = instruction.commands.find(
        ({ program, args }) =>
          /^(?:conda|mamba|micromamba)$/.test(program) &&
          args.some(({ text }) => /^(?:install|create|update)$/.test(text)),
      );
      if (conda !== undefined && !/\bclean\b/.test(instruction.rest) && !mountsOn(instruction, '/pkgs'))
        add({
          code: 'conda-cache-kept',
          severity: 'info',
          start: conda.start,
          end: conda.end,
          message: `${conda.program} leaves every package archive in the image.`,
          explanation: `End the same RUN with && ${conda.program} clean --all --yes; often that halves the image.`,
        });
    }
  }
};

/** The word `install` of a pip command. */
export function pipInstall({ program, args }: ShellCommand): ShellCommand['args'][number] | undefined {
  const isPip =
    /^pip[\d.]*$/.test(program) ||
    (/^(?:python|pypy)[\d.]*$/.test(program) &&
      args[0]?.text === '-m' &&
      /^pip[\d.]*$/.test(args[1]?.text ?? ''));
  return isPip ? args.find(({ text }) => text === 'install') : undefined;
}

function keepsNoPipCache(stage: AdviceStage, run: AdviceInstruction, command: ShellCommand): boolean {
  if (command.words.some(({ text }) => text === '--no-cache-dir' || text.startsWith('PIP_NO_CACHE_DIR=')))
    return true;
  if (mountsOn(run, '.cache')) return true;
  return [...inherited(stage), ...stage.instructions].some(
    ({ keyword, rest, start }) =>
      (keyword === 'ENV' || keyword === 'ARG') &&
      start < run.start &&
      /\bPIP_(?:NO_CACHE_DIR|CACHE_DIR)\b/.test(rest),
  );
}

function verbOf({ args }: ShellCommand): string | undefined {
  return args.find(({ text }) =>
    /^(?:install|update|upgrade|dist-upgrade|full-upgrade|build-dep|source|download)$/.test(text),
  )?.text;
}

function mountsOn(instruction: AdviceInstruction, path: string): boolean {
  return instruction.flags.some(({ name, value }) => name === 'mount' && value.includes(path));
}
