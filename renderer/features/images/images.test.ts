import { afterEach, describe, expect, it } from 'vitest';
import type { Client, StreamConsumer } from '#shared/contract/Client.ts';
import { FlotillaError } from '#shared/contract/errors.ts';
import type { ImageSummary, ImageTransfer } from '#shared/domain/Image.ts';
import { cacheRecordFacts, cacheRecordTitle } from './cacheRecordWords.ts';
import { imageRows, nameOfImage } from './imageRows.ts';
import { chooseOne, extendTo, keepPresent, NO_SELECTION, rowAfterKey, toggleRow } from './imageSelection.ts';
import { maskSecrets, maskStep } from './maskSecrets.ts';
import { applyImageChanges, useImages } from './imagesStore.ts';
import { cancelTransfer, dismissTransfer, startTransfer, useTransfers } from './transfersStore.ts';

const image = (name: string, part: Partial<ImageSummary> = {}): ImageSummary => ({
  id: `sha256:${name}`,
  tags: [`${name}:1`],
  digests: [],
  createdAt: 0,
  sizeBytes: 0,
  usedBy: [],
  ...part,
});
const base = { filter: '', kind: 'all', sorting: { key: 'name', descending: false } } as const;

describe('the rows', () => {
  const images = [
    image('solver10', {
      sizeBytes: 5,
      usedBy: ['pi-worker-1'],
      builtFor: { project: 'pi', service: 'worker' },
    }),
    image('solver9', { sizeBytes: 9, createdAt: 7 }),
    image('bare', { tags: [], digests: ['r.lab/x@sha256:1'], sizeBytes: 1 }),
  ];
  const names = (options: Partial<Parameters<typeof imageRows>[1]>) =>
    imageRows(images, { ...base, ...options }).map(nameOfImage);

  it('are sorted by name as people read numbers, nameless last; or by any column', () => {
    expect(names({})).toEqual(['solver9:1', 'solver10:1', 'r.lab/x']);
    expect(names({ sorting: { key: 'size', descending: true } })).toEqual([
      'solver9:1',
      'solver10:1',
      'r.lab/x',
    ]);
    expect(names({ sorting: { key: 'created', descending: true } })[0]).toBe('solver9:1');
    expect(names({ sorting: { key: 'usedBy', descending: true } })[0]).toBe('solver10:1');
  });

  it('are those in which every word of the filter is found, of the kind that is asked for', () => {
    expect(names({ filter: 'PI worker' })).toEqual(['solver10:1']);
    expect(names({ filter: 'solver nothing' })).toEqual([]);
    expect(names({ kind: 'dangling' })).toEqual(['r.lab/x']);
    expect(names({ kind: 'used' })).toEqual(['solver10:1']);
    expect(names({ kind: 'unused' })).toHaveLength(2);
  });
});

describe('records of the build cache', () => {
  const record = (description: string, type = 'regular') => ({
    id: 'x1',
    tags: [],
    digests: [],
    sizeBytes: 1,
    description,
    cache: { type, lastUsedAt: 5, shared: true },
  });

  it.each([
    ['mount / from exec /bin/sh -c pip install numpy', 'RUN pip install numpy'],
    ['cached mount /root/.cache from exec /bin/sh -c pip install', '/root/.cache of RUN pip install'],
    [`pulled from docker.io/library/busybox:1@sha256:${'a'.repeat(64)}`, 'Layer of busybox:1'],
    ['local source for context', 'Build context'],
    ['http url http://build-context-vj7hi1h21sk1livv1pmuktt34', 'Build context'],
    ['[2/4] COPY . /app', '[2/4] COPY . /app'],
    ['source.local', 'Sent files'],
    ['', 'x1'],
  ])('%s: %s', (description, title) => {
    expect(cacheRecordTitle(record(description, description === 'source.local' ? description : ''))).toBe(
      title,
    );
  });

  it('say what they are, when they were used, and that shared ones free nothing', () => {
    expect(cacheRecordFacts(record('', 'exec.cachemount'), (time) => `${time} min ago`)).toEqual([
      'Cache mount',
      'used 5 min ago',
      'images share it: frees nothing',
    ]);
  });
});

