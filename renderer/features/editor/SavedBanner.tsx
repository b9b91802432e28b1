import type { AppView } from '#shared/domain/AppView.ts';
import { Banner } from '../../ui/Banner.tsx';
import { Button } from '../../ui/Button.tsx';
import { openPlan } from '../plan/planStore.ts';

interface SavedBannerProps {
  app: AppView;
  onDismiss: () => void;
}

/** What follows from saving: nothing that runs is touched before someone says so. */
export function SavedBanner({ app, onDismiss }: SavedBannerProps) {
  return (
    <Banner
      flush
      title="Saved."
      onDismiss={onDismiss}
      action={
        <Button size="small" onClick={() => openPlan(app.id)}>
          What will change…
        </Button>
      }
    >
      {app.workers.length > 0
        ? 'What runs is as it was; Run brings it to what the file says now and leaves the rest alone.'
        : 'Run starts what the file says.'}
    </Banner>
  );
}
