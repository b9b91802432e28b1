import { Copy, Info, Tag, Trash2, Upload } from 'lucide-react';
import type { ImageSummary } from '#shared/domain/Image.ts';
import type { MenuEntry } from '../../ui/MenuEntry.ts';

interface ImageActions {
  /** The engine can be asked. */
  canAct: boolean;
  onOpen: (image: ImageSummary) => void;
  onTag: (image: ImageSummary) => void;
  onPush: (image: ImageSummary) => void;
  onCopy: (text: string) => void;
  onRemove: (images: readonly ImageSummary[]) => void;
}

/** What can be done with the chosen images. */
export function imageMenu(chosen: readonly ImageSummary[], actions: ImageActions): MenuEntry[] {
  const { canAct } = actions;
  const [image] = chosen;
  if (image === undefined)
    return [{ label: 'No image is chosen', disabled: true, onSelect: () => undefined }];
  const remove: MenuEntry = {
    label: chosen.length === 1 ? 'Remove…' : `Remove ${chosen.length} images…`,
    icon: <Trash2 size={14} />,
    keys: 'Delete',
    danger: true,
    disabled: !canAct,
    onSelect: () => actions.onRemove(chosen),
  };
  if (chosen.length > 1) return [remove];
  const [tag] = image.tags;
  const [digest] = image.digests;
  return [
    { label: 'Details', icon: <Info size={14} />, keys: 'enter', onSelect: () => actions.onOpen(image) },
    { label: 'Tag…', icon: <Tag size={14} />, disabled: !canAct, onSelect: () => actions.onTag(image) },
    {
      label: 'Push…',
      icon: <Upload size={14} />,
      disabled: !canAct || tag === undefined,
      onSelect: () => actions.onPush(image),
    },
    { kind: 'separator' },
    ...(tag === undefined
      ? []
      : [{ label: 'Copy the name', icon: <Copy size={14} />, onSelect: () => actions.onCopy(tag) }]),
    { label: 'Copy the id', icon: <Copy size={14} />, onSelect: () => actions.onCopy(image.id) },
    ...(digest === undefined
      ? []
      : [{ label: 'Copy the digest', icon: <Copy size={14} />, onSelect: () => actions.onCopy(digest) }]),
    { kind: 'separator' },
    remove,
  ];
}
