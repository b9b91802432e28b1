import { Popover as RadixPopover } from 'radix-ui';
import type { ReactElement, ReactNode } from 'react';
import { classNames } from './classNames.ts';
import { returnFocus } from './returnFocus.ts';
import styles from './Popover.module.css';

/** A panel that drops from `trigger` (a Button or IconButton). Escape and a press outside close it. */
export function Popover({
  trigger,
  label,
  open,
  onOpenChange,
  align = 'start',
  className,
  children,
}: PopoverProps) {
  return (
    <RadixPopover.Root {...(open === undefined ? {} : { open })} {...(onOpenChange ? { onOpenChange } : {})}>
      <RadixPopover.Trigger asChild>{trigger}</RadixPopover.Trigger>
      <RadixPopover.Portal>
        <RadixPopover.Content
          className={classNames(styles.popover, className)}
          aria-label={label}
          align={align}
          sideOffset={4}
          collisionPadding={8}
          // Opened by a key, it gives the focus back to where that was pressed.
          onCloseAutoFocus={(event) => {
            event.preventDefault();
            returnFocus();
          }}
          data-overlay
        >
          {children}
        </RadixPopover.Content>
      </RadixPopover.Portal>
    </RadixPopover.Root>
  );
}

export interface PopoverProps {
  trigger: ReactElement;
  label: string;
  open?: boolean | undefined;
  onOpenChange?: ((open: boolean) => void) | undefined;
  align?: 'start' | 'center' | 'end' | undefined;
  className?: string | undefined;
  children: ReactNode;
}
