import { act, cleanup, fireEvent, render, screen, within } from '@testing-library/react';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { Client, StreamConsumer } from '#shared/contract/Client.ts';
import type { AppView } from '#shared/domain/AppView.ts';
import type { StudiesState } from '#shared/domain/Study.ts';
import { about, testPlan, testRecord, testRun } from '#shared/study/testStudy.ts';
import { StudyPanel } from './StudyPanel.tsx';

afterEach(cleanup);

const NOTHING: StudiesState = { records: [], going: null, error: null };
const whole = testRecord({ 1: about(8_000), 2: about(4_200), 4: about(2_600), 8: about(2_400) });

function show({ roles = ['worker'], engineReady = true }: { roles?: string[]; engineReady?: boolean } = {}) {
  let consumer: StreamConsumer<StudiesState> | undefined;
  const call = vi.fn(() => Promise.resolve(null));
  const client = {
    call,
    stream: (_: string, __: object, given: StreamConsumer<StudiesState>) => {
      consumer = given;
      return { close: () => undefined };
    },
  } as unknown as Client;
  const app = {
    id: 'a',
    services: roles.map((role, index) => ({ name: `${role}${index}`, role })),
  } as unknown as AppView;
  render(<StudyPanel app={app} client={client} engineReady={engineReady} />);
  const tell = (state: Partial<StudiesState>): void =>
    act(() => void consumer?.onBatch([{ ...NOTHING, ...state }]));
  return { call, tell };
}

describe('the panel of studies', () => {
  it('says what a study is for, and begins one', () => {
    const { call, tell } = show();
    tell({});
    expect(screen.getByText('How well does it scale?')).toBeDefined();
    const counts = screen.getByRole('textbox', { name: 'Worker counts' });
    fireEvent.change(counts, { target: { value: '1, x' } });
    expect(screen.getByRole('alert').textContent).toBe('Give whole numbers from 1, as in 1, 2, 4.');
    expect(screen.getByRole('button', { name: 'Start study' })).toHaveProperty('disabled', true);
    fireEvent.change(counts, { target: { value: '4 1 2' } });
    fireEvent.change(screen.getByRole('combobox', { name: 'Work' }), { target: { value: 'weak' } });
    fireEvent.submit(screen.getByRole('form', { name: 'New study' }));
    expect(call).toHaveBeenCalledExactlyOnceWith('studies.start', {
      appId: 'a',
      workers: [1, 2, 4],
      repetitions: 7,
      mode: 'weak',
      service: 'worker0',
    });
  });

  it('asks which service, where several are workers; and for a role, where none is', () => {
    show({ roles: ['worker', 'worker', 'main'] }).tell({});
    expect(
      within(screen.getByRole('combobox', { name: 'Service' }))
        .getAllByRole('option')
        .map(({ textContent }) => textContent),
    ).toEqual(['worker0', 'worker1']);
    cleanup();
    show({ roles: ['main'] }).tell({});
    expect(screen.getByText('No service of this app is a worker.')).toBeDefined();
    expect(screen.queryByRole('button', { name: 'Start study' })).toBeNull();
  });

  it('does nothing without an engine', () => {
    show({ engineReady: false }).tell({});
    expect(screen.getByRole('button', { name: 'Start study' })).toHaveProperty('disabled', true);
  });

  it('shows how one goes, with what it found already, and breaks it off', () => {
    const { call, tell } = show();
    tell({ going: { phase: 'preparing', done: 0, total: 0 } });
    expect(screen.getByRole('status').textContent).toBe('Getting the images');
    expect(screen.getByRole('progressbar', { name: 'Runs made' }).getAttribute('aria-valuenow')).toBeNull();
    const record = {
      plan: testPlan({ workers: [1, 2], repetitions: 1 }),
      runs: [testRun(1, 0, 5), testRun(1, 1, 5_000)],
    };
    tell({ going: { phase: 'running', record, run: { workers: 2, repetition: 0 }, done: 2, total: 4 } });
    expect(screen.getByRole('status').textContent).toBe('Run 3 of 4: 2 workers, warm-up');
    expect(screen.getByRole('progressbar', { name: 'Runs made' }).getAttribute('aria-valuenow')).toBe('50');
    expect(screen.getByText(/^So far: Only 1 worker could be measured: 5\.00 s\./)).toBeDefined();
    fireEvent.click(screen.getByRole('button', { name: 'Cancel' }));
    expect(call).toHaveBeenCalledExactlyOnceWith('studies.cancel', { appId: 'a' });
  });

  it('shows the verdict, the table and what is drawn of a study that is whole', () => {
    show().tell({ records: [whole] });
    expect(screen.getByText(/^Best value at 4 workers: 3\.08 times as fast as 1/)).toBeDefined();
    const rows = within(screen.getByRole('table')).getAllByRole('row');
    expect(rows).toHaveLength(5);
    expect(within(rows[3] as HTMLElement).getByRole('rowheader').textContent).toBe('4');
    expect(
      within(rows[3] as HTMLElement)
        .getAllByRole('cell')
        .map(({ textContent }) => textContent),
    ).toEqual([
      '7',
      '2.60 s',
      expect.stringMatching(/^2\.5\d s–2\.6\d s$/),
      '3.08',
      expect.stringMatching(/^3\.0\d–3\.1\d$/),
      '77 %',
      '0.100',
      '10.4',
      '–',
    ]);
    const plot = screen.getByRole('img', { name: 'Speedup' });
    expect(plot.querySelector('desc')?.textContent).toBe('By workers 1: 1.00, 2: 1.90, 4: 3.08, 8: 3.33.');
    expect(plot.querySelectorAll('circle')).toHaveLength(4 * 8);
    expect(screen.getByRole('img', { name: 'Efficiency' })).toBeDefined();
  });

  it('goes from one study to another, and on with one that lacks runs', () => {
    const { call, tell } = show();
    const other = testRecord({ 1: [1_000], 2: [900] }, { id: 'other', name: 'v1' });
    tell({ records: [{ ...whole, runs: whole.runs.slice(0, -1) }, other] });
    fireEvent.change(screen.getByRole('combobox', { name: 'Study' }), { target: { value: 'other' } });
    expect(screen.getByText(/^Best value at 1 worker \(1\.00 s\)/)).toBeDefined();
    fireEvent.click(screen.getByRole('button', { name: 'Resume the last' }));
    expect(call).toHaveBeenCalledExactlyOnceWith('studies.resume', { appId: 'a' });
  });

  it('says why the last one ended early', () => {
    show().tell({ error: { code: 'engine-unavailable', message: 'The engine is gone.', hint: 'Start it.' } });
    expect(screen.getByRole('alert').textContent).toContain('The engine is gone.');
  });
});
