import { act, cleanup, fireEvent, render, screen, waitFor } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { FlotillaError } from '#shared/contract/errors.ts';
import type { LogQuery } from '#shared/logs/LogQuery.ts';
import { LogPanel } from './LogPanel.tsx';
import { ALL_WORKERS, type WorkerChoice } from './query/WorkerChoice.ts';
import { FAKE_START_MS, FakeLog, fakeRow } from './testing/FakeLog.ts';

beforeEach(() => localStorage.clear());
afterEach(cleanup);

const many = (count: number, from = 0) =>
  Array.from({ length: count }, (_, at) => fakeRow(from + at, `line ${from + at}`));

const setUp = async (log: FakeLog, choice: WorkerChoice = ALL_WORKERS) => {
  const onChoice = vi.fn();
  const panel = (shown: WorkerChoice) => (
    <LogPanel
      client={log.client}
      appId="a"
      workers={['worker-1', 'worker-2']}
      services={['worker']}
      choice={shown}
      onChoice={onChoice}
    />
  );
  const { rerender, unmount } = render(panel(choice));
  await act(async () => undefined);
  return { onChoice, unmount, show: (shown: WorkerChoice) => act(async () => rerender(panel(shown))) };
};

const list = () => screen.getByRole('log', { name: 'Logs' });
const rows = () => [...list().querySelectorAll('[data-worker]')];
const rowTexts = () => rows().map((row) => row.querySelector('[class*="text"]')?.textContent);
/** A row's line as it was written. */
const hasLine = (text: string) => rowTexts().includes(text);
const lastQuery = (log: FakeLog): LogQuery | undefined => [...log.views.values()][0]?.query;
const bigList = () => waitFor(() => expect(rows().length).toBeGreaterThan(20));