describe('the selection', () => {
  const ids = ['a', 'b', 'c', 'd'];

  it('moves, extends from where it began, and toggles', () => {
    expect(rowAfterKey('ArrowDown', NO_SELECTION, ids, 2)).toBe('a');
    expect(rowAfterKey('ArrowUp', NO_SELECTION, ids, 2)).toBe('d');
    expect(rowAfterKey('PageDown', chooseOne('b'), ids, 2)).toBe('d');
    expect(rowAfterKey('ArrowDown', chooseOne('d'), ids, 2)).toBe('d');
    expect(rowAfterKey('x', chooseOne('d'), ids, 2)).toBeUndefined();
    expect(rowAfterKey('ArrowDown', NO_SELECTION, [], 2)).toBeUndefined();
    const down = extendTo(extendTo(chooseOne('b'), ids, 'c'), ids, 'd');
    expect([...down.chosen]).toEqual(['b', 'c', 'd']);
    expect([...extendTo(down, ids, 'a').chosen]).toEqual(['a', 'b']);
    expect([...toggleRow(chooseOne('a'), 'c').chosen]).toEqual(['a', 'c']);
    expect([...toggleRow(chooseOne('a'), 'a').chosen]).toEqual([]);
  });

  it('loses what is gone', () => {
    const all = extendTo(chooseOne('a'), ids, 'd');
    expect(keepPresent(all, ids, new Set(ids))).toBe(all);
    expect([...keepPresent(all, ids, new Set(['a', 'b', 'c'])).chosen]).toEqual(['a', 'b', 'c']);
    expect(keepPresent(all, ids, new Set(['a', 'b', 'c'])).cursor).toBe('c');
    expect(keepPresent(chooseOne('b'), ids, new Set(['a', 'd'])).cursor).toBe('d');
    expect(keepPresent(chooseOne('b'), ids, new Set()).cursor).toBeNull();
  });
});

describe('the list of images', () => {
  it('keeps what it knows when the engine cannot be asked, and is told anew after', () => {
    const one = image('one');
    applyImageChanges([{ kind: 'snapshot', images: [one, image('two')] }]);
    applyImageChanges([{ kind: 'failed', error: { code: 'engine-error', message: 'no' } }]);
    expect(useImages.getState()).toMatchObject({ failure: { message: 'no' } });
    expect(useImages.getState().images?.size).toBe(2);
    applyImageChanges([
      { kind: 'removed', id: 'sha256:two' },
      { kind: 'image', image: image('three') },
    ]);
    expect([...(useImages.getState().images?.keys() ?? [])]).toEqual(['sha256:one', 'sha256:three']);
    expect(useImages.getState().images?.get('sha256:one')).toBe(one);
    expect(useImages.getState().failure).toBeUndefined();
  });
});

describe('transfers', () => {
  let consumer: StreamConsumer<ImageTransfer>;
  let closed = 0;
  const client = {
    stream: (_name: string, _input: object, given: StreamConsumer<ImageTransfer>) => {
      consumer = given;
      return { close: () => (closed += 1) };
    },
  } as unknown as Client;
  const view = (part: Partial<ImageTransfer> = {}): ImageTransfer => ({
    reference: 'x:1',
    direction: 'pull',
    status: 'Pulling',
    layers: [],
    ...part,
  });
  afterEach(() => useTransfers.setState({ transfers: [] }));

  it('of the same image run once, and succeed only with a result', () => {
    const id = startTransfer(client, 'pull', 'x:1');
    expect(startTransfer(client, 'pull', 'x:1')).toBe(id);
    void consumer.onBatch([view({ result: { upToDate: true } })]);
    consumer.onEnd();
    expect(useTransfers.getState().transfers).toMatchObject([{ id, state: 'done' }]);
    const again = startTransfer(client, 'pull', 'x:1');
    expect(again).not.toBe(id);
    consumer.onEnd();
    expect(useTransfers.getState().transfers).toMatchObject([{ id: again, state: 'failed' }]);
    dismissTransfer(again);
    expect(useTransfers.getState().transfers).toEqual([]);
  });

  it('fail with the reason, and are ended by a cancel', () => {
    startTransfer(client, 'push', 'x:1');
    consumer.onEnd(new FlotillaError('permission-denied', 'no sign-in', { hint: 'docker login' }));
    expect(useTransfers.getState().transfers).toMatchObject([
      { state: 'failed', error: { message: 'no sign-in', hint: 'docker login' } },
    ]);
    const id = startTransfer(client, 'pull', 'y:1');
    dismissTransfer(id);
    expect(useTransfers.getState().transfers).toHaveLength(2);
    cancelTransfer(id);
    expect(closed).toBe(1);
    expect(useTransfers.getState().transfers[0]).toMatchObject({ id, state: 'cancelled' });
  });
});

it('hides what sounds like a secret, and only that', () => {
  expect(maskSecrets('API_TOKEN=hunter2')).toBe('API_TOKEN=••••••');
  expect(maskSecrets('OMP_NUM_THREADS=4')).toBe('OMP_NUM_THREADS=4');
  expect(maskSecrets('URL=https://ada:hunter2@r.lab/x')).toBe('URL=https://ada:••••••@r.lab/x');
  expect(maskStep('ENV A=1 API_TOKEN="hunter 2" B=2')).toBe('ENV A=1 API_TOKEN=•••••• B=2');
  expect(maskStep('RUN TOKEN=1 make')).toBe('RUN TOKEN=1 make');
});
