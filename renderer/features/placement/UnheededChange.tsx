import { placeWords } from '#shared/placement/describePlacement.ts';
import type { PlacedServiceView } from '#shared/placement/PlacementView.ts';
import { Banner } from '../../ui/Banner.tsx';
import { Button } from '../../ui/Button.tsx';
import { displayName } from '../app/displayName.ts';
import type { WrittenPlacement } from './writePlacement.ts';

interface UnheededChangeProps {
  /** As it is placed after the change. */
  service: PlacedServiceView;
  /** Undefined: the file said so already. */
  written: WrittenPlacement | undefined;
  onUndo: () => void;
  onDismiss: () => void;
}

/** Tells that a change of a placement has no effect, and which file decides instead. */
export function UnheededChange({ service, written, onUndo, onDismiss }: UnheededChangeProps) {
  const { decides } = service.source ?? {};
  const title =
    written === undefined
      ? 'This change has no effect.'
      : `What was written into ${written.path} has no effect.`;
  return (
    <Banner
      tone="warn"
      title={displayName(title)}
      action={
        written === undefined ? undefined : (
          <Button size="small" onClick={onUndo}>
            Undo
          </Button>
        )
      }
      onDismiss={onDismiss}
    >
      {decides === undefined
        ? 'No file gives this service a placement that counts.'
        : displayName(`${placeWords(decides)} decides. Change it there, or take its x-flotilla out.`)}
    </Banner>
  );
}
