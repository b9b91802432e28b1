import type { ImageSummary } from '#shared/domain/Image.ts';

const SORT_KEYS = ['name', 'size', 'created', 'usedBy', 'builtFor'] as const;
export type SortKey = (typeof SORT_KEYS)[number];

export interface Sorting {
  key: SortKey;
  descending: boolean;
}

/** What is shown: everything, or one kind. */
export type ImageKind = 'all' | 'used' | 'unused' | 'dangling';

/** `sha256:0a1b2c3d4e5f…` as its first twelve digits. */
export function shortId(id: string): string {
  return id.replace(/^sha256:/, '').slice(0, 12);
}

/** What a person calls an image: its first tag, rather one without a registry, else its repository, else its short id. */
export function nameOfImage({ tags, digests, id }: Pick<ImageSummary, 'tags' | 'digests' | 'id'>): string {
  return (
    tags.find((tag) => !tag.includes('/')) ?? tags[0] ?? digests[0]?.replace(/@sha256:.*$/, '') ?? shortId(id)
  );
}

/** It has nothing to be called by but its id. */
export function isNamedById({ tags, digests }: Pick<ImageSummary, 'tags' | 'digests'>): boolean {
  return tags.length === 0 && digests.length === 0;
}

/** The images to show, in order. Words of the filter must all be found: in tags, digests, id, containers, project or service. */
export function imageRows(
  images: Iterable<ImageSummary>,
  { filter, kind, sorting }: { filter: string; kind: ImageKind; sorting: Sorting },
): ImageSummary[] {
  const words = filter.toLowerCase().split(/\s+/).filter(Boolean);
  const shown = [...images].filter((image) => isOfKind(image, kind) && matches(image, words));
  const sign = sorting.descending ? -1 : 1;
  return shown.sort(
    (a, b) => sign * compare(a, b, sorting.key) || compare(a, b, 'name') || a.id.localeCompare(b.id),
  );
}

function isOfKind(image: ImageSummary, kind: ImageKind): boolean {
  if (kind === 'dangling') return image.tags.length === 0;
  if (kind === 'all') return true;
  return image.usedBy.length > 0 === (kind === 'used');
}

function matches(image: ImageSummary, words: readonly string[]): boolean {
  if (words.length === 0) return true;
  const { project = '', service = '' } = image.builtFor ?? {};
  const text = [...image.tags, ...image.digests, image.id, ...image.usedBy, project, service]
    .join('\n')
    .toLowerCase();
  return words.every((word) => text.includes(word));
}

function compare(a: ImageSummary, b: ImageSummary, key: SortKey): number {
  switch (key) {
    case 'size':
      return a.sizeBytes - b.sizeBytes;
    case 'created':
      return a.createdAt - b.createdAt;
    case 'usedBy':
      return a.usedBy.length - b.usedBy.length;
    case 'builtFor':
      return builtForText(a).localeCompare(builtForText(b));
    case 'name':
      // Those without a name come last.
      return (
        Number(a.tags.length === 0) - Number(b.tags.length === 0) ||
        compareText(nameOfImage(a), nameOfImage(b))
      );
  }
}

const { compare: compareText } = new Intl.Collator(undefined, { numeric: true });

export function builtForText({ builtFor }: ImageSummary): string {
  return builtFor === undefined ? '' : `${builtFor.project} / ${builtFor.service}`;
}
