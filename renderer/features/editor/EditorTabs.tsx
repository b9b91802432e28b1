import type { ReactNode } from 'react';
import { Badge } from '../../ui/Badge.tsx';
import { Tabs } from '../../ui/Tabs.tsx';
import styles from './AppEditor.module.css';
import type { EditorTab } from './editorViewStore.ts';

interface EditorTabsProps {
  tab: EditorTab;
  changed: boolean;
  errors: number;
  onTab: (tab: EditorTab) => void;
  children: ReactNode;
}

/** The ways to look at the document. */
export function EditorTabs({ tab, changed, errors, onTab, children }: EditorTabsProps) {
  return (
    <Tabs<EditorTab>
      label="Views"
      className={styles.tabs}
      panelClassName={tab === 'form' ? undefined : styles.panel}
      value={tab}
      onChange={onTab}
      tabs={[
        { id: 'form', label: 'Form' },
        { id: 'text', label: 'Text', badge: errors > 0 ? <Badge tone="danger">{errors}</Badge> : undefined },
        { id: 'graph', label: 'Graph' },
        { id: 'changes', label: 'Changes', disabled: !changed && tab !== 'changes' },
      ]}
    >
      {children}
    </Tabs>
  );
}
