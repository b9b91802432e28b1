import { act, cleanup, fireEvent, render, screen, waitFor } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { LogPanel } from './LogPanel.tsx';
import { ALL_WORKERS } from './query/WorkerChoice.ts';
import { writeStored } from './settings/useStored.ts';
import { FAKE_START_MS, FakeLog, fakeRow } from './testing/FakeLog.ts';

beforeEach(() => localStorage.clear());
afterEach(cleanup);

const many = (count: number, from = 0) =>
  Array.from({ length: count }, (_, at) => fakeRow(from + at, `line ${from + at} step=${from + at}`));

const setUp = async (log: FakeLog, appId = 'a', workers: string[] = ['worker-1', 'worker-2']) => {
  const { unmount } = render(
    <LogPanel
      client={log.client}
      appId={appId}
      workers={workers}
      services={workers.length === 0 ? [] : ['worker']}
      choice={ALL_WORKERS}
      onChoice={() => undefined}
    />,
  );
  await act(async () => undefined);
  return unmount;
};

const list = () => screen.getByRole('log', { name: 'Logs' });
const rows = () => [...list().querySelectorAll('[data-worker]')];
const hasLine = (text: string) => rows().some((row) => row.textContent?.includes(`${text} `));
const press = (key: string) => fireEvent.keyDown(list(), { key });
const follow = () => screen.getByRole('button', { name: 'Follow the end' }).getAttribute('aria-pressed');
const openMore = async (item: string) => {
  const more = screen.getByRole('button', { name: 'More' });
  more.focus();
  fireEvent.keyDown(more, { key: 'Enter' });
  fireEvent.click(await screen.findByRole('menuitem', { name: new RegExp(`^${item}`) }));
};
const pointer = (type: string, y: number, at: number) => {
  const event = new PointerEvent(type, { pointerId: 7, pointerType: 'touch', clientY: y, bubbles: true });
  Object.defineProperty(event, 'timeStamp', { value: at });
  return act(async () => void list().dispatchEvent(event));
};

