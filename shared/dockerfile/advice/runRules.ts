import type { AdviceRule } from './Advice.ts';
import { inherited } from './Advice.ts';

const NATIVE = /-m(?:arch|tune|cpu)=native\b|target-cpu=native\b|(?<=\s|["'=])-xHost\b/g;

/** `cd` holds for one RUN only. */
export const changeFolder: AdviceRule = ({ instructions, add }) => {
  for (const { commands, start, end } of instructions) {
    const [first] = commands;
    const last = commands.at(-1);
    if (first === undefined || last === undefined) continue;
    if (last.program === 'cd') {
      const [path] = last.args;
      const isAll = commands.length === 1 && path !== undefined && /^\/[\w./-]*$/.test(path.text);
      add({
        code: 'cd-without-effect',
        severity: 'warning',
        start: last.start,
        end: last.end,
        message: 'This cd has no effect on what follows.',
        explanation: 'Each RUN begins in the folder that WORKDIR names.',
        fixes: isAll
          ? [
              {
                id: 'write-workdir',
                title: `Write WORKDIR ${path.text}`,
                edits: [{ file: '', start, end, newText: `WORKDIR ${path.text}` }],
              },
            ]
          : [],
      });
    } else if (first.program === 'cd' && first.args[0]?.text.startsWith('/') === true) {
      add({
        code: 'cd-instead-of-workdir',
        severity: 'info',
        start: first.start,
        end: first.end,
        message: `cd holds for this step only; WORKDIR ${first.args[0]?.text ?? ''} above it says the same to be seen.`,
        explanation: 'WORKDIR also makes the folder, and the steps below begin there.',
      });
    }
  }
};

/** A relative WORKDIR without an absolute one before depends on the base image. */
export const relativeWorkdir: AdviceRule = ({ stages, add }) => {
  for (const stage of stages) {
    let isKnown = inherited(stage).some(({ keyword, rest }) => keyword === 'WORKDIR' && isAbsolute(rest));
    for (const { keyword, rest, restStart } of stage.instructions) {
      if (keyword !== 'WORKDIR' || rest === '') continue;
      if (isAbsolute(rest)) isKnown = true;
      else if (!isKnown)
        add({
          code: 'relative-workdir',
          severity: 'warning',
          start: restStart,
          end: restStart + rest.length,
          message: `WORKDIR ${rest} is relative to wherever the base image ends.`,
          explanation: 'It moves when the base image changes. Write it from the root.',
          fixes: [
            {
              id: 'from-root',
              title: `Write /${rest.replace(/^(?:\.\/)+/, '')}`,
              edits: [
                {
                  file: '',
                  start: restStart,
                  end: restStart + rest.length,
                  newText: `/${rest.replace(/^(?:\.\/)+/, '')}`,
                },
              ],
            },
          ].filter(() => !/\.\./.test(rest)),
        });
    }
  }
};

/** Code made for the machine that builds may not run on the machine that computes. */
export const nativeCode: AdviceRule = ({ instructions, add }) => {
  for (const { keyword, rest, restStart } of instructions) {
    if (!/^(?:RUN|ENV|ARG)$/.test(keyword)) continue;
    for (const match of rest.matchAll(NATIVE)) {
      add({
        code: 'native-code',
        severity: 'info',
        start: restStart + match.index,
        end: restStart + match.index + match[0].length,
        message: `${match[0]} makes code for the processor that builds.`,
        explanation:
          'It is the fastest there, and dies with “illegal instruction” on an older one. For a cluster of several kinds name the oldest: -march=x86-64-v3, say.',
      });
    }
  }
};

/** Ports run from 1 to 65535. */
export const portRange: AdviceRule = ({ instructions, add }) => {
  for (const { keyword, words } of instructions) {
    if (keyword !== 'EXPOSE') continue;
    for (const { text, start, end } of words) {
      const ports = /^(\d+)(?:-(\d+))?(?:\/\w+)?$/.exec(text);
      if (ports === null) continue;
      const first = Number(ports[1]);
      const last = Number(ports[2] ?? ports[1]);
      if (first >= 1 && last <= 65_535 && first <= last) continue;
      add({
        code: 'port-out-of-range',
        severity: 'warning',
        start,
        end,
        message: first > last ? `The ports ${text} run backwards.` : `${text} is no port.`,
        explanation: 'Ports are numbers from 1 to 65535.',
      });
    }
  }
};

function isAbsolute(path: string): boolean {
  return /^["']?(?:\/|\$|[A-Za-z]:)/.test(path);
}
