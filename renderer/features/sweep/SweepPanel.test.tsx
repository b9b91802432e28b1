import { act, cleanup, fireEvent, render, screen, within, waitFor } from '@testing-library/react';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { Client, StreamConsumer } from '#shared/contract/Client.ts';
import { FlotillaError } from '#shared/contract/errors.ts';
import type { AppView } from '#shared/domain/AppView.ts';
import type { SweepsState, SweepTable } from '#shared/domain/Sweep.ts';
import { summaryOf } from '#shared/sweep/summaryOf.ts';
import { jobsOf } from '#shared/sweep/sweepJobs.ts';
import { failedAttempt, testAttempt, testSweep } from '#shared/sweep/testSweep.ts';
import { closeConsent, useConsent } from '../app/consentStore.ts';
import { parseDraft } from './parseDraft.ts';
import { EMPTY_DRAFT } from './sweepDraft.ts';
import SweepPanel from './SweepPanel.tsx';

afterEach(cleanup);

const NOTHING: SweepsState = { sweeps: [], going: null, error: null };
const record = {
  plan: testSweep(),
  entries: [{ attempt: testAttempt(0) }, { attempt: failedAttempt(1) }, { attempt: failedAttempt(1, 2) }],
};
const summary = summaryOf(record);
const table: SweepTable = { plan: record.plan, jobs: jobsOf(record) };

let apps = 0;
function show(engineReady = true) {
  const consumers = new Map<string, StreamConsumer<unknown>>();
  const call = vi.fn((name: string) => Promise.resolve(name === 'sweeps.log' ? ['a line'] : null));
  const client = {
    call,
    stream: (name: string, _: object, given: StreamConsumer<unknown>) => {
      consumers.set(name, given);
      return { close: () => undefined };
    },
  } as unknown as Client;
  // Drafts are kept by app.
  const app = {
    id: `a${(apps += 1)}`,
    services: [{ name: 'worker', role: 'worker' }],
  } as unknown as AppView;
  render(<SweepPanel app={app} client={client} engineReady={engineReady} />);
  const tell = (name: 'sweeps' | 'sweep', ...items: unknown[]): void =>
    act(() => void consumers.get(name)?.onBatch(items));
  return { call, tell, appId: app.id };
}

const fill = (name: RegExp | string, value: string): void =>
  void fireEvent.change(screen.getByRole('textbox', { name }), { target: { value } });

