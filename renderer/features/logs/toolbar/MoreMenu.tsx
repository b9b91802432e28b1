import { Ellipsis } from 'lucide-react';
import { IconButton } from '../../../ui/IconButton.tsx';
import { Menu } from '../../../ui/Menu.tsx';
import type { MenuEntry } from '../../../ui/MenuEntry.ts';

export interface MoreMenuProps {
  canExport: boolean;
  isFiltered: boolean;
  onExport: (what: 'shown' | 'whole', format: 'text' | 'jsonl') => void;
  onCopyShown: () => void;
  onClear: () => void;
  /** Null: nothing was cleared. */
  onRestore: (() => void) | null;
  onRules: () => void;
  onColumns: () => void;
  onJump: () => void;
  foldTraces: boolean;
  onFoldTraces: () => void;
  wrap: boolean;
  onWrap: () => void;
  onTime: () => void;
  histogram: boolean;
  onHistogram: () => void;
  split: boolean;
  onSplit: () => void;
  /** Null: there is no room for more. */
  onAddPane: (() => void) | null;
  /** Null: there is one pane only. */
  sync: boolean | null;
  onSync: () => void;
}

/** Everything else that can be done with the log. */
export function MoreMenu(props: MoreMenuProps) {
  const items: MenuEntry[] = [
    { label: 'Go to a time…', keys: 'j', onSelect: props.onJump },
    { label: 'Highlight rules…', onSelect: props.onRules },
    { label: 'Columns…', onSelect: props.onColumns },
    { kind: 'separator' },
    { label: 'Wrap long lines', keys: 'w', checked: props.wrap, onSelect: props.onWrap },
    { label: 'Change the times', keys: 't', onSelect: props.onTime },
    { label: 'Lines over time', keys: 'h', checked: props.histogram, onSelect: props.onHistogram },
    { label: 'Fold stack traces', checked: props.foldTraces, onSelect: props.onFoldTraces },
    { label: 'Split the view', keys: 'v', checked: props.split, onSelect: props.onSplit },
    { label: 'Add pane', disabled: props.onAddPane === null, onSelect: () => props.onAddPane?.() },
    ...(props.sync === null
      ? []
      : [
          {
            label: 'Same time in all panes',
            checked: props.sync,
            onSelect: props.onSync,
          } satisfies MenuEntry,
        ]),
    { kind: 'separator' },
    { kind: 'heading', label: props.isFiltered ? 'Export what is shown' : 'Export' },
    {
      label: 'Text',
      keys: 'e',
      disabled: !props.canExport,
      onSelect: () => props.onExport('shown', 'text'),
    },
    { label: 'JSON lines', disabled: !props.canExport, onSelect: () => props.onExport('shown', 'jsonl') },
    ...(props.isFiltered
      ? ([
          { label: 'Whole log as text', onSelect: () => props.onExport('whole', 'text') },
          { label: 'Whole log as JSON lines', onSelect: () => props.onExport('whole', 'jsonl') },
        ] satisfies MenuEntry[])
      : []),
    { label: 'Copy all shown lines', disabled: !props.canExport, onSelect: props.onCopyShown },
    { kind: 'separator' },
    props.onRestore
      ? { label: 'Show earlier lines', onSelect: props.onRestore }
      : { label: 'Clear the view', disabled: !props.canExport, onSelect: props.onClear },
  ];
  return (
    <Menu
      label="More"
      align="end"
      items={items}
      trigger={<IconButton label="More" icon={<Ellipsis size={16} />} />}
    />
  );
}
