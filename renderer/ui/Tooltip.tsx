import { Slot } from 'radix-ui';
import type { ReactElement } from 'react';

/**
 * Gives its one child a tooltip. The bubble itself is drawn by the single {@link TooltipHost} at the root, so
 * a thousand tiles with tooltips cost a thousand attributes and nothing more.
 */
export function Tooltip({ content, keys, side, children }: TooltipProps) {
  return (
    <Slot.Root
      data-tooltip={content}
      {...(keys === undefined ? {} : { 'data-tooltip-keys': keys })}
      {...(side === undefined ? {} : { 'data-tooltip-side': side })}
    >
      {children}
    </Slot.Root>
  );
}

export interface TooltipProps {
  content: string;
  /** A shortcut to show beside it, e.g. `mod+k`. */
  keys?: string | undefined;
  side?: 'top' | 'bottom' | 'left' | 'right' | undefined;
  children: ReactElement;
}
