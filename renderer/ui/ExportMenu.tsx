import { Download } from 'lucide-react';
import { Button } from './Button.tsx';
import { Menu } from './Menu.tsx';
import type { MenuEntry } from './MenuEntry.ts';

/** The button *Export* with the files that can be saved. */
export function ExportMenu({ items }: { items: MenuEntry[] }) {
  return (
    <Menu
      label="Export"
      align="end"
      trigger={
        <Button size="small" icon={<Download size={13} />}>
          Export
        </Button>
      }
      items={items}
    />
  );
}
