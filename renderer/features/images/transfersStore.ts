import { create } from 'zustand';
import type { Client } from '#shared/contract/Client.ts';
import { type ErrorShape, toErrorShape } from '#shared/contract/errors.ts';
import type { ImageTransfer } from '#shared/domain/Image.ts';

/** A pull or push of this window. */
export interface Transfer {
  id: number;
  state: 'running' | 'done' | 'failed' | 'cancelled';
  view: ImageTransfer;
  error?: ErrorShape | undefined;
}

/** Ended ones that are kept to look at; running ones are never dropped. */
const MOST_ENDED = 20;

export const useTransfers = create<{ transfers: readonly Transfer[] }>(() => ({ transfers: [] }));

const streams = new Map<number, { close(): void }>();
let lastId = 0;

/** Starts a pull or push; it goes on when one leaves the page, until the window closes. Of one that runs already, answers that. */
export function startTransfer(
  client: Client,
  direction: ImageTransfer['direction'],
  reference: string,
): number {
  const running = useTransfers
    .getState()
    .transfers.find(
      ({ state, view }) =>
        state === 'running' && view.direction === direction && view.reference === reference,
    );
  if (running !== undefined) return running.id;
  lastId += 1;
  const id = lastId;
  const first: Transfer = {
    id,
    state: 'running',
    view: { reference, direction, status: 'Waiting for the engine', layers: [] },
  };
  useTransfers.setState(({ transfers }) => ({
    transfers: [
      first,
      ...transfers.filter(({ state, view }) => state === 'running' || view.reference !== reference),
    ].slice(0, MOST_ENDED + streams.size + 1),
  }));
  const stream = client.stream(
    direction === 'pull' ? 'imagePull' : 'imagePush',
    { reference },
    {
      onBatch: (views) => {
        const view = views.at(-1);
        if (view !== undefined) change(id, { view });
      },
      onEnd: (error) => {
        streams.delete(id);
        const isDone = find(id)?.view.result !== undefined;
        if (error === undefined && isDone) change(id, { state: 'done' });
        else if (error?.code === 'cancelled') change(id, { state: 'cancelled' });
        else
          change(id, {
            state: 'failed',
            error: toErrorShape(error ?? new Error('it ended before it was done')),
          });
      },
    },
  );
  streams.set(id, stream);
  return id;
}

/** Ends one that runs: the engine stops its work. */
export function cancelTransfer(id: number): void {
  streams.get(id)?.close();
  streams.delete(id);
  change(id, { state: 'cancelled' });
}

/** Takes one that has ended off the list. */
export function dismissTransfer(id: number): void {
  useTransfers.setState(({ transfers }) => ({
    transfers: transfers.filter((transfer) => transfer.id !== id || transfer.state === 'running'),
  }));
}

function find(id: number): Transfer | undefined {
  return useTransfers.getState().transfers.find((transfer) => transfer.id === id);
}

function change(id: number, part: Partial<Transfer>): void {
  useTransfers.setState(({ transfers }) => ({
    transfers: transfers.map((transfer) => (transfer.id === id ? { ...transfer, ...part } : transfer)),
  }));
}
