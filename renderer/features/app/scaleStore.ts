import { create } from 'zustand';
import { MAX_REPLICAS } from '#shared/domain/limits.ts';
import type { Client } from '#shared/contract/Client.ts';
import { LatestSender } from './LatestSender.ts';

interface ScaleState {
  /** Numbers asked for here whose answer is still out, by app and service. */
  wanted: Record<string, number>;
}

const place = (appId: string, service: string) => `${appId}\n${service}`;

const useScaleStore = create<ScaleState>(() => ({ wanted: {} }));
const senders = new Map<string, { client: Client; sender: LatestSender }>();

/** The number of replicas asked for in this window and not yet answered; undefined: the app's view is the truth. */
export function useWantedReplicas(appId: string, service: string): number | undefined {
  return useScaleStore((state) => state.wanted[place(appId, service)]);
}

/** Outside React, e.g. for key presses that add to what was already asked for. */
export function wantedReplicas(appId: string, service: string): number | undefined {
  return useScaleStore.getState().wanted[place(appId, service)];
}

/**
 * Asks for a number of replicas: shown at once, sent without flooding, the latest wins. `onError` hears of a
 * refusal of the latest number only; the shown number then falls back to the app's view.
 */
export function requestReplicas(
  client: Client,
  appId: string,
  service: string,
  replicas: number,
  onError: (error: unknown) => void,
): void {
  const key = place(appId, service);
  const bounded = Math.min(MAX_REPLICAS, Math.max(0, Math.round(replicas)));
  useScaleStore.setState((state) => ({ wanted: { ...state.wanted, [key]: bounded } }));
  let entry = senders.get(key);
  if (!entry || entry.client !== client) {
    const settled = (error: unknown) => {
      useScaleStore.setState(({ wanted: { [key]: _answered, ...wanted } }) => ({ wanted }));
      if (error !== undefined) onError(error);
    };
    entry = {
      client,
      sender: new LatestSender(
        (value) => client.call('apps.scale', { appId, service, replicas: value }),
        settled,
      ),
    };
    senders.set(key, entry);
  }
  entry.sender.request(bounded);
}
