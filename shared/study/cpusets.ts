import type { StudyPinning } from '../domain/Study.ts';

/** Workers that can have CPUs of their own, all of them at once. */
export function mostDisjoint({ perWorker, cpus }: StudyPinning): number {
  return Math.floor(cpus.length / perWorker);
}

/**
 * The CPUs of a worker, as the engine takes them (`0,2`): sets that have none in common while there are enough, then the same again from the beginning.
 * @param index from 1
 */
export function cpusetOf(pinning: StudyPinning, index: number): string {
  const { perWorker, cpus } = pinning;
  const place = (index - 1) % Math.max(1, mostDisjoint(pinning));
  return cpus.slice(place * perWorker, (place + 1) * perWorker).join(',');
}
