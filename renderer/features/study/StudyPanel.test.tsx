import { act, cleanup, fireEvent, render, screen, within } from '@testing-library/react';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { Client, StreamConsumer } from '#shared/contract/Client.ts';
import type { AppView } from '#shared/domain/AppView.ts';
import type { StudiesState } from '#shared/domain/Study.ts';
import { about, testPlan, testRecord, testRun } from '#shared/study/testStudy.ts';
import type { Requirement } from '#shared/study/Requirement.ts';
import { usePreferences } from '../../stores/preferences.ts';
import { FlotillaError } from '#shared/contract/errors.ts';
import { closeConsent, useConsent } from '../app/consentStore.ts';
import { StudyPanel } from './StudyPanel.tsx';

afterEach(() => {
  cleanup();
  usePreferences.setState({ corePrice: 0 });
});

const NOTHING: StudiesState = { records: [], going: null, error: null };
const whole = testRecord({ 1: about(8_000), 2: about(4_200), 4: about(2_600), 8: about(2_400) });

interface Shown {
  roles?: string[];
  engineReady?: boolean;
  requirements?: Requirement[];
}

let apps = 0;
function show({ roles = ['worker'], engineReady = true, requirements }: Shown = {}) {
  let consumer: StreamConsumer<StudiesState> | undefined;
  const call = vi.fn(() => Promise.resolve(null));
  const client = {
    call,
    stream: (_: string, __: object, given: StreamConsumer<StudiesState>) => {
      consumer = given;
      return { close: () => undefined };
    },
  } as unknown as Client;
  // Drafts are kept by app.
  const app = {
    id: `a${(apps += 1)}`,
    services: roles.map((role, index) => ({ name: `${role}${index}`, role })),
    requirements,
  } as unknown as AppView;
  render(<StudyPanel app={app} client={client} engineReady={engineReady} />);
  const tell = (state: Partial<StudiesState>): void =>
    act(() => void consumer?.onBatch([{ ...NOTHING, ...state }]));
  return { call, tell, appId: app.id };
}

