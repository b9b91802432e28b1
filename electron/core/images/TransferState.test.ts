import { describe, expect, it } from 'vitest';
import { transferProgress } from '#shared/image/transferProgress.ts';
import { TransferState } from './TransferState.ts';

describe('the state of a transfer', () => {
  it('follows a layer from fetching to the end, and never goes back', () => {
    const state = new TransferState('x:1', 'pull');
    const shares: number[] = [];
    const say = (status: string, current?: number, total?: number): void => {
      state.apply({ id: 'a', status, progressDetail: current === undefined ? {} : { current, total } });
      shares.push(transferProgress(state.view()).share ?? 0);
    };
    state.apply({ status: 'Pulling from library/x', id: '1' });
    expect(state.view()).toMatchObject({ status: 'Pulling from library/x', layers: [] });
    say('Pulling fs layer');
    say('Downloading', 50, 100);
    say('Downloading', 100, 100);
    say('Verifying Checksum');
    say('Download complete');
    say('Extracting', 50, 100);
    say('Pull complete');
    expect(shares).toEqual([...shares].sort((a, b) => a - b));
    expect(shares.at(-1)).toBe(1);
    expect(state.view().layers).toEqual([
      { id: 'a', status: 'Pull complete', done: true, doneBytes: 100, totalBytes: 100 },
    ]);
  });

  it('takes the digest of a pull and of a push, and the failure inside an answer that succeeded', () => {
    const digest = `sha256:${'a'.repeat(64)}`;
    const pull = new TransferState('x:1', 'pull');
    pull.apply({ status: `Digest: ${digest}` });
    pull.apply({ status: 'Status: Image is up to date for x:1' });
    expect([pull.digest, pull.upToDate]).toEqual([digest, true]);
    const push = new TransferState('x:1', 'push');
    push.apply({ id: 'a', status: 'Layer already exists', progressDetail: {} });
    push.apply({ progressDetail: {}, aux: { Digest: digest, Size: 527 } });
    expect([push.digest, push.upToDate]).toEqual([digest, true]);
    push.apply({ error: 'denied', errorDetail: { message: 'denied: no' } });
    expect(push.failure).toBe('denied: no');
  });

  it('stays bounded, whatever an engine says', () => {
    const state = new TransferState('x:1', 'pull');
    for (let layer = 0; layer < 5_000; layer += 1)
      state.apply({ id: `l${layer}`, status: 'Waiting'.repeat(200) });
    state.apply({ id: 7, status: {}, progressDetail: null, aux: null });
    state.apply({ id: 'l0', status: 'Downloading', progressDetail: { current: Number.NaN, total: -1 } });
    expect(state.view().layers.length).toBeLessThanOrEqual(512);
    expect(state.view().layers[1]?.status.length).toBeLessThanOrEqual(300);
    expect(state.view().layers[0]).toEqual({ id: 'l0', status: 'Downloading', done: false });
  });
});
