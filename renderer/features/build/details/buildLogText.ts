import type { BuildView } from '#shared/domain/Build.ts';
import { withoutColours } from '../../logs/cleanTerminalText.ts';
import type { BuildFeed } from '../BuildFeed.ts';
import { buildStateLabel } from '../buildStateLabel.ts';
import { isGoing } from '../state/isGoing.ts';
import { stepWords } from '../steps/stepTime.ts';

/** A build's log as plain text: a head, then each step with its lines. */
export function buildLogText(build: BuildView, feed: Pick<BuildFeed, 'output' | 'dropped'>): string {
  const now = Date.now();
  const text = [`# ${build.service}: ${build.tag} (${buildStateLabel(build.state)})`];
  if (feed.dropped > 0) text.push(`# ${feed.dropped} earlier lines are not kept`);
  text.push(...feed.output(0).map(withoutColours));
  for (const step of build.steps) {
    const words = stepWords(step, now, isGoing(build.state));
    text.push('', `# ${step.number}/${step.total} ${step.instruction}${words === '' ? '' : ` (${words})`}`);
    text.push(...feed.output(step.number).map(withoutColours));
  }
  if (build.error) {
    const { file, line, message, hint } = build.error;
    const place = file === undefined ? '' : `${file}${line === undefined ? '' : `:${line}`}: `;
    text.push('', `# ${place}${message}`);
    if (hint !== undefined) text.push(`# ${hint}`);
  }
  return `${text.join('\n')}\n`;
}
