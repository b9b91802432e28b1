import { memo } from 'react';
import type { AutoscaleView } from '#shared/domain/Autoscale.ts';
import { autoscaleWords } from '#shared/scaling/autoscaleWords.ts';
import { Button } from '../../ui/Button.tsx';
import { CodeText } from '../../ui/CodeText.tsx';
import { Popover } from '../../ui/Popover.tsx';
import { Switch } from '../../ui/Switch.tsx';
import { DecisionList } from './DecisionList.tsx';
import styles from './DecisionPanel.module.css';
import { clock } from './clock.ts';
import { displayName } from './displayName.ts';

interface AutoscaleControlProps {
  service: string;
  autoscale: AutoscaleView;
  disabled: boolean;
  onChange: (on: boolean) => void;
}

/** Whether a service is scaled by itself, by what, and every decision with its reason. */
export const AutoscaleControl = memo(function AutoscaleControl(props: AutoscaleControlProps) {
  const { service, autoscale, disabled, onChange } = props;
  const { on, min, max, by, last, news } = autoscale;
  const bounds = `${min}–${max}`;
  return (
    <Popover
      label={`Scaling of ${service} by itself`}
      className={styles.panel}
      trigger={
        <Button
          size="small"
          variant="ghost"
          aria-label={`Auto ${bounds} for ${service}, ${on ? 'on' : 'off'}`}
        >
          <span className={styles.mark} data-on={on || undefined} aria-hidden />
          Auto {bounds}
        </Button>
      }
    >
      <Switch label="Scales by itself" checked={on} disabled={disabled && !on} onChange={onChange} />
      <p className={styles.rule}>
        From {min} to {max}, by {by.join(' and ')}.{' '}
        {on ? 'Setting a number by hand switches it off.' : 'Now you set the number.'}
      </p>
      {on && last?.kind === 'look' ? (
        <p className={styles.last}>
          <time>{clock(last.at)}</time> <CodeText text={displayName(autoscaleWords(last))} />
        </p>
      ) : null}
      <DecisionList news={news} words={autoscaleWords} />
    </Popover>
  );
});
