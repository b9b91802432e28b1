import { act, cleanup, fireEvent, render, screen } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Client } from '#shared/contract/Client.ts';
import { FlotillaError } from '#shared/contract/errors.ts';
import type { ServiceView } from '#shared/domain/AppView.ts';
import type { Diagnostic } from '#shared/domain/Diagnostic.ts';
import { ServiceRow } from './ServiceRow.tsx';
import { requestReplicas } from './scaleStore.ts';

beforeEach(() => vi.useFakeTimers());
afterEach(() => {
  vi.useRealTimers();
  cleanup();
});

const service: ServiceView = {
  name: 'worker',
  role: 'worker',
  roleSource: 'guessed',
  roleReason: 'It depends on main.',
  image: 'pi-worker',
  buildable: true,
  imagePresent: true,
  dependsOn: [],
  declaredReplicas: 2,
  requestedReplicas: 2,
  scaleBlockedBy: null,
};

let appNumber = 0;
const setUp = (change: Partial<ServiceView> = {}, blockers: Diagnostic[] = []) => {
  appNumber += 1;
  const appId = `app-${appNumber}`;
  const answers: { resolve(): void; reject(error: unknown): void }[] = [];
  const sent: number[] = [];
  const failed = vi.fn();
  const client = {
    call: (_name: string, input: { replicas: number }) => {
      sent.push(input.replicas);
      return new Promise<void>((resolve, reject) => answers.push({ resolve, reject }));
    },
  } as unknown as Client;
  const onFix = vi.fn();
  const onRole = vi.fn();
  const autoscaled = vi.fn();
  render(
    <ServiceRow
      appId={appId}
      origin="folder"
      service={{ ...service, ...change }}
      workers={[]}
      blockers={blockers}
      disabled={false}
      onRole={onRole}
      onAutoscale={autoscaled}
      onScale={(name, replicas) => requestReplicas(client, appId, name, replicas, failed)}
      onFix={onFix}
    />,
  );
  return { answers, sent, failed, onFix, onRole, autoscaled };
};

const field = () => screen.getByRole<HTMLInputElement>('spinbutton', { name: 'worker replicas' });
const slider = () => screen.getByRole<HTMLInputElement>('slider', { name: 'worker replicas' });

describe('ServiceRow', () => {
  it('shows a dragged number at once, sends few, and the latest last', async () => {
    const { sent } = setUp();
    for (let value = 3; value <= 12; value += 1) {
      fireEvent.change(slider(), { target: { value: String(value) } });
      act(() => {
        vi.advanceTimersByTime(20);
      });
    }
    expect(field().value).toBe('12');
    expect(document.body.textContent).toContain('12 requested');
    act(() => {
      vi.advanceTimersByTime(200);
    });
    expect(sent.length).toBeLessThanOrEqual(3);
    expect(sent[sent.length - 1]).toBe(12);
    expect(screen.getAllByRole('slider')).toHaveLength(1);
  });

  it('falls back to the app’s number when the latest is refused', async () => {
    const { answers, failed } = setUp();
    fireEvent.change(slider(), { target: { value: '9' } });
    expect(field().value).toBe('9');
    await act(async () => {
      answers[0]?.reject(new FlotillaError('conflict', 'no'));
      await Promise.resolve();
    });
    expect(failed).toHaveBeenCalledOnce();
    expect(document.body.textContent).toContain('2 requested');
  });

  it('shows how a service is scaled by itself, every decision, and switches it', () => {
    vi.useRealTimers();
    const at = new Date(2026, 10, 24, 9, 5, 3).getTime();
    const { autoscaled } = setUp({
      autoscale: {
        on: true,
        min: 1,
        max: 16,
        by: ['CPU at 70 %', 'a schedule'],
        last: { kind: 'look', at, service: 'worker', from: 4, wanted: 6, reason: 'CPU at 99 %, 70 % wanted' },
        news: [
          {
            kind: 'problem',
            at,
            service: 'worker',
            reason: '`redis-cli` in broker answers nothing, no number of jobs.',
          },
          {
            kind: 'scale',
            at: at - 60_000,
            service: 'worker',
            from: 2,
            wanted: 4,
            reason: '31 jobs wait, 10 for each worker',
          },
        ],
      },
    });
    fireEvent.click(screen.getByRole('button', { name: 'Auto 1–16 for worker, on' }));
    expect(screen.getByText(/^From 1 to 16, by CPU at 70 % and a schedule\./)).toBeTruthy();
    expect(document.body.textContent).toContain('4, asks for 6: CPU at 99 %, 70 % wanted');
    const [problem, scaled] = screen.getAllByRole('listitem');
    expect(problem?.textContent).toBe('09:05:03redis-cli in broker answers nothing, no number of jobs.');
    expect(scaled?.textContent).toBe('09:04:032 → 4: 31 jobs wait, 10 for each worker');
    fireEvent.click(screen.getByRole('switch', { name: 'Scales by itself' }));
    expect(autoscaled).toHaveBeenCalledWith('worker', false);
  });

  it('takes a typed number on Enter only', () => {
    const { sent } = setUp();
    fireEvent.change(field(), { target: { value: '60' } });
    expect(sent).toEqual([]);
    fireEvent.keyDown(field(), { key: 'Enter' });
    expect(sent).toEqual([60]);
  });

  it('says why a service cannot be scaled and offers the fixes there', () => {
    const fixes = [
      { id: 'f1', title: 'Let the engine pick the port', edits: [], expect: {} },
      { id: 'f2', title: 'Remove the port', edits: [], expect: {} },
    ];
    const blocker: Diagnostic = {
      id: 'd1',
      code: 'fixed-host-port',
      severity: 'warning',
      file: 'compose.yaml',
      message: 'm',
      explanation: 'e',
      service: 'worker',
      fixes,
    };
    const { onFix } = setUp({ scaleBlockedBy: 'Host port 8080 is fixed.' }, [blocker]);
    expect(field().disabled).toBe(true);
    expect(slider().disabled).toBe(true);
    expect(screen.getByText('Host port 8080 is fixed.')).toBeDefined();
    fireEvent.click(screen.getByRole('button', { name: 'Remove the port' }));
    expect(onFix).toHaveBeenCalledWith('d1', 'f2');
  });

  it('marks a guessed role with its reason and lets it be changed', () => {
    const { onRole } = setUp();
    expect(screen.getByText('guessed').getAttribute('data-tooltip')).toContain('It depends on main.');
    fireEvent.change(screen.getByRole('combobox', { name: 'Role of worker' }), { target: { value: 'main' } });
    expect(onRole).toHaveBeenCalledWith('worker', 'main');
  });

  it.each([
    [4, '4 is more than the file’s maximum of 3. Set by hand, it holds.'],
    [0, '0 is fewer than the file’s minimum of 1. Set by hand, it holds.'],
    [3, undefined],
  ])('says that %i replicas are not what the file allows', (requestedReplicas, words) => {
    setUp({ requestedReplicas, autoscale: { on: false, min: 1, max: 3, by: [], last: undefined, news: [] } });
    expect(screen.queryByRole('note')?.textContent).toBe(words);
    cleanup();
    setUp({ requestedReplicas, scaleRange: { min: 1, max: 3 } });
    expect(screen.queryByRole('note')?.textContent).toBe(words);
    cleanup();
    // The file says so itself.
    setUp({ requestedReplicas, declaredReplicas: requestedReplicas, scaleRange: { min: 1, max: 3 } });
    expect(screen.queryByRole('note')?.textContent).toBe(words?.replace(' Set by hand, it holds.', ''));
  });
});
