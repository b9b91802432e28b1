import { Tabs as RadixTabs } from 'radix-ui';
import type { ReactNode } from 'react';
import { classNames } from './classNames.ts';
import styles from './Tabs.module.css';

/** Tabs with one panel: the caller renders the chosen tab's content as children. Arrow keys move, Home/End jump. */
export function Tabs<Id extends string>({
  label,
  value,
  onChange,
  tabs,
  trailing,
  className,
  panelClassName,
  children,
}: TabsProps<Id>) {
  return (
    <RadixTabs.Root
      className={classNames(styles.root, className)}
      value={value}
      onValueChange={(next) => onChange(next as Id)}
    >
      <div className={styles.bar}>
        <RadixTabs.List className={styles.list} aria-label={label}>
          {tabs.map((tab) => (
            <RadixTabs.Trigger
              key={tab.id}
              value={tab.id}
              className={styles.tab}
              disabled={tab.disabled === true}
            >
              {tab.icon}
              {tab.label}
              {tab.badge}
            </RadixTabs.Trigger>
          ))}
        </RadixTabs.List>
        {trailing !== undefined && <div className={styles.trailing}>{trailing}</div>}
      </div>
      <RadixTabs.Content className={classNames(styles.panel, panelClassName)} value={value}>
        {children}
      </RadixTabs.Content>
    </RadixTabs.Root>
  );
}

export interface TabsProps<Id extends string> {
  label: string;
  value: Id;
  onChange: (id: Id) => void;
  tabs: readonly {
    id: Id;
    label: string;
    icon?: ReactNode;
    badge?: ReactNode;
    disabled?: boolean | undefined;
  }[];
  /** Controls at the right end of the tab bar. */
  trailing?: ReactNode;
  className?: string | undefined;
  panelClassName?: string | undefined;
  children: ReactNode;
}
