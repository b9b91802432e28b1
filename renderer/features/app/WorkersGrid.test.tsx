import { cleanup, fireEvent, render, screen } from '@testing-library/react';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { WorkerView } from '#shared/domain/AppView.ts';
import { WorkerTile } from './WorkerTile.tsx';
import { WorkersGrid } from './WorkersGrid.tsx';

afterEach(cleanup);

const worker = (index: number, extras: Partial<WorkerView> = {}): WorkerView => ({
  key: `worker-${index}`,
  service: 'worker',
  index,
  phase: 'running',
  ports: [],
  ...extras,
});

const scroller = { current: document.createElement('div') };
const grid = (workers: WorkerView[], onSelect = vi.fn()) => {
  render(
    <WorkersGrid
      workers={workers}
      serviceOrder={['worker']}
      selected={null}
      onSelect={onSelect}
      scroller={scroller}
    />,
  );
  return onSelect;
};

describe('WorkersGrid', () => {
  it('names each worker with its phase, also a phase it does not know', () => {
    grid([
      worker(1),
      worker(2, { phase: 'failed', exitCode: 137, oomKilled: true }),
      worker(3, { phase: 'hibernating' as WorkerView['phase'] }),
    ]);
    expect(screen.getByRole('list', { name: 'Workers' })).toBeDefined();
    expect(screen.getByRole('listitem', { name: 'worker 1 running' })).toBeDefined();
    expect(screen.getByRole('listitem', { name: 'worker 2 failed' }).textContent).toContain('out of memory');
    expect(screen.getByRole('listitem', { name: 'worker 3 hibernating' })).toBeDefined();
  });

  it('shows hostile names without their direction overrides', () => {
    grid([worker(1, { service: 'evil\u202Egnp', key: 'evil-1' })]);
    expect(document.body.textContent).not.toContain('\u202E');
  });

  it('selects by click and by arrow keys and Enter', () => {
    const onSelect = grid([worker(1), worker(2), worker(3)]);
    const first = screen.getByRole('button', { name: /^worker 1:/ });
    fireEvent.click(first);
    expect(onSelect).toHaveBeenLastCalledWith('worker-1');
    first.focus();
    fireEvent.keyDown(first, { key: 'ArrowRight' });
    expect(document.activeElement?.getAttribute('aria-label')).toMatch(/^worker 2:/);
  });

  it('has one tile that Tab reaches', () => {
    grid([worker(1), worker(2), worker(3)]);
    const reachable = screen.getAllByRole('button').filter((button) => button.tabIndex === 0);
    expect(reachable).toHaveLength(1);
  });

  it('keeps the document small with thousands of workers', () => {
    grid(Array.from({ length: 5000 }, (_, at) => worker(at + 1)));
    const drawn = screen.getAllByRole('listitem').length;
    expect(drawn).toBeGreaterThan(3);
    expect(drawn).toBeLessThan(400);
  });
});

describe('WorkerTile', () => {
  it('does not draw again for the same worker object', () => {
    const drawn = vi.fn();
    const one = { ...worker(1) };
    Object.defineProperty(one, 'phase', {
      get: () => {
        drawn();
        return 'running';
      },
    });
    const onSelect = () => undefined;
    const tile = <WorkerTile worker={one} selected={false} tabbable dense={false} onSelect={onSelect} />;
    const { rerender } = render(tile);
    const times = drawn.mock.calls.length;
    rerender(<WorkerTile worker={one} selected={false} tabbable dense={false} onSelect={onSelect} />);
    expect(drawn.mock.calls.length).toBe(times);
  });
});