describe('LogPanel: ways of viewing', () => {
  it('finds what folding hides, and says that it hides', async () => {
    const log = new FakeLog([
      fakeRow(0, 'Traceback (most recent call last):'),
      fakeRow(1, 'ValueError: nan', { continued: 0 }),
      fakeRow(2, 'after'),
    ]);
    await setUp(log);
    await openMore('Fold stack traces');
    await screen.findByText('Stack traces folded');
    const folds = () => [...log.views.values()].map(({ query }) => query.foldTraces === true);
    await waitFor(() => expect(folds()).toEqual([true]));
    fireEvent.change(screen.getByRole('textbox', { name: 'Search logs' }), { target: { value: 'nan' } });
    await waitFor(() => expect(folds()).toEqual([false, false]));
    expect(screen.queryByText('Stack traces folded')).toBeNull();
    fireEvent.change(screen.getByRole('textbox', { name: 'Search logs' }), { target: { value: '' } });
    await waitFor(() => expect(folds()).toEqual([true]));
    fireEvent.click(screen.getByRole('button', { name: 'Show stack traces whole' }));
    await waitFor(() => expect(folds()).toEqual([false]));
  });

  it('goes from the filter to its lines by Enter', async () => {
    await setUp(new FakeLog(many(5)));
    const field = screen.getByRole('textbox', { name: 'Filter lines' });
    field.focus();
    fireEvent.keyDown(field, { key: 'Enter' });
    expect(document.activeElement).toBe(list());
  });

  it('clears the view up to now, and shows earlier lines again', async () => {
    const log = new FakeLog(many(15));
    await setUp(log);
    await waitFor(() => expect(rows()).toHaveLength(15));
    await openMore('Clear the view');
    await waitFor(() => expect(rows()).toHaveLength(0));
    await act(async () => {
      log.append(fakeRow(15, 'after it'));
      log.tell((FAKE_START_MS + 15) * 1000);
    });
    await waitFor(() => expect(rows()).toHaveLength(1));
    fireEvent.click(screen.getByRole('button', { name: 'Show earlier lines' }));
    await waitFor(() => expect(rows()).toHaveLength(16));
    expect(screen.queryByRole('button', { name: 'Show earlier lines' })).toBeNull();
  });

  it('is moved by a finger, which leaves the end', async () => {
    await setUp(new FakeLog(many(3000)));
    await waitFor(() => expect(hasLine('line 2999')).toBe(true));
    await pointer('pointerdown', 100, 0);
    await pointer('pointermove', 460, 100);
    expect(follow()).toBe('false');
    await pointer('pointermove', 1900, 200);
    expect(hasLine('line 2999')).toBe(false);
    // Another finger is none of its business.
    const before = rows()[0]?.textContent;
    await act(
      async () =>
        void list().dispatchEvent(
          new PointerEvent('pointermove', { pointerId: 8, pointerType: 'touch', clientY: 0, bubbles: true }),
        ),
    );
    expect(rows()[0]?.textContent).toBe(before);
    await pointer('pointermove', -4000, 300);
    expect(follow()).toBe('true');
    await pointer('pointercancel', -4000, 2000);
  });

  it('scrolls lines that wrap, by their heights', async () => {
    const heights = Object.getOwnPropertyDescriptor(HTMLElement.prototype, 'offsetHeight');
    Object.defineProperty(HTMLElement.prototype, 'offsetHeight', { configurable: true, get: () => 54 });
    try {
      await setUp(new FakeLog(many(500)));
      await waitFor(() => expect(hasLine('line 499')).toBe(true));
      press('w');
      await waitFor(() => expect(list().getAttribute('data-wrap')).toBe('true'));
      press('Home');
      await waitFor(() => expect(hasLine('line 0')).toBe(true));
      const bar = screen.getByRole('scrollbar');
      for (let turn = 1; turn <= 4; turn += 1)
        await act(
          async () =>
            void list().dispatchEvent(
              new WheelEvent('wheel', { deltaY: 108, bubbles: true, cancelable: true }),
            ),
        );
      // 432 px are eight rows of 54.
      expect(bar.getAttribute('aria-valuenow')).toBe('8');
      press('End');
      await waitFor(() => expect(hasLine('line 499')).toBe(true));
      await act(
        async () =>
          void list().dispatchEvent(
            new WheelEvent('wheel', { deltaY: -54, bubbles: true, cancelable: true }),
          ),
      );
      // 400 px at the end hold seven rows and a part; one further up.
      expect(Number(bar.getAttribute('aria-valuenow'))).toBe(500 - 9);
    } finally {
      if (heights) Object.defineProperty(HTMLElement.prototype, 'offsetHeight', heights);
    }
  });

  it('places all bookmarks beside the scroll bar with one question, and again as the log grows', async () => {
    const log = new FakeLog(many(1000));
    const bookmarks = [100, 500, 5000].map((line) => {
      const { id, worker, timestamp } = fakeRow(line, '');
      return { id, worker, timestamp, excerpt: 'x' };
    });
    writeStored('flotilla.log-bookmarks.a', bookmarks);
    await setUp(log);
    const marks = () =>
      [...screen.getByRole('scrollbar').querySelectorAll<HTMLElement>('[class*="mark"]')].map(
        (mark) => mark.style.top,
      );
    await waitFor(() => expect(marks()).toEqual(['10%', '50%']));
    expect(log.asked('logs.locate')).toHaveLength(1);
    await act(async () => {
      log.array.splice(0, 100);
      log.tell(0);
    });
    await waitFor(() => expect(marks()[0]).toBe('0%'), { timeout: 3000 });
    expect(log.asked('logs.locate')).toHaveLength(2);
  });

  it('stops a search and keeps what was found', async () => {
    const log = new FakeLog(many(1000));
    log.scanLimit = 100;
    await setUp(log);
    fireEvent.change(screen.getByRole('textbox', { name: 'Search logs' }), { target: { value: 'line' } });
    const count = () => screen.getByRole('status', { name: 'Matches' });
    await waitFor(() => expect(count().textContent).toMatch(/ \/ 100 · 10 %$/));
    fireEvent.click(screen.getByRole('button', { name: 'Stop searching, keep what was found' }));
    await waitFor(() => expect(count().textContent).toMatch(/ \/ 100 · stopped$/));
    expect(count().title).toMatch(/of what was looked through/);
    expect(screen.queryByRole('button', { name: /^Stop searching/ })).toBeNull();
    fireEvent.click(screen.getByRole('button', { name: 'Next match' }));
    await waitFor(() => expect(count().textContent).toMatch(/^1 \//));
  });

  it('remembers columns, wrapping, times and the histogram of each app', async () => {
    const log = new FakeLog(many(20));
    const unmount = await setUp(log);
    await waitFor(() => expect(rows()).toHaveLength(20));
    press('w');
    press('t');
    fireEvent.click(screen.getByRole('button', { name: 'Lines over time' }));
    await openMore('Columns');
    fireEvent.click(await screen.findByRole('checkbox', { name: 'step' }));
    unmount();
    await setUp(log);
    expect(screen.getByRole('button', { name: 'Remove the column step' })).toBeDefined();
    expect(list().getAttribute('data-wrap')).toBe('true');
    expect(screen.queryByRole('slider', { name: 'Lines over time' })).toBeNull();
    expect(screen.getByRole('button', { name: /^Time since the first line/ })).toBeDefined();
    cleanup();
    await setUp(log, 'b');
    expect(list().getAttribute('data-wrap')).toBeNull();
    expect(screen.queryByRole('button', { name: 'Remove the column step' })).toBeNull();
  });

  it('turns to two panes and back by one key; more by the menu', async () => {
    const log = new FakeLog(many(10));
    await setUp(log);
    const panes = () => screen.getAllByRole('log').length;
    press('v');
    expect(panes()).toBe(2);
    await openMore('Add pane');
    await waitFor(() => expect(panes()).toBe(3));
    press('v');
    expect(panes()).toBe(1);
    await waitFor(() => expect(log.views.size).toBe(1));
  });

  it('shows what is kept of an app without containers, and offers its workers', async () => {
    await setUp(new FakeLog(many(10)), 'a', []);
    await waitFor(() => expect(rows()).toHaveLength(10));
    const options = [...screen.getByRole('combobox', { name: 'Log filter' }).querySelectorAll('option')];
    expect(options.map((option) => option.textContent)).toEqual([
      'All workers',
      'All worker',
      'worker-1',
      'worker-2',
    ]);
    cleanup();
    await setUp(new FakeLog(), 'a', []);
    await waitFor(() => expect(screen.getByText('No output yet')).toBeDefined());
  });
});
