import { memo } from 'react';
import { type DoorView, doorWords } from '#shared/domain/Door.ts';
import { Button } from '../../ui/Button.tsx';
import { Popover } from '../../ui/Popover.tsx';
import { DecisionList } from './DecisionList.tsx';
import styles from './DecisionPanel.module.css';
import { displayName } from './displayName.ts';

interface DoorControlProps {
  service: string;
  door: DoorView;
}

/** Whether main's control door is open, what main may ask for, and every decision. */
export const DoorControl = memo(function DoorControl({ service, door }: DoorControlProps) {
  const { isOpen, ranges, news } = door;
  const bounds = ranges.map((range) => `${displayName(range.service)} from ${range.min} to ${range.max}`);
  return (
    <Popover
      label={`Control door of ${service}`}
      className={styles.panel}
      trigger={
        <Button
          size="small"
          variant="ghost"
          aria-label={`Control door of ${service}, ${isOpen ? 'open' : 'closed'}`}
        >
          <span className={styles.mark} data-on={isOpen || undefined} aria-hidden />
          Door
        </Button>
      }
    >
      <p className={styles.rule}>
        {isOpen ? 'Open' : 'Closed'}. While it runs, {service} sees the app’s workers
        {bounds.length === 0
          ? ', and may scale none: no file gives bounds.'
          : ` and may scale ${bounds.join(', ')}.`}
      </p>
      <DecisionList news={news} words={doorWords} />
    </Popover>
  );
});
