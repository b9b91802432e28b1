import { act, cleanup, fireEvent, render, screen } from '@testing-library/react';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { Client, StreamConsumer } from '#shared/contract/Client.ts';
import type { StreamItem } from '#shared/contract/streams.ts';
import type { LogLine } from '#shared/domain/LogLine.ts';
import type { LogFilter } from './LogFilter.ts';
import { LogPanel } from './LogPanel.tsx';

afterEach(cleanup);

type Item = StreamItem<'logs'>;

const setUp = (filter: LogFilter = { kind: 'all' }) => {
  const consumers: StreamConsumer<Item>[] = [];
  const close = vi.fn();
  const client = {
    stream: (_name: string, _input: unknown, consumer: StreamConsumer<Item>) => {
      consumers.push(consumer);
      return { close };
    },
  } as unknown as Client;
  const panel = (shown: LogFilter) => (
    <LogPanel
      client={client}
      appId="a"
      workers={['worker-1', 'worker-2']}
      services={['worker']}
      filter={shown}
      onFilter={() => undefined}
    />
  );
  const { rerender, unmount } = render(panel(filter));
  const push = (...lines: [worker: string, text: string, stream?: LogLine['stream']][]) =>
    act(async () => {
      void consumers[0]?.onBatch([
        {
          kind: 'lines',
          lines: lines.map(([worker, text, stream = 'stdout'], at) => ({
            sequence: at,
            worker,
            stream,
            timestamp: String(1_700_000_000_000_000_000n + BigInt(at)),
            text,
          })),
        },
      ]);
      await new Promise((resolve) => requestAnimationFrame(resolve));
      await new Promise((resolve) => requestAnimationFrame(resolve));
    });
  return { push, close, unmount, show: (shown: LogFilter) => rerender(panel(shown)) };
};

const rows = () => [...screen.getByRole('log', { name: 'Logs' }).querySelectorAll('[data-worker]')];

describe('LogPanel', () => {
  it('shows lines with their worker, stderr marked, and never as markup', async () => {
    const { push } = setUp();
    await push(['worker-1', 'hello'], ['worker-2', '<img src=x onerror=alert(1)>', 'stderr']);
    expect(rows().map((row) => row.getAttribute('data-worker'))).toEqual(['worker-1', 'worker-2']);
    expect(rows()[1]?.getAttribute('data-stream')).toBe('stderr');
    expect(rows()[1]?.textContent).toContain('<img src=x onerror=alert(1)>');
    expect(document.querySelector('img')).toBeNull();
  });

  it('shows only the chosen worker, and all again', async () => {
    const { push, show } = setUp({ kind: 'worker', worker: 'worker-2' });
    await push(['worker-1', 'a'], ['worker-2', 'b']);
    expect(rows().map((row) => row.getAttribute('data-worker'))).toEqual(['worker-2']);
    show({ kind: 'all' });
    expect(rows()).toHaveLength(2);
  });

  it('counts, marks and steps through matches', async () => {
    const { push } = setUp();
    await push(['worker-1', 'Pi is near'], ['worker-2', 'nothing'], ['worker-1', 'pi again']);
    const search = screen.getByRole('textbox', { name: 'Search logs' });
    fireEvent.change(search, { target: { value: 'pi' } });
    expect(screen.getByLabelText('Matches').textContent).toBe('2 / 2');
    expect([...document.querySelectorAll('mark')].map((mark) => mark.textContent)).toEqual(['Pi', 'pi']);
    fireEvent.keyDown(search, { key: 'Enter' });
    expect(screen.getByLabelText('Matches').textContent).toBe('1 / 2');
    fireEvent.keyDown(search, { key: 'Escape' });
    expect(document.querySelectorAll('mark')).toHaveLength(0);
  });

  it('closes its stream when it goes', async () => {
    const { close, unmount } = setUp();
    expect(close).not.toHaveBeenCalled();
    unmount();
    expect(close).toHaveBeenCalledOnce();
  });
});