describe('the panel of studies', () => {
  it('says what a study is for, and begins one', () => {
    const { call, tell, appId } = show();
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
      appId,
      workers: [1, 2, 4],
      repetitions: 7,
      mode: 'weak',
      service: 'worker0',
    });
  });

  it('keeps the focus of who began one by key where it is told how it goes', () => {
    const { tell } = show();
    tell({});
    act(() => screen.getByRole('button', { name: 'Start study' }).focus());
    tell({ going: { phase: 'preparing', done: 0, total: 0 } });
    expect(document.activeElement).toBe(screen.getByRole('region', { name: 'Study under way' }));
  });

  it('takes further settings along, and none that is wrong', () => {
    const { call, tell, appId } = show();
    tell({});
    const fill = (name: string, value: string): void =>
      void fireEvent.change(screen.getByLabelText(name), { target: { value } });
    fill('Worker counts', '1 2');
    fill('Name', 'v2');
    fill('Time begins with the line', 'begins');
    fill('Seed', 'x');
    fireEvent.submit(screen.getByRole('form', { name: 'New study' }));
    expect(call).not.toHaveBeenCalled();
    expect(screen.getByRole('alert').textContent).toBe('Give a whole number from 0 to 4294967295.');
    fill('Seed', '42');
    fireEvent.submit(screen.getByRole('form', { name: 'New study' }));
    expect(call).toHaveBeenCalledExactlyOnceWith('studies.start', {
      appId,
      workers: [1, 2],
      repetitions: 7,
      mode: 'strong',
      service: 'worker0',
      name: 'v2',
      from: 'begins',
      seed: 42,
    });
  });

  it('is filled as it was last, once the study is over', () => {
    const { tell } = show();
    tell({});
    const [counts, repetitions, name] = ['Worker counts', 'Repetitions', 'Name'].map(
      (label) => () => screen.getByLabelText<HTMLInputElement>(label),
    ) as [() => HTMLInputElement, () => HTMLInputElement, () => HTMLInputElement];
    const work = () => screen.getByRole<HTMLSelectElement>('combobox', { name: 'Work' });
    expect(name().closest('details')?.open).toBe(false);
    fireEvent.change(counts(), { target: { value: '1 3' } });
    fireEvent.change(repetitions(), { target: { value: '2' } });
    fireEvent.blur(repetitions());
    fireEvent.change(work(), { target: { value: 'weak' } });
    fireEvent.change(name(), { target: { value: 'v2' } });
    tell({ going: { phase: 'preparing', done: 0, total: 0 } });
    expect(screen.queryByLabelText('Worker counts')).toBeNull();
    tell({ records: [whole] });
    expect([counts(), repetitions(), work(), name()].map(({ value }) => value)).toEqual([
      '1 3',
      '2',
      'weak',
      'v2',
    ]);
    // What counts is seen.
    expect(name().closest('details')?.open).toBe(true);
  });

  it('asks for consent where the app reaches outside, and begins once all is allowed', async () => {
    const { call, tell, appId } = show();
    tell({});
    call.mockRejectedValueOnce(new FlotillaError('consent-required', 'It asks for more.'));
    fireEvent.submit(screen.getByRole('form', { name: 'New study' }));
    await vi.waitFor(() => expect(useConsent.getState().appId).toBe(appId));
    const { purpose } = useConsent.getState();
    expect(purpose?.label).toBe('Allow and study');
    await act(async () => purpose?.go());
    expect(call).toHaveBeenCalledTimes(2);
    closeConsent();
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
    const { call, tell, appId } = show();
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
    expect(call).toHaveBeenCalledExactlyOnceWith('studies.cancel', { appId });
  });

  it('shows the verdict, the table and what is drawn of a study that is whole', () => {
    show().tell({ records: [whole] });
    expect(screen.getByText(/^Best value at 4 workers: 3\.08 times as fast as 1/)).toBeDefined();
    const rows = within(screen.getByRole('region', { name: 'Table of the study' })).getAllByRole('row');
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
    // Each run and each median, and one of both in the legend.
    expect(plot.querySelectorAll('circle')).toHaveLength(4 * 8 + 2);
    expect(plot.querySelector('[stroke-dasharray="6 4"]')?.getAttribute('style')).toContain('--plot-fit');
    for (const name of ['Efficiency', 'Serial fraction (Karp–Flatt)', 'Time'])
      expect(screen.getByRole('img', { name })).toBeDefined();
    const numbers = screen.getByRole('region', { name: 'Numbers of the plot Efficiency' });
    expect(
      within(numbers)
        .getAllByRole('rowheader')
        .map(({ textContent }) => textContent),
    ).toEqual(['1', '2', '4', '8']);
  });

  it('goes from one study to another, and on with one that lacks runs', () => {
    const { call, tell, appId } = show();
    const other = testRecord({ 1: [1_000], 2: [900] }, { id: 'other', name: 'v1' });
    tell({ records: [{ ...whole, runs: whole.runs.slice(0, -1) }, other] });
    fireEvent.change(screen.getByRole('combobox', { name: 'Study' }), { target: { value: 'other' } });
    expect(screen.getByText(/^Best value at 1 worker \(1\.00 s\)/)).toBeDefined();
    fireEvent.click(screen.getByRole('button', { name: 'Resume the last' }));
    expect(call).toHaveBeenCalledExactlyOnceWith('studies.resume', { appId });
  });

  it('says which requirements are met, also of a baseline before it', () => {
    const before = testRecord({ 4: about(2_500) }, { id: 'before', name: 'v1', createdAt: -1 });
    show({
      requirements: [
        { kind: 'efficiency', at: 4, least: 0.7 },
        { kind: 'time', at: 8, mostMs: 1_000 },
        { kind: 'time', at: 16, mostMs: 1_000 },
        { kind: 'slowdown', at: 4, most: 0.01, baseline: 'v1' },
      ],
    }).tell({ records: [whole, before] });
    const items = within(screen.getByRole('list', { name: 'Requirements' })).getAllByRole('listitem');
    expect(items.map(({ textContent }) => textContent)).toEqual([
      expect.stringMatching(/^Metefficiency at least 70 % with 4 workers: 77 %/),
      expect.stringMatching(/^Not mettime at most 1\.00 s with 8 workers: 2\.40 s/),
      'Not knowntime at most 1.00 s with 16 workers: not known, 16 workers were not measured',
      expect.stringMatching(/^Not metat most 1 % slower than “v1” with 4 workers: 4 % slower/),
    ]);
  });

  it('says of requirements that are not measured yet that they are not, while the study goes on', () => {
    const record = { plan: testPlan({ workers: [1, 2], repetitions: 1 }), runs: [testRun(1, 1, 5_000)] };
    const { tell } = show({ requirements: [{ kind: 'time', at: 2, mostMs: 6_000 }] });
    const item = () =>
      within(screen.getByRole('list', { name: 'Requirements' })).getByRole('listitem').textContent;
    tell({ going: { phase: 'running', record, done: 1, total: 4 } });
    expect(item()).toBe('Not yettime at most 6.00 s with 2 workers: not measured yet');
    tell({ records: [record] });
    expect(item()).toBe('Not knowntime at most 6.00 s with 2 workers: not known, it was not measured');
  });

  it('compares with another study', () => {
    const before = testRecord({ 1: about(8_000), 8: about(3_000) }, { id: 'before', name: 'v1' });
    show().tell({ records: [whole, before] });
    fireEvent.change(screen.getByRole('combobox', { name: 'Compare with' }), { target: { value: 'before' } });
    expect(screen.getByText('Faster at 8; no difference can be told at 1 (workers).')).toBeDefined();
    expect(screen.getByText(/^8 workers: 20 % less time \(95 % interval 0\.7/)).toBeDefined();
  });

  it('tells what a run costs, with a price that is kept, and at a count that was not measured', () => {
    const { call, tell } = show();
    tell({ records: [whole] });
    const table = () => screen.getByRole('region', { name: 'Cost by workers' });
    expect(within(table()).queryByRole('columnheader', { name: 'Price' })).toBeNull();
    const price = screen.getByRole('textbox', { name: 'Price per core-hour' });
    fireEvent.change(price, { target: { value: 'x' } });
    expect(screen.getByRole('alert').textContent).toBe('Give a number, as in 0.04.');
    fireEvent.change(price, { target: { value: '36' } });
    expect(call).toHaveBeenCalledExactlyOnceWith('preferences.set', { corePrice: 36 });
    expect(within(table()).getByRole('columnheader', { name: 'Price' })).toBeDefined();
    expect(within(table()).getAllByRole('row')[1]?.textContent).toMatch(/^18\.00 s.*0\.002220\.0800 \(/);
    const workers = screen.getByRole('textbox', { name: 'Forecast for workers' });
    fireEvent.change(workers, { target: { value: '12' } });
    expect(within(table()).getByRole('rowheader', { name: '12' })).toBeDefined();
    fireEvent.change(workers, { target: { value: '17' } });
    expect(screen.getByText('17 workers are more than 2 times the 8 that were measured.')).toBeDefined();
  });

  it('says why the last one ended early', () => {
    show().tell({ error: { code: 'engine-unavailable', message: 'The engine is gone.', hint: 'Start it.' } });
    expect(screen.getByRole('alert').textContent).toContain('The engine is gone.');
  });
});
