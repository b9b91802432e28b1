import { useEffect, useMemo, useRef, useState } from 'react';
import type { ImageSummary } from '#shared/domain/Image.ts';
import { useWindowServices } from '../../app/WindowServices.ts';
import { showError } from '../../app/showError.ts';
import { Banner } from '../../ui/Banner.tsx';
import { ConfirmDialog } from '../../ui/ConfirmDialog.tsx';
import { displayName } from '../app/displayName.ts';
import { copyText } from './copyText.ts';
import { ImageDetailsPane } from './ImageDetailsPane.tsx';
import { ImageList, type ImageListHandle } from './ImageList.tsx';
import { imageMenu } from './imageMenu.tsx';
import { type ImageKind, imageRows, type Sorting } from './imageRows.ts';
import { chooseOne, keepPresent, NO_SELECTION } from './imageSelection.ts';
import styles from './ImagesPanel.module.css';
import { ImagesToolbar } from './ImagesToolbar.tsx';
import { useImages } from './imagesStore.ts';
import { NoImages } from './NoImages.tsx';
import { PushDialog } from './PushDialog.tsx';
import { RemoveDialog } from './RemoveDialog.tsx';
import { TagDialog } from './TagDialog.tsx';
import { TransferStrip } from './TransferStrip.tsx';
import { useImagesKeys } from './useImagesKeys.ts';

type Asked =
  | { dialog: 'tag' | 'push'; image: ImageSummary }
  | { dialog: 'remove'; images: readonly ImageSummary[] }
  | { dialog: 'untag'; tag: string };

/** The list of images with its filter, what goes on, and the details of the chosen one. */
export function ImagesPanel({ canAct, onPull }: { canAct: boolean; onPull: () => void }) {
  const { client } = useWindowServices();
  const images = useImages((store) => store.images);
  const failure = useImages((store) => store.failure);
  const [filter, setFilter] = useState('');
  const [kind, setKind] = useState<ImageKind>('all');
  const [sorting, setSorting] = useState<Sorting>({ key: 'created', descending: true });
  const [selected, setSelected] = useState(NO_SELECTION);
  const [opened, setOpened] = useState<string | null>(null);
  const [asked, setAsked] = useState<Asked | null>(null);
  const list = useRef<ImageListHandle>(null);
  const search = useRef<HTMLInputElement>(null);
  const now = useMinute();

  const shown = useMemo(
    () => imageRows(images?.values() ?? [], { filter, kind, sorting }),
    [images, filter, kind, sorting],
  );
  /** The rows as they stood before the last change. */
  const [before, setBefore] = useState<readonly string[]>([]);
  const ids = useMemo(() => shown.map((image) => image.id), [shown]);
  const selection = useMemo(() => keepPresent(selected, before, new Set(ids)), [selected, before, ids]);
  useEffect(() => {
    setBefore(ids);
    setSelected(selection);
  }, [ids, selection]);
  const chosen = shown.filter((image) => selection.chosen.has(image.id));
  const details = opened === null ? undefined : images?.get(opened);

  const close = (): void => {
    setOpened(null);
    // In a narrow window the list is hidden until the details are gone.
    requestAnimationFrame(() => list.current?.focus());
  };
  useImagesKeys({
    onSearch: () => search.current?.focus(),
    onEscape: () => {
      if (opened !== null) close();
      else if (selection.chosen.size > 0) setSelected(NO_SELECTION);
    },
  });

  const remove = (wanted: readonly ImageSummary[]): void => {
    if (canAct && wanted.length > 0) setAsked({ dialog: 'remove', images: wanted });
  };
  const menu = () =>
    imageMenu(chosen, {
      canAct,
      onOpen: (image) => setOpened(image.id),
      onTag: (image) => setAsked({ dialog: 'tag', image }),
      onPush: (image) => setAsked({ dialog: 'push', image }),
      onCopy: copyText,
      onRemove: remove,
    });

  return (
    <div className={styles.panel}>
      <ImagesToolbar
        search={search}
        filter={filter}
        onFilter={setFilter}
        onLeave={() => list.current?.focus()}
        kind={kind}
        onKind={setKind}
        shown={shown.length}
        chosen={chosen}
        canAct={canAct}
        onRemove={() => remove(chosen)}
      />
      <TransferStrip />
      {failure !== undefined && (
        <Banner flush tone="error" title={failure.message}>
          {failure.hint}
        </Banner>
      )}
      <div className={styles.panes} data-details={details !== undefined || undefined}>
        {shown.length === 0 ? (
          <NoImages
            total={images?.size}
            canAct={canAct}
            onPull={onPull}
            onShowAll={() => {
              setFilter('');
              setKind('all');
            }}
          />
        ) : (
          <ImageList
            ref={list}
            images={shown}
            now={now}
            sorting={sorting}
            onSort={setSorting}
            selection={selection}
            onSelect={(next) => {
              setSelected(next);
              // Open details go with the row that is stood on.
              if (opened !== null && next.chosen.size === 1) setOpened(next.cursor);
            }}
            onOpen={(id) => {
              setSelected(chooseOne(id));
              setOpened(id);
            }}
            onRemove={() => remove(chosen)}
            menu={menu}
          />
        )}
        {details !== undefined && (
          <ImageDetailsPane
            image={details}
            canAct={canAct}
            onClose={close}
            onTag={() => setAsked({ dialog: 'tag', image: details })}
            onPush={() => setAsked({ dialog: 'push', image: details })}
            onRemove={() => remove([details])}
            onUntag={(tag) => setAsked({ dialog: 'untag', tag })}
          />
        )}
      </div>
      <TagDialog image={asked?.dialog === 'tag' ? asked.image : null} onClose={() => setAsked(null)} />
      <PushDialog image={asked?.dialog === 'push' ? asked.image : null} onClose={() => setAsked(null)} />
      <RemoveDialog
        images={asked?.dialog === 'remove' ? asked.images : null}
        onClose={() => setAsked(null)}
      />
      <ConfirmDialog
        open={asked?.dialog === 'untag'}
        onClose={() => setAsked(null)}
        title="Take the tag away?"
        confirmLabel="Take away"
        danger
        onConfirm={async () => {
          if (asked?.dialog === 'untag')
            await client.call('images.remove', { image: asked.tag }).catch(showError);
        }}
      >
        <p>
          {asked?.dialog === 'untag' ? displayName(asked.tag) : ''} no longer names the image.
          {details?.tags.length === 1 && ' It is the last name: the image goes with it.'}
        </p>
      </ConfirmDialog>
    </div>
  );
}

/** Now, in steps of a minute. */
function useMinute(): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 60_000);
    return () => clearInterval(timer);
  }, []);
  return now;
}
