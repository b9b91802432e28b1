import { MAX_REPLICAS } from '#shared/domain/limits.ts';

/** `1, 2, 4` as numbers; undefined when one of them is no number of workers. */
export function parseCounts(text: string): number[] | undefined {
  const words = text.split(/[\s,;]+/).filter((word) => word !== '');
  const counts = words.map((word) => (/^\d{1,4}$/.test(word) ? Number(word) : Number.NaN));
  const isGood = counts.length > 0 && counts.every((count) => count >= 1 && count <= MAX_REPLICAS);
  return isGood ? [...new Set(counts)].sort((a, b) => a - b) : undefined;
}

/** Powers of two up to the CPUs, and the CPUs themselves. */
export function usualCounts(cpus: number): number[] {
  const counts: number[] = [];
  for (let count = 1; count < Math.max(2, cpus); count *= 2) counts.push(count);
  return [...counts, Math.max(2, cpus)];
}
