import { cleanup, fireEvent, render, screen, waitFor, within } from '@testing-library/react';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { Client } from '#shared/contract/Client.ts';
import { FlotillaError } from '#shared/contract/errors.ts';
import type { ContextPreview } from '#shared/domain/Build.ts';
import { ContextPreviewDialog } from './ContextPreviewDialog.tsx';

afterEach(cleanup);

const full: ContextPreview = {
  files: 1_002,
  bytes: 2_000_000,
  heaviest: [
    { path: 'data/', bytes: 1_500_000, files: 1_000 },
    { path: 'model.bin', bytes: 400_000, files: 1 },
    { path: 'src/', bytes: 100_000, files: 1 },
  ],
  skipped: [{ path: 'pipe', reason: 'a FIFO (named pipe); not sent' }],
  ignoreFile: '.dockerignore',
  ignoredFiles: 12,
};
const without = (path: string): ContextPreview => ({
  ...full,
  bytes: 500_000,
  heaviest: full.heaviest.filter((item) => item.path !== path),
});

type Answer = ContextPreview | Error | undefined;

function show(answers: { context?: Answer[]; ignore?: (path: string, undo: boolean) => Answer }) {
  const calls: { name: string; input: Record<string, unknown>; signal: AbortSignal | undefined }[] = [];
  const contexts = [...(answers.context ?? [full])];
  const client = {
    call: (name: string, input: Record<string, unknown>, options?: { signal?: AbortSignal }) => {
      calls.push({ name, input, signal: options?.signal });
      const answer =
        name === 'builds.context'
          ? contexts.length > 1
            ? contexts.shift()
            : contexts[0]
          : answers.ignore?.(input['path'] as string, input['undo'] === true);
      if (answer === undefined) return new Promise(() => {});
      return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer);
    },
  } as unknown as Client;
  const onClose = vi.fn();
  const props = { client, appId: 'app', service: 'worker', onClose };
  const view = render(<ContextPreviewDialog {...props} open />);
  return {
    calls,
    onClose,
    reopen: (open: boolean) => view.rerender(<ContextPreviewDialog {...props} open={open} />),
  };
}

describe('ContextPreviewDialog', () => {
  it('tells size, files, rules and what weighs most with its share', async () => {
    show({});
    expect(await screen.findByText('2.00 MB')).toBeDefined();
    const status = screen.getByText('2.00 MB').closest('[role=status]');
    expect(status?.textContent).toContain('1,002 files');
    expect(status?.textContent).toContain('12 files left out by .dockerignore');
    const rows = within(screen.getByRole('region', { name: 'What weighs most' })).getAllByRole('listitem');
    expect(rows.map((row) => row.textContent)).toEqual([
      'data/1,000 files1.50 MBIgnore75 % of all',
      'model.bin400 kBIgnore20 % of all',
      'src/1 file100 kBIgnore5 % of all',
    ]);
    expect(screen.getByText('One entry needs a look')).toBeDefined();
    expect(screen.getByText('a FIFO (named pipe); not sent')).toBeDefined();
  });

  it('leaves a path out with one press, and takes it back with the next, with the file made for it', async () => {
    const { calls } = show({
      ignore: (path, undo) => (undo ? full : { ...without(path), ignoreFileIsNew: true }),
    });
    const button = await screen.findByRole('button', { name: 'Ignore data/' });
    button.focus();
    fireEvent.click(button);
    await waitFor(() => expect(screen.queryByRole('button', { name: 'Ignore data/' })).toBeNull());
    expect(calls.at(-1)?.input).toEqual({ appId: 'app', service: 'worker', path: 'data/', undo: false });
    expect(screen.getByText('500 kB')).toBeDefined();
    const undo = screen.getByRole('button', { name: 'Undo' });
    await waitFor(() => expect(document.activeElement).toBe(undo));
    expect(screen.getByText('data/').parentElement?.textContent).toBe('data/ left out: 1.50 MB less');
    fireEvent.click(undo);
    const back = await screen.findByRole('button', { name: 'Ignore data/' });
    expect(calls.at(-1)?.input).toMatchObject({ path: 'data/', undo: true, removeFile: true });
    await waitFor(() => expect(document.activeElement).toBe(back));
    expect(screen.queryByRole('button', { name: 'Undo' })).toBeNull();
  });

  it('says why a path could not be left out, and keeps what it shows', async () => {
    show({ ignore: () => new FlotillaError('permission-denied', '.dockerignore may not be written.') });
    fireEvent.click(await screen.findByRole('button', { name: 'Ignore src/' }));
    expect((await screen.findByRole('alert')).textContent).toContain('.dockerignore may not be written.');
    expect(screen.getByRole('button', { name: 'Ignore src/' })).toBeDefined();
  });

  it('waits, fails, and reads again', async () => {
    const { calls } = show({
      context: [new FlotillaError('disconnected', 'Flotilla is not connected.', { hint: 'Wait.' }), full],
    });
    expect(screen.getByLabelText('Reading the folder')).toBeDefined();
    expect((await screen.findByRole('alert')).textContent).toContain('Flotilla is not connected.');
    fireEvent.click(screen.getByRole('button', { name: 'Read again' }));
    expect(await screen.findByText('2.00 MB')).toBeDefined();
    expect(screen.queryByRole('alert')).toBeNull();
    expect(calls.map((call) => call.name)).toEqual(['builds.context', 'builds.context']);
  });

  it('shows a problem beside what was found', async () => {
    show({
      context: [
        {
          ...full,
          problem: { code: 'too-large', message: 'More than 2 GiB.', hint: 'Leave something out.' },
        },
      ],
    });
    expect(await screen.findByText('More than 2 GiB.')).toBeDefined();
    expect(screen.getByRole('button', { name: 'Ignore data/' })).toBeDefined();
  });

  it('says that nothing is sent, and that there is no ignore file', async () => {
    const nothing = { files: 0, bytes: 0, heaviest: [], skipped: [], ignoredFiles: 3 };
    show({ context: [{ ...nothing, ignoreFile: 'app/.dockerignore' }] });
    expect(await screen.findByText('Nothing is sent')).toBeDefined();
    expect(screen.getByText('app/.dockerignore leaves everything out.')).toBeDefined();
    cleanup();
    show({ context: [{ ...full, ignoreFile: undefined, ignoredFiles: 0 }] });
    expect(await screen.findByText('There is no ignore file yet: everything is sent.')).toBeDefined();
  });

  it('breaks the reading off when it is closed, and shows no name that lies', async () => {
    const { calls, reopen } = show({
      context: [undefined, { ...full, heaviest: [{ path: 'a\u202egpj.exe', bytes: 5, files: 1 }] }],
    });
    expect(calls[0]?.signal?.aborted).toBe(false);
    reopen(false);
    expect(calls[0]?.signal?.aborted).toBe(true);
    reopen(true);
    expect(await screen.findByRole('button', { name: 'Ignore a\ufffdgpj.exe' })).toBeDefined();
  });

  it('closes with its button', async () => {
    const { onClose } = show({});
    fireEvent.click(await screen.findByRole('button', { name: 'Done' }));
    expect(onClose).toHaveBeenCalledOnce();
  });
});
