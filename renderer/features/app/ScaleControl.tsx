import { useState } from 'react';
import { MAX_REPLICAS } from '#shared/domain/limits.ts';
import { NumberField } from '../../ui/NumberField.tsx';
import { Slider } from '../../ui/Slider.tsx';
import { Tooltip } from '../../ui/Tooltip.tsx';
import styles from './ScaleControl.module.css';
import { sliderLimit } from './sliderLimit.ts';

interface ScaleControlProps {
  service: string;
  /** What is shown: the number asked for here, else the app's. */
  replicas: number;
  disabled: boolean;
  onChange: (replicas: number) => void;
}

/** How many of a service: by slider, by number, by steps. Every movement is told; the caller paces them. */
export function ScaleControl({ service, replicas, disabled, onChange }: ScaleControlProps) {
  // The scale must not change under the thumb: its end is held while the pointer is down.
  const [held, setHeld] = useState<number | null>(null);
  const limit = Math.max(held ?? sliderLimit(replicas), replicas);
  const label = `${service} replicas`;
  return (
    <div
      className={styles.control}
      onPointerDown={() => setHeld(limit)}
      onPointerUp={() => setHeld(null)}
      onPointerCancel={() => setHeld(null)}
    >
      <Tooltip content="Press + or − for one more or one fewer">
        <span className={styles.slider}>
          <Slider
            label={label}
            value={replicas}
            min={0}
            max={limit}
            disabled={disabled}
            onChange={onChange}
            onCommit={() => setHeld(null)}
          />
        </span>
      </Tooltip>
      <span className={styles.limit} aria-hidden>
        {limit}
      </span>
      <span className={styles.number} data-scale-field={service}>
        <NumberField
          label={label}
          hideLabel
          value={replicas}
          min={0}
          max={MAX_REPLICAS}
          disabled={disabled}
          onCommit={onChange}
        />
      </span>
    </div>
  );
}
