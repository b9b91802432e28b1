import { nearestKey } from '../../compose/knownKeys.ts';
import { flagValue } from '../instructionParts.ts';
import type { AdviceInput, AdviceRule } from './Advice.ts';
import { isNamed } from './adviceStages.ts';

/** A base without a tag, or with `latest`, is another image every few months. */
export const unpinnedBase: AdviceRule = ({ stages, add }) => {
  for (const { base, baseStart, baseEnd, parent } of stages) {
    if (parent !== undefined || base === '' || base === 'scratch' || /[$@]/.test(base)) continue;
    const tag = /:([^/:]+)$/.exec(base)?.[1];
    if (tag !== undefined && tag !== 'latest') continue;
    add({
      code: 'unpinned-base',
      severity: 'warning',
      start: baseStart,
      end: baseEnd,
      message:
        tag === undefined
          ? `${base} has no tag, so it means whatever is the latest.`
          : `${base} changes without notice.`,
      explanation: `Results can differ between two builds of the same files. Name a version (${base.replace(/:latest$/, '')}:…); with @sha256:… after the tag it can never change.`,
    });
  }
};

/** `--from=` and `FROM` that mean a stage which is not there, or not yet. */
export const unknownStage: AdviceRule = (input) => {
  for (const stage of input.stages) {
    const places = stage.instructions.flatMap((instruction) =>
      instruction.flags
        .filter((flag) => flag.name === 'from' && flag.value !== '')
        .map((flag) => ({
          keyword: instruction.keyword,
          value: flag.value,
          start: flag.end - flag.value.length,
          end: flag.end,
        })),
    );
    for (const place of places) checkStage(input, stage.index, place);
  }
};

function checkStage(
  { stages, add }: AdviceInput,
  index: number,
  place: { keyword: string; value: string; start: number; end: number },
): void {
  const { value, keyword, start, end } = place;
  if (value.includes('$') || stages.slice(0, index).some((stage) => isNamed(stage, value))) return;
  const later = stages.slice(index).find((stage) => isNamed(stage, value));
  if (later !== undefined || /^\d+$/.test(value)) {
    add({
      code: 'stage-not-yet',
      severity: 'warning',
      start,
      end,
      message:
        later === undefined
          ? `${keyword} takes from stage ${value}, which does not exist.`
          : `${keyword} takes from “${value}”, which is not built before this stage.`,
      explanation: 'A stage can take only from stages above it. Move that stage up, or name another.',
    });
    return;
  }
  if (/[/:@.]/.test(value)) return;
  const names = stages.slice(0, index).flatMap((stage) => stage.name ?? []);
  const near = nearestKey(value, names);
  if (names.length === 0 && near === undefined) return;
  add({
    code: 'unknown-stage',
    severity: 'warning',
    start,
    end,
    message: `No stage above is named “${value}”${near === undefined ? '' : `; is “${near}” meant?`}`,
    explanation: `Docker would look for an image of that name instead. Stages above: ${names.join(', ')}.`,
    fixes:
      near === undefined
        ? []
        : [
            {
              id: 'correct-stage',
              title: `Write ${near}`,
              edits: [{ file: '', start, end, newText: near }],
            },
          ],
  });
}

/** COPY sources that are not in the context, where the context is known. */
export const missingSource: AdviceRule = ({ stages, facts, add }) => {
  const { contextPaths } = facts;
  if (contextPaths === undefined || contextPaths.length === 0) return;
  for (const stage of stages) {
    for (const instruction of stage.instructions) {
      const { keyword, words, isExec, isHeredoc } = instruction;
      if (keyword !== 'COPY' || isExec || isHeredoc || flagValue(instruction, 'from') !== undefined) continue;
      for (const source of words.slice(0, -1)) {
        const path = source.text.replace(/^(\.?\/)+/, '').replace(/\/+$/, '');
        if (path === '' || path === '.' || /[$*?[\]\\"']/.test(path)) continue;
        if (contextPaths.some((known) => known === path || known.startsWith(`${path}/`))) continue;
        const near = nearestKey(path, contextPaths.slice(0, 5000));
        add({
          code: 'missing-source',
          severity: 'warning',
          start: source.start,
          end: source.end,
          message: `${path} is not in the build context${near === undefined ? '' : `; is ${near} meant?`}`,
          explanation:
            'The build would stop here. Paths are relative to the context folder, not to this file.',
          fixes:
            near === undefined
              ? []
              : [
                  {
                    id: 'correct-source',
                    title: `Write ${near}`,
                    edits: [{ file: '', start: source.start, end: source.end, newText: near }],
                  },
                ],
        });
      }
    }
  }
};
