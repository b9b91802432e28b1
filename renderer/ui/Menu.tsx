import { Check } from 'lucide-react';
import { DropdownMenu } from 'radix-ui';
import type { ReactElement } from 'react';
import styles from './Menu.module.css';
import type { MenuEntry } from './MenuEntry.ts';
import { Kbd } from './Kbd.tsx';

/** A menu that drops from `trigger` (a Button or IconButton). Type-ahead, arrows, Home/End, Escape. */
export function Menu({ trigger, items, align = 'start', side = 'bottom', label }: MenuProps) {
  return (
    <DropdownMenu.Root modal={false}>
      <DropdownMenu.Trigger asChild>{trigger}</DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content
          className={styles.menu}
          align={align}
          side={side}
          sideOffset={4}
          collisionPadding={8}
          loop
          // A menu taller than the window scrolls, and what scrolls must be reachable by keys.
          tabIndex={0}
          data-overlay
          {...(label === undefined ? {} : { 'aria-label': label })}
        >
          {items.map((item, index) => (
            <Entry key={item.kind === 'separator' ? `separator-${index}` : item.label} item={item} />
          ))}
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}

function Entry({ item }: { item: MenuEntry }) {
  if (item.kind === 'separator') return <DropdownMenu.Separator className={styles.separator} />;
  if (item.kind === 'heading')
    return <DropdownMenu.Label className={styles.heading}>{item.label}</DropdownMenu.Label>;
  return (
    <DropdownMenu.Item
      className={styles.item}
      disabled={item.disabled === true}
      data-danger={item.danger || undefined}
      onSelect={() => item.onSelect()}
    >
      <span className={styles.icon}>{item.checked === true ? <Check size={14} /> : item.icon}</span>
      <span className={styles.label}>{item.label}</span>
      {item.keys !== undefined && <Kbd keys={item.keys} />}
    </DropdownMenu.Item>
  );
}

export interface MenuProps {
  trigger: ReactElement;
  items: readonly MenuEntry[];
  align?: 'start' | 'center' | 'end' | undefined;
  side?: 'top' | 'bottom' | 'left' | 'right' | undefined;
  label?: string | undefined;
}