describe('LogPanel', () => {
  it('shows lines with their worker, stderr and notices marked, and never as markup', async () => {
    const hostile = '<img src=x onerror=alert(1)>\u202e\u0000\u001b]0;title\u0007\u001b[2J<b>bold</b>';
    await setUp(
      new FakeLog([
        fakeRow(0, 'hello', { worker: 'worker-1' }),
        fakeRow(1, hostile, { worker: 'worker-2', kind: 'stderr' }),
        fakeRow(2, '<i>started</i>', { worker: 'worker-2', kind: 'notice' }),
      ]),
    );
    await waitFor(() => expect(rows()).toHaveLength(2));
    expect(rows().map((row) => row.getAttribute('data-worker'))).toEqual(['worker-1', 'worker-2']);
    expect(rows()[1]?.getAttribute('data-stream')).toBe('stderr');
    expect(rowTexts()[1]).toBe('<img src=x onerror=alert(1)><b>bold</b>');
    expect(list().querySelector('[data-notice="worker-2"]')?.textContent).toContain('<i>started</i>');
    expect(list().querySelector('img, b, i')).toBeNull();
  });

  it('shows only the chosen worker, and all again', async () => {
    const log = new FakeLog(many(4));
    const { show } = await setUp(log, { kind: 'worker', worker: 'worker-2' });
    await waitFor(() =>
      expect(rows().map((row) => row.getAttribute('data-worker'))).toEqual(['worker-2', 'worker-2']),
    );
    await show(ALL_WORKERS);
    await waitFor(() => expect(rows()).toHaveLength(4));
    expect(log.views.size).toBe(1);
  });

  it('draws few rows of twelve million, leaves the end by wheel and keys and comes back to it', async () => {
    const log = new FakeLog();
    log.rows = { length: 12_000_000, at: (row) => fakeRow(row, `line ${row}`) };
    await setUp(log);
    await waitFor(() => expect(hasLine('line 11999999')).toBe(true));
    expect(list().children[0]?.children.length).toBeLessThan(80);
    const follow = screen.getByRole('button', { name: 'Follow the end' });
    expect(follow.getAttribute('aria-pressed')).toBe('true');

    await act(
      async () =>
        void list().dispatchEvent(new WheelEvent('wheel', { deltaY: -360, bubbles: true, cancelable: true })),
    );
    expect(follow.getAttribute('aria-pressed')).toBe('false');
    expect(screen.getByRole('button', { name: 'Jump to end' })).toBeDefined();
    await act(
      async () =>
        void list().dispatchEvent(new WheelEvent('wheel', { deltaY: 9000, bubbles: true, cancelable: true })),
    );
    expect(follow.getAttribute('aria-pressed')).toBe('true');

    fireEvent.keyDown(list(), { key: 'Home' });
    await waitFor(() => expect(hasLine('line 0')).toBe(true));
    expect(list().children[0]?.children.length).toBeLessThan(80);
    fireEvent.keyDown(list(), { key: 'End' });
    await waitFor(() => expect(hasLine('line 11999999')).toBe(true));
  });

  it('turns the filter field into a query, explains what is wrong and leaves the lines then', async () => {
    const log = new FakeLog([fakeRow(0, 'chunk rank=3'), fakeRow(1, 'chunk rank=4'), fakeRow(2, 'other')]);
    await setUp(log);
    const field = screen.getByRole('textbox', { name: 'Filter lines' });
    fireEvent.change(field, { target: { value: 'chunk rank=3' } });
    await waitFor(() => expect(rowTexts()).toEqual(['chunk rank=3']));
    fireEvent.change(field, { target: { value: '/(/' } });
    await waitFor(() => expect(screen.getByRole('alert').textContent).not.toBe(''));
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(rowTexts()).toEqual(['chunk rank=3']);
    fireEvent.keyDown(field, { key: 'Escape' });
    await waitFor(() => expect(rows()).toHaveLength(3));
  });

  it('says how many lines a filter hides and takes it away', async () => {
    const { onChoice } = await setUp(new FakeLog(many(7)));
    fireEvent.change(screen.getByRole('textbox', { name: 'Filter lines' }), { target: { value: 'absent' } });
    await waitFor(() => expect(screen.getByText('No lines match')).toBeDefined());
    expect(screen.getByText(/7 lines are hidden/)).toBeDefined();
    fireEvent.click(screen.getByRole('button', { name: 'Clear filter' }));
    await waitFor(() => expect(rows()).toHaveLength(7));
    expect(onChoice).toHaveBeenCalledWith(ALL_WORKERS);
  });

  it('counts, marks and steps through matches', async () => {
    await setUp(new FakeLog([fakeRow(0, 'Pi is near'), fakeRow(1, 'nothing'), fakeRow(2, 'pi again')]));
    const search = screen.getByRole('textbox', { name: 'Search logs' });
    fireEvent.change(search, { target: { value: 'pi' } });
    await waitFor(() => expect(screen.getByLabelText('Matches').textContent).toBe('2 / 2'));
    expect([...list().querySelectorAll('mark')].map((mark) => mark.textContent)).toEqual(['Pi', 'pi']);
    fireEvent.keyDown(search, { key: 'Enter' });
    await waitFor(() => expect(screen.getByLabelText('Matches').textContent).toBe('1 / 2'));
    fireEvent.click(screen.getByRole('button', { name: 'Match case' }));
    await waitFor(() => expect(screen.getByLabelText('Matches').textContent).toBe('1 / 1'));
    fireEvent.keyDown(search, { key: 'Escape' });
    await waitFor(() => expect(list().querySelectorAll('mark')).toHaveLength(0));
  });

  it('chooses levels, clears the view and shows earlier lines again', async () => {
    const log = new FakeLog([
      fakeRow(0, 'fine', { level: 'info' }),
      fakeRow(1, 'broken', { level: 'error' }),
      fakeRow(2, 'hm', { level: 'warn' }),
    ]);
    await setUp(log);
    fireEvent.click(screen.getByRole('button', { name: 'All levels' }));
    fireEvent.click(screen.getByRole('button', { name: 'Errors only' }));
    await waitFor(() => expect(rowTexts()).toEqual(['broken']));
    fireEvent.click(screen.getByRole('checkbox', { name: 'Warning' }));
    await waitFor(() => expect(rowTexts()).toEqual(['broken', 'hm']));
    fireEvent.click(screen.getByRole('button', { name: 'All lines' }));
    await waitFor(() => expect(rows()).toHaveLength(3));
  });

  it('picks rows by keys, copies them beyond what is at hand, and opens their details', async () => {
    const written: string[] = [];
    Object.defineProperty(navigator, 'clipboard', {
      configurable: true,
      value: { writeText: (text: string) => Promise.resolve(void written.push(text)) },
    });
    const log = new FakeLog(many(5000));
    await setUp(log);
    await bigList();
    fireEvent.keyDown(list(), { key: 'a', ctrlKey: true });
    fireEvent.keyDown(list(), { key: 'c', ctrlKey: true });
    await waitFor(() => expect(written).toHaveLength(1));
    const lines = written[0]?.split('\n') ?? [];
    expect([lines.length, lines[0], lines[4999]]).toEqual([5000, 'worker-1  line 0', 'worker-2  line 4999']);

    fireEvent.keyDown(list(), { key: 'Escape' });
    fireEvent.keyDown(list(), { key: 'End' });
    await waitFor(() => expect(hasLine('line 4999')).toBe(true));
    fireEvent.keyDown(list(), { key: 'ArrowUp' });
    fireEvent.keyDown(list(), { key: 'ArrowUp', shiftKey: true });
    fireEvent.keyDown(list(), { key: 'c', ctrlKey: true });
    await waitFor(() => expect(written[1]).toBe('worker-1  line 4998\nworker-2  line 4999'));

    fireEvent.keyDown(list(), { key: 'Enter' });
    const details = screen.getByRole('region', { name: 'Details of the line' });
    await waitFor(() => expect(details.textContent).toContain('line 4998'));
    fireEvent.keyDown(list(), { key: 'ArrowUp' });
    await waitFor(() => expect(details.textContent).toContain('line 4997'));
    fireEvent.keyDown(list(), { key: 'Escape' });
    fireEvent.keyDown(list(), { key: 'Escape' });
    expect(screen.queryByRole('region', { name: 'Details of the line' })).toBeNull();
  });

  it('pauses without losing lines, sets bookmarks that stay, and leaves the app’s keys alone', async () => {
    const log = new FakeLog(many(100));
    const { unmount } = await setUp(log);
    await bigList();
    fireEvent.keyDown(list(), { key: ' ' });
    await act(async () => {
      log.append(...many(3, 100));
      log.tell((FAKE_START_MS + 100) * 1000);
    });
    expect(screen.getByText(/3 new lines are kept/)).toBeDefined();
    expect(hasLine('line 102')).toBe(false);
    fireEvent.keyDown(list(), { key: ' ' });
    await waitFor(() => expect(hasLine('line 102')).toBe(true));

    fireEvent.keyDown(list(), { key: 'm' });
    expect(list().querySelectorAll('[data-bookmarked]')).toHaveLength(1);
    unmount();
    await setUp(log);
    await waitFor(() => expect(list().querySelectorAll('[data-bookmarked]')).toHaveLength(1));
    const seen = vi.fn();
    window.addEventListener('keydown', seen);
    fireEvent.keyDown(list(), { key: 's' });
    expect(seen.mock.calls[0]?.[0]).toMatchObject({ defaultPrevented: false });
    window.removeEventListener('keydown', seen);
  });

  it('splits the view, each pane with its own workers', async () => {
    const log = new FakeLog(many(10));
    await setUp(log);
    fireEvent.click(screen.getByRole('button', { name: 'Split the view' }));
    fireEvent.change(screen.getByRole('combobox', { name: 'Workers of Logs, pane 2' }), {
      target: { value: 'worker:worker-2' },
    });
    const second = screen.getByRole('log', { name: 'Logs, pane 2' });
    await waitFor(() => expect(second.querySelectorAll('[data-worker="worker-2"]')).toHaveLength(5));
    expect(second.querySelectorAll('[data-worker="worker-1"]')).toHaveLength(0);
    expect(rows()).toHaveLength(10);
    fireEvent.click(screen.getByRole('button', { name: 'Close this pane' }));
    await waitFor(() => expect(log.views.size).toBe(1));
  });

  it('chooses a time in the histogram by keys', async () => {
    const log = new FakeLog(many(1000));
    await setUp(log);
    await bigList();
    const strip = screen.getByRole('slider', { name: 'Lines over time' });
    await waitFor(() => expect(strip.getAttribute('aria-valuemax')).not.toBe('0'));
    fireEvent.keyDown(strip, { key: 'Home' });
    fireEvent.keyDown(strip, { key: 'ArrowRight', shiftKey: true });
    expect(strip.getAttribute('aria-valuetext')).toMatch(/lines/);
    fireEvent.keyDown(strip, { key: 'Enter' });
    await waitFor(() => expect(lastQuery(log)?.toMs).toBeDefined());
    expect(lastQuery(log)?.fromMs).toBe(FAKE_START_MS);
    await waitFor(() => expect(hasLine('line 0')).toBe(true));
    fireEvent.click(screen.getByRole('button', { name: 'Show all times' }));
    await waitFor(() => expect(lastQuery(log)).toEqual({}));
  });

  it('tells of an expression that takes too long, and of a loss', async () => {
    const log = new FakeLog(many(10));
    await setUp(log);
    await waitFor(() => expect(rows()).toHaveLength(10));
    await act(async () => log.end(new FlotillaError('disconnected', 'gone')));
    expect(screen.getByText(/The log goes on when the connection is back/)).toBeDefined();
    expect(rows()).toHaveLength(10);
    await waitFor(() => expect(screen.queryByText(/The log goes on/)).toBeNull(), { timeout: 3000 });
    await act(async () => log.end(new FlotillaError('timeout', 'The expression takes too long.')));
    expect(screen.getByText('The expression takes too long.')).toBeDefined();
  });

  it('closes its views when it goes', async () => {
    const log = new FakeLog(many(10));
    const { unmount } = await setUp(log);
    expect(log.views.size).toBe(1);
    unmount();
    expect(log.views.size).toBe(0);
  });
});
