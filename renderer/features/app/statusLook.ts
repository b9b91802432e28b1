import type { Tone } from '../../ui/StatusDot.tsx';

export interface StatusLook {
  label: string;
  tone: Tone;
  passing: boolean;
}

const LOOKS: Record<string, StatusLook> = {
  unreadable: { label: 'Cannot be read', tone: 'danger', passing: false },
  'no-project': { label: 'No Dockerfile yet', tone: 'idle', passing: false },
  stopped: { label: 'Stopped', tone: 'idle', passing: false },
  starting: { label: 'Starting', tone: 'busy', passing: true },
  running: { label: 'Running', tone: 'ok', passing: false },
  partly: { label: 'Partly running', tone: 'warn', passing: false },
  stopping: { label: 'Stopping', tone: 'busy', passing: true },
  done: { label: 'Done', tone: 'ok', passing: false },
  failed: { label: 'Failed', tone: 'danger', passing: false },
  unknown: { label: 'Engine not connected', tone: 'idle', passing: false },
};

/** Words and colour of an app's status, also of one this version does not know. */
export function statusLook(status: string): StatusLook {
  return Object.hasOwn(LOOKS, status) && LOOKS[status]
    ? LOOKS[status]
    : { label: status === '' ? 'Unknown' : status, tone: 'idle', passing: false };
}
