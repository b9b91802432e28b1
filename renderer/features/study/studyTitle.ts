import type { StudyRecord } from '#shared/domain/Study.ts';

/** How a study is told from others: its name, when, and what was measured. */
export function studyTitle({ plan }: StudyRecord): string {
  const name = plan.name === undefined ? '' : `${plan.name}, `;
  return `${name}${new Date(plan.createdAt).toLocaleString()}: ${plan.workers.join(', ')} × ${plan.repetitions}`;
}
