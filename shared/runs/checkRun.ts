import type { RunRecord } from '../domain/Run.ts';
import { bytesWords, requirementWords, unknown } from '../study/checkRequirements.ts';
import type { Requirement, RequirementResult } from '../study/Requirement.ts';
import { timeWords } from '../study/words.ts';
import { coreSecondsWords } from './usageWords.ts';

/** Whether a single run can be held to it, at some count; what compares several takes a study. */
export const isOfOneRun = ({ kind }: Requirement): boolean =>
  kind === 'time' || kind === 'memory' || kind === 'coreSeconds';

/**
 * Holds those requirements against a run that one can meet by itself: time, memory and core-seconds, without a count or with that of its workers. What it used is
 * the least there was (see RunUsage): too much is certain, enough is as far as was seen.
 *
 * @returns nothing for a run that goes on
 */
export function checkRun(
  requirements: readonly Requirement[],
  { summary, services, workers }: Pick<RunRecord, 'summary' | 'services' | 'workers'>,
): RequirementResult[] {
  if (summary.outcome === undefined) return [];
  const counted = new Set(services.filter(({ role }) => role === 'worker').map(({ name }) => name));
  const count = new Set(workers.filter(({ service }) => counted.has(service)).map(({ key }) => key)).size;
  return requirements
    .filter(({ at }) => at === undefined || at === count)
    .flatMap((requirement) => {
      const measured = measure(requirement, summary);
      if (measured === undefined) return [];
      if (summary.outcome !== 'ok') return [unknown(requirement, count, 'the run did not succeed')];
      if (typeof measured === 'string') return [unknown(requirement, count, measured)];
      const { isMet, text } = measured;
      return [
        {
          requirement,
          workers: count,
          status: isMet ? 'pass' : 'fail',
          text: `${requirementWords(requirement, count)}: ${text}`,
        },
      ];
    });
}

/** Undefined for what takes a study; a text says why nothing is known. */
function measure(
  requirement: Requirement,
  { startedAt, endedAt, usage }: RunRecord['summary'],
): { isMet: boolean; text: string } | string | undefined {
  switch (requirement.kind) {
    case 'time': {
      if (endedAt === undefined) return 'nobody saw its end';
      const timeMs = endedAt - startedAt;
      return { isMet: timeMs <= requirement.mostMs, text: timeWords(timeMs) };
    }
    case 'memory': {
      const { peakMemoryBytes } = usage ?? {};
      if (peakMemoryBytes === undefined) return 'it was not long enough for a look at its memory';
      return { isMet: peakMemoryBytes <= requirement.mostBytes, text: bytesWords(peakMemoryBytes) };
    }
    case 'coreSeconds':
      if (usage === undefined) return 'it was not long enough for a look at its CPU time';
      return { isMet: usage.coreSeconds <= requirement.most, text: coreSecondsWords(usage) };
    case 'efficiency':
    case 'slowdown':
      return undefined;
  }
}
