import type { AdviceInstruction, AdviceRule } from './Advice.ts';
import { inherited } from './Advice.ts';

/** A program started by a shell gets no signals: it is killed instead of being asked to stop. */
export const shellForm: AdviceRule = ({ stages, add }) => {
  for (const stage of stages) {
    if (!stage.ships) continue;
    if ([...inherited(stage), ...stage.instructions].some(({ keyword }) => keyword === 'SHELL')) continue;
    for (const instruction of stage.instructions) {
      const { keyword, rest, isExec, restStart, start } = instruction;
      if (!/^(?:CMD|ENTRYPOINT)$/.test(keyword) || isExec || rest === '' || /^(?:exec\s|\[)/.test(rest))
        continue;
      const words = simpleWords(instruction);
      add({
        code: 'shell-form',
        severity: 'warning',
        start,
        end: instruction.end,
        message: `${keyword} goes through a shell, which passes no signals on.`,
        explanation:
          'Stop then waits for the grace period and kills the program: a worker cannot save its state. Write the words as a list, or begin with exec.',
        fixes: [
          words === undefined
            ? {
                id: 'begin-with-exec',
                title: 'Begin with exec',
                edits: [{ file: '', start: restStart, end: restStart, newText: 'exec ' }],
              }
            : {
                id: 'write-list',
                title: 'Write it as a list',
                edits: [{ file: '', start: restStart, end: instruction.end, newText: listOf(words) }],
              },
        ].filter(({ id }) => id !== 'begin-with-exec' || !/[;&|\n]/.test(rest)),
      });
    }
  }
};

/** MAINTAINER is a label since 2017. */
export const deprecatedMaintainer: AdviceRule = ({ instructions, add }) => {
  for (const { keyword, start, end, rest } of instructions) {
    if (keyword !== 'MAINTAINER') continue;
    add({
      code: 'deprecated-maintainer',
      severity: 'info',
      start,
      end,
      message: 'MAINTAINER is deprecated.',
      explanation: 'Write a label instead; tools that read images look for it there.',
      fixes:
        rest === ''
          ? []
          : [
              {
                id: 'write-label',
                title: 'Write a label',
                edits: [
                  {
                    file: '',
                    start,
                    end,
                    newText: `LABEL org.opencontainers.image.authors=${JSON.stringify(rest.replaceAll(/^["']|["']$/g, ''))}`,
                  },
                ],
              },
            ],
    });
  }
};

function listOf(words: readonly string[]): string {
  return `[${words.map((word) => JSON.stringify(word)).join(', ')}]`;
}

/** The words, where a shell would do nothing but cut at blanks. */
function simpleWords({ rest, words }: AdviceInstruction): string[] | undefined {
  if (/[$&|;<>()*?`"'\\~#{}[\]!\n]/.test(rest) || /^\w+=/.test(rest)) return undefined;
  return words.map(({ text }) => text);
}
