import type { ReactNode } from 'react';

/** One line of a dropdown or context menu. */
export type MenuEntry =
  | {
      kind?: undefined;
      label: string;
      icon?: ReactNode;
      keys?: string | undefined;
      disabled?: boolean | undefined;
      danger?: boolean | undefined;
      checked?: boolean | undefined;
      onSelect: () => void;
    }
  | { kind: 'separator' }
  | { kind: 'heading'; label: string };
