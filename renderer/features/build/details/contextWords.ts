import type { BuildView } from '#shared/domain/Build.ts';
import { formatBytes } from '../formatBytes.ts';
import { isGoing } from '../state/isGoing.ts';

/** The build context in one line: what it weighs and, once it is known, how much of that was sent. */
export function contextWords(build: Pick<BuildView, 'context' | 'state' | 'steps'>): string | undefined {
  const { context } = build;
  if (context === undefined) return undefined;
  const files = `${context.files.toLocaleString('en')} ${context.files === 1 ? 'file' : 'files'}`;
  return [`context ${files}, ${formatBytes(context.bytes)}`, sentWords(build)].filter(Boolean).join('; ');
}

/** The bytes on their way, while there are any to be awaited. BuildKit runs steps before it asks for files, if it asks at all. */
export function isSending(build: Pick<BuildView, 'context' | 'state' | 'steps'>): boolean {
  const { context } = build;
  if (context === undefined || !isGoing(build.state) || context.arrived === true) return false;
  return context.sentBytes < context.bytes && !(context.sentBytes === 0 && hasBegunSteps(build));
}

function sentWords(build: Pick<BuildView, 'context' | 'state' | 'steps'>): string {
  const { context, state } = build;
  if (context === undefined || context.bytes === 0 || context.sentBytes >= context.bytes) return '';
  if (context.sentBytes > 0) return isSending(build) ? '' : `${formatBytes(context.sentBytes)} of it sent`;
  if (context.arrived === true || state === 'succeeded') return 'nothing had to be sent';
  if (!isGoing(state)) return 'nothing was sent';
  return hasBegunSteps(build) ? 'nothing asked for so far' : '';
}

function hasBegunSteps({ steps }: Pick<BuildView, 'steps'>): boolean {
  return steps.some((step) => step.state !== 'pending');
}
