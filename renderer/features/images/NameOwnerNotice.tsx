import type { ImageSummary } from '#shared/domain/Image.ts';
import { formatReference, parseReference } from '#shared/image/parseReference.ts';
import { Banner } from '../../ui/Banner.tsx';
import { displayName } from '../app/displayName.ts';
import { formatAgo } from '../welcome/formatAgo.ts';
import { shortId } from './imageRows.ts';

/** Which image has a name now, and what becomes of it when the name moves. `name` must be sound. */
export function NameOwnerNotice({ name, owner }: { name: string; owner: ImageSummary }) {
  const full = formatReference(parseReference(name));
  const others = owner.tags.filter((tag) => tag !== full);
  const { createdAt, usedBy } = owner;
  const age = createdAt === 0 ? '' : `, made ${formatAgo(createdAt, Date.now())}`;
  return (
    <Banner tone="warn" title={`${displayName(full)} names another image now: ${shortId(owner.id)}${age}.`}>
      {others.length > 0
        ? `That image keeps its other names: ${others.map(displayName).join(', ')}.`
        : 'That image is left without a name.'}
      {usedBy.length > 0
        ? ` Its containers go on with it: ${usedBy.map(displayName).join(', ')}.`
        : others.length === 0 && ' No container uses it, so Prune would remove it.'}
    </Banner>
  );
}
