const LABELS: Record<string, string> = {
  queued: 'Queued',
  packing: 'Packing',
  building: 'Building',
  succeeded: 'Succeeded',
  failed: 'Failed',
  cancelled: 'Cancelled',
  pending: 'Pending',
  running: 'Running',
  done: 'Done',
};

/** Words for a build's or step's state; an unknown one by its own name. */
export function buildStateLabel(state: string): string {
  return Object.hasOwn(LABELS, state) ? (LABELS[state] ?? state) : state;
}
