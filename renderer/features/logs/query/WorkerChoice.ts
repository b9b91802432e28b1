import { displayName } from '../../app/displayName.ts';

/** Whose lines a pane shows. */
export type WorkerChoice =
  | { kind: 'all' }
  | { kind: 'service'; service: string }
  | { kind: 'worker'; worker: string };

export const ALL_WORKERS: WorkerChoice = { kind: 'all' };

/** Single workers offered in a list; beyond, the legend or a click on a worker's tile picks it. */
const WORKERS_LISTED = 64;

export function choiceValue(choice: WorkerChoice): string {
  if (choice.kind === 'all') return 'all';
  return choice.kind === 'service' ? `service:${choice.service}` : `worker:${choice.worker}`;
}

export function readChoiceValue(value: string): WorkerChoice {
  if (value.startsWith('service:')) return { kind: 'service', service: value.slice('service:'.length) };
  if (value.startsWith('worker:')) return { kind: 'worker', worker: value.slice('worker:'.length) };
  return ALL_WORKERS;
}

export function choiceOptions(
  workers: readonly string[],
  services: readonly string[],
  choice: WorkerChoice,
): { value: string; label: string }[] {
  const listed = workers.length <= WORKERS_LISTED ? [...workers] : [];
  if (choice.kind === 'worker' && !listed.includes(choice.worker)) listed.push(choice.worker);
  return [
    { value: 'all', label: 'All workers' },
    ...services.map((service) => ({ value: `service:${service}`, label: `All ${displayName(service)}` })),
    ...listed.map((worker) => ({ value: `worker:${worker}`, label: displayName(worker) })),
  ];
}