describe('the panel of sweeps', () => {
  it('begins one from a grid, and asks for consent where it is needed', async () => {
    const { call, tell, appId } = show();
    tell('sweeps', NOTHING);
    expect(screen.getByRole('button', { name: 'Start sweep' })).toHaveProperty('disabled', true);
    fill(/^Parameters/, 'seed=1..3\nrate=a,b');
    fill(/^Columns from results/, 'v=r.json:x');
    fill(/^Time limit/, '90s');
    expect(screen.getByText('6 jobs: seed × rate. Ctrl+Enter starts.')).toBeDefined();
    call.mockRejectedValueOnce(new FlotillaError('consent-required', 'no'));
    await act(async () => void fireEvent.submit(screen.getByRole('form', { name: 'New sweep' })));
    expect(call).toHaveBeenCalledExactlyOnceWith(
      'sweeps.start',
      expect.objectContaining({
        appId,
        parameters: ['seed', 'rate'],
        service: 'worker',
        retries: 0,
        timeoutMs: 90_000,
        columns: [{ name: 'v', from: 'file', file: 'r.json', path: 'x' }],
      }),
    );
    expect(useConsent.getState()).toMatchObject({ appId, purpose: { label: 'Allow and sweep' } });
    act(() => closeConsent());
  });

  it('keeps the focus of who works by key: to the form, started from any field of it, and to the table', async () => {
    const { call, tell } = show();
    tell('sweeps', { ...NOTHING, sweeps: [summary] });
    tell('sweep', { kind: 'table', table });
    const add = screen.getByRole('button', { name: 'New sweep' });
    act(() => add.focus());
    fireEvent.click(add);
    expect(document.activeElement).toBe(screen.getByRole('textbox', { name: /^Parameters/ }));
    fill(/^Parameters/, 'seed=1..3');
    const concurrency = screen.getByRole('spinbutton', { name: 'Jobs at once' });
    act(() => concurrency.focus());
    fireEvent.change(concurrency, { target: { value: '3' } });
    fireEvent.keyDown(concurrency, { key: 'Enter', ctrlKey: true });
    await waitFor(() => expect(call).toHaveBeenCalledOnce());
    // Also with what was typed right before.
    expect(call).toHaveBeenCalledWith(
      'sweeps.start',
      expect.objectContaining({ parameters: ['seed'], concurrency: 3 }),
    );
    tell('sweep', { kind: 'table', table });
    expect(document.activeElement).toBe(screen.getByRole('grid', { name: 'Jobs of the sweep' }));
  });

  it('takes a table that is dropped on it', async () => {
    const { tell } = show();
    tell('sweeps', NOTHING);
    const file = new File(['a,b\n1,2\n3,4\n'], 'p.csv', { type: 'text/csv' });
    const data = { dataTransfer: { files: [file], types: ['Files'] } };
    await act(async () => {
      fireEvent.drop(screen.getByRole('textbox', { name: /^Parameters/ }), data);
      await Promise.resolve();
    });
    expect(await screen.findByText('2 jobs: a, b. Ctrl+Enter starts.')).toBeDefined();
    expect(screen.getByText('p.csv')).toBeDefined();
  });

  it('shows the table as it fills, a job’s log, and what can be done', async () => {
    const { call, tell, appId } = show();
    tell('sweeps', { ...NOTHING, sweeps: [summary], going: { phase: 'running', sweepId: summary.id } });
    tell('sweep', { kind: 'table', table });
    const view = within(screen.getByRole('region', { name: 'Sweep' }));
    expect(view.getByRole('status').textContent).toBe('2 of 4 done, 1 failed');
    expect(view.queryByRole('button', { name: 'Resume' })).toBeNull();
    fireEvent.click(view.getByRole('button', { name: 'Cancel' }));
    expect(call).toHaveBeenCalledWith('sweeps.cancel', { appId: 'app' });
    tell('sweep', { kind: 'job', job: { ...table.jobs[2], state: 'ok', tries: 1, last: testAttempt(2) } });
    expect(view.getByRole('status').textContent).toBe('3 of 4 done, 1 failed');
    tell('sweeps', { ...NOTHING, sweeps: [summary] });
    fireEvent.click(view.getByRole('button', { name: 'Resume' }));
    expect(call).toHaveBeenCalledWith('sweeps.resume', { sweepId: summary.id, retryFailed: false });
    await act(async () => void fireEvent.click(view.getByRole('button', { name: 'Retry failed' })));
    expect(call).toHaveBeenCalledWith('sweeps.resume', { sweepId: summary.id, retryFailed: true });
    expect(appId).toMatch(/^a\d/);
  });

  it('does not start without an engine, and says what ended the last one', () => {
    const { tell } = show(false);
    tell('sweeps', {
      ...NOTHING,
      sweeps: [summary],
      error: { code: 'engine-unavailable', message: 'It is gone.', hint: 'Start it.' },
    });
    tell('sweep', { kind: 'table', table });
    expect(screen.getByText('It is gone.')).toBeDefined();
    expect(screen.getByRole('button', { name: 'Resume' })).toHaveProperty('disabled', true);
  });
});

describe('a draft', () => {
  const errorsOf = (change: object) => parseDraft({ ...EMPTY_DRAFT, grid: 'a=1', ...change }).errors;

  it('is refused with what is wrong, field by field', () => {
    expect(parseDraft(EMPTY_DRAFT)).toEqual({ errors: {} });
    expect(errorsOf({ grid: 'a=1\n\nb' }).parameters).toMatch(/^line 3: b: That is no axis/);
    expect(errorsOf({ kind: 'table', table: 'a,b\n1' }).parameters).toMatch(/^table:2: There is 1 value/);
    expect(errorsOf({ logColumns: 'x=(' }).logColumns).toContain('is no regular expression');
    expect(errorsOf({ fileColumns: 'a=r.json:x' }).fileColumns).toContain('two columns called a');
    expect(errorsOf({ timeout: 'soon' }).timeout).toBe('Give a time such as 90s or 1h30m.');
    expect(errorsOf({ command: 'a "b' }).command).toContain('A quote is not closed');
    expect(errorsOf({ command: 'solve {a}', timeout: '1m' })).toEqual({});
  });
});
