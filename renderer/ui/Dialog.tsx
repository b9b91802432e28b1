import { X } from 'lucide-react';
import { Dialog as RadixDialog } from 'radix-ui';
import { type ReactNode, useRef } from 'react';
import { useBackgroundInert } from './backgroundInert.ts';
import { classNames } from './classNames.ts';
import styles from './Dialog.module.css';
import { IconButton } from './IconButton.tsx';
import { returnFocus } from './returnFocus.ts';

/**
 * A modal dialog. Escape and a press outside close it; focus goes back to where it was.
 *
 * Radix's own modal mode adds a style element to lock scrolling, which the content security policy forbids;
 * nothing scrolls behind us, so the background is made inert instead.
 */
export function Dialog({
  open,
  onClose,
  title,
  description,
  size = 'medium',
  hideHeader = false,
  footer,
  bodyClassName,
  children,
  ...rest
}: DialogProps) {
  useBackgroundInert(open);
  const content = useRef<HTMLDivElement>(null);
  return (
    <RadixDialog.Root open={open} onOpenChange={(next) => !next && onClose()} modal={false}>
      <RadixDialog.Portal>
        <div className={styles.overlay} data-overlay>
          <RadixDialog.Content
            ref={content}
            className={classNames(styles.dialog, styles[size])}
            aria-modal="true"
            data-overlay
            {...(description === undefined ? { 'aria-describedby': undefined } : {})}
            onOpenAutoFocus={(event) => {
              const wanted = content.current?.querySelector<HTMLElement>('[data-autofocus]');
              if (!wanted) return;
              event.preventDefault();
              wanted.focus();
            }}
            onCloseAutoFocus={(event) => {
              event.preventDefault();
              returnFocus();
            }}
            onFocusOutside={(event) => event.preventDefault()}
            onPointerDownOutside={(event) => {
              const target = event.target;
              // Toasts and menus lie above the dialog; pressing them is not pressing outside.
              if (!(target instanceof Element) || !target.classList.contains(styles.overlay ?? ''))
                event.preventDefault();
            }}
          >
            <header className={hideHeader ? 'visually-hidden' : styles.header}>
              <RadixDialog.Title className={styles.title}>{title}</RadixDialog.Title>
              {description !== undefined && (
                <RadixDialog.Description className={styles.description}>
                  {description}
                </RadixDialog.Description>
              )}
            </header>
            {!hideHeader && (
              <RadixDialog.Close asChild>
                <IconButton className={styles.close} size="small" label="Close" icon={<X size={15} />} />
              </RadixDialog.Close>
            )}
            <div className={classNames(styles.body, bodyClassName)} {...rest}>
              {children}
            </div>
            {footer !== undefined && <footer className={styles.footer}>{footer}</footer>}
          </RadixDialog.Content>
        </div>
      </RadixDialog.Portal>
    </RadixDialog.Root>
  );
}

export interface DialogProps {
  open: boolean;
  onClose: () => void;
  title: string;
  description?: ReactNode;
  /** 400, 560, 760 or 1120 px wide, never wider than the window. */
  size?: 'small' | 'medium' | 'large' | 'wide' | undefined;
  /** The title stays for assistive technology only. */
  hideHeader?: boolean | undefined;
  footer?: ReactNode;
  bodyClassName?: string | undefined;
  'data-testid'?: string | undefined;
  children: ReactNode;
}
