import { Hammer } from 'lucide-react';
import { useState } from 'react';
import type { Client } from '#shared/contract/Client.ts';
import { changedCodeWords } from '#shared/build/changedCodeWords.ts';
import type { AppView } from '#shared/domain/AppView.ts';
import { Banner } from '../../ui/Banner.tsx';
import { Button } from '../../ui/Button.tsx';
import { type AppAbilities, isLive } from './appAbilities.ts';
import { displayName } from './displayName.ts';
import { useChangedCode } from './useChangedCode.ts';

interface ChangedCodeNoticeProps {
  app: AppView;
  client: Client;
  can: AppAbilities;
  /** Of an app of which nothing runs. */
  onBuildAndRun: () => void;
  /** Builds these, and replaces what runs of them. */
  onRebuild: (services: string[]) => void;
}

/** Says that what would run, or runs, is not the code that is in the folder. */
export function ChangedCodeNotice({ app, client, can, onBuildAndRun, onRebuild }: ChangedCodeNoticeProps) {
  const changed = useChangedCode(client, app, can.build);
  const [dismissed, setDismissed] = useState({ appId: '', at: 0 });
  const newest = Math.max(0, ...changed.map(({ changedAt }) => changedAt));
  if (changed.length === 0 || app.operations.length > 0) return null;
  if (dismissed.appId === app.id && dismissed.at >= newest) return null;
  const live = app.workers.some(isLive);
  const [first, ...others] = changed;
  return (
    <Banner
      flush
      title={
        others.length === 0
          ? 'An image is older than its code'
          : `${changed.length} images are older than their code`
      }
      action={
        <Button
          size="small"
          icon={<Hammer size={13} />}
          disabled={live ? !can.build : !can.buildAndRun}
          onClick={() => (live ? onRebuild(changed.map(({ service }) => service)) : onBuildAndRun())}
        >
          {live ? 'Rebuild and recreate' : 'Build and run'}
        </Button>
      }
      onDismiss={() => setDismissed({ appId: app.id, at: newest })}
    >
      {first === undefined ? '' : displayName(changedCodeWords(first))}
      {others.length === 0 ? '' : `, and of ${others.map(({ service }) => displayName(service)).join(', ')}`}.{' '}
      {live ? 'What runs is without the change.' : 'Run alone starts it without the change.'}
    </Banner>
  );
}
