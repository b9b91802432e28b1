import type { AdviceInstruction, AdviceRule, AdviceStage } from './Advice.ts';
import { inherited } from './Advice.ts';

/** Images whose user is not root already. */
const NOT_ROOT = /nonroot|rootless|^(?:quay\.io\/)?jupyter\/|^(?:docker\.io\/)?bitnami\//i;

/** An image whose program runs as root. */
export const rootUser: AdviceRule = ({ stages, add }) => {
  for (const stage of stages) {
    if (!stage.isResult || NOT_ROOT.test(firstBase(stage))) continue;
    const all = [...inherited(stage), ...stage.instructions];
    const user = lastUser(all);
    if (user !== undefined && !isRoot(user)) continue;
    const command = stage.instructions.findLast(({ keyword }) => /^(?:CMD|ENTRYPOINT)$/.test(keyword));
    if (command === undefined) continue;
    const first = stage.instructions.find(({ keyword }) => /^(?:CMD|ENTRYPOINT)$/.test(keyword)) ?? command;
    add({
      code: 'root-user',
      severity: 'info',
      start: command.start,
      end: command.start + command.keyword.length,
      message: user === undefined ? 'The program runs as root.' : `The program runs as ${user}.`,
      explanation:
        'Files it writes into a mounted folder then belong to root, and a mistake can do more harm. Add USER with a number, and COPY --chown= for what it has to write.',
      fixes: [
        {
          id: 'add-user',
          title: 'Run as user 1000',
          edits: [{ file: '', start: first.start, end: first.start, newText: 'USER 1000:1000\n' }],
        },
      ],
    });
  }
};

/** sudo has no place in a build: RUN is root already, and sudo is rarely there. */
export const noSudo: AdviceRule = ({ stages, add }) => {
  for (const stage of stages) {
    let user = lastUser(inherited(stage));
    for (const instruction of stage.instructions) {
      if (instruction.keyword === 'USER') user = instruction.words[0]?.text;
      const places = instruction.commands.flatMap(({ words: [sudo, next] }) =>
        sudo?.text === 'sudo' && next !== undefined ? [{ sudo, next }] : [],
      );
      const [first] = places;
      if (first === undefined) continue;
      const removable =
        (user === undefined || isRoot(user)) && places.every(({ next }) => !next.text.startsWith('-'));
      add({
        code: 'sudo-in-run',
        severity: 'warning',
        start: first.sudo.start,
        end: first.sudo.end,
        message: 'sudo in a build step.',
        explanation:
          'RUN is root unless USER says otherwise, and most images have no sudo. Where the user was changed, write USER root before and USER … after.',
        fixes: removable
          ? [
              {
                id: 'remove-sudo',
                title: 'Remove sudo',
                edits: places.map(({ sudo, next }) => ({
                  file: '',
                  start: sudo.start,
                  end: next.start,
                  newText: '',
                })),
              },
            ]
          : [],
      });
    }
  }
};

function lastUser(instructions: readonly AdviceInstruction[]): string | undefined {
  return instructions.findLast(({ keyword }) => keyword === 'USER')?.words[0]?.text;
}

function isRoot(user: string): boolean {
  return /^(?:root|0)(?::|$)/.test(user);
}

function firstBase(stage: AdviceStage): string {
  return stage.parent === undefined ? stage.base : firstBase(stage.parent);
}
