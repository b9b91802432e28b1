import { Check } from 'lucide-react';
import { ContextMenu as RadixContextMenu } from 'radix-ui';
import { type ReactElement, useState } from 'react';
import { Kbd } from './Kbd.tsx';
import styles from './Menu.module.css';
import type { MenuEntry } from './MenuEntry.ts';

/** A menu on right-click, long press, Shift+F10 or the menu key over its child. `items` is asked for when it opens. */
export function ContextMenu({
  items,
  children,
}: {
  items: () => readonly MenuEntry[];
  children: ReactElement;
}) {
  const [entries, setEntries] = useState<readonly MenuEntry[]>([]);
  return (
    <RadixContextMenu.Root modal={false} onOpenChange={(open) => setEntries(open ? items() : [])}>
      <RadixContextMenu.Trigger asChild>{children}</RadixContextMenu.Trigger>
      <RadixContextMenu.Portal>
        <RadixContextMenu.Content className={styles.menu} collisionPadding={8} loop tabIndex={0} data-overlay>
          {entries.map((item, index) => (
            <Entry key={item.kind === 'separator' ? `separator-${index}` : item.label} item={item} />
          ))}
        </RadixContextMenu.Content>
      </RadixContextMenu.Portal>
    </RadixContextMenu.Root>
  );
}

function Entry({ item }: { item: MenuEntry }) {
  if (item.kind === 'separator') return <RadixContextMenu.Separator className={styles.separator} />;
  if (item.kind === 'heading')
    return <RadixContextMenu.Label className={styles.heading}>{item.label}</RadixContextMenu.Label>;
  return (
    <RadixContextMenu.Item
      className={styles.item}
      disabled={item.disabled === true}
      data-danger={item.danger || undefined}
      onSelect={() => item.onSelect()}
    >
      <span className={styles.icon}>{item.checked === true ? <Check size={14} /> : item.icon}</span>
      <span className={styles.label}>{item.label}</span>
      {item.keys !== undefined && <Kbd keys={item.keys} />}
    </RadixContextMenu.Item>
  );
}
