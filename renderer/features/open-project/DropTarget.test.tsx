import { act, cleanup, render, screen } from '@testing-library/react';
import { Toaster, toast } from 'sonner';
import { afterEach, describe, expect, it } from 'vitest';
import { FlotillaError } from '#shared/contract/errors.ts';
import { type WindowServices, WindowServicesContext } from '../../app/WindowServices.ts';
import { DropTarget } from './DropTarget.tsx';

afterEach(() => {
  // The list of toasts outlives the page.
  toast.dismiss();
  cleanup();
  delete (globalThis as { flotilla?: unknown }).flotilla;
});

const folder = (name: string) => ({
  kind: 'file',
  webkitGetAsEntry: () => ({ name, isFile: false, isDirectory: true }),
  getAsFile: () => ({ name }),
});
const drag = (type: string, items: unknown[], types = ['Files'], target: EventTarget = document.body) => {
  const event = Object.assign(new Event(type, { bubbles: true, cancelable: true }), {
    dataTransfer: { items, types, dropEffect: 'none' },
  });
  act(() => void target.dispatchEvent(event));
  return event;
};
const setUp = (openPath: WindowServices['openPath'] = () => Promise.resolve()) => {
  const asked: unknown[] = [];
  const services = {
    openFolder: (name?: string) => void asked.push(['picker', name]),
    openPath: (path: string) => {
      asked.push(['path', path]);
      return openPath(path);
    },
  } as unknown as WindowServices;
  render(
    <WindowServicesContext value={services}>
      <DropTarget>
        <input aria-label="Field" />
      </DropTarget>
      <Toaster />
    </WindowServicesContext>,
  );
  return asked;
};

describe('dropping on the window', () => {
  it('shows where to drop while files hang over the window, and no longer', () => {
    setUp();
    drag('dragenter', []);
    drag('dragenter', []);
    drag('dragleave', []);
    expect(screen.getByTestId('drop-overlay')).toBeDefined();
    drag('dragleave', []);
    expect(screen.queryByTestId('drop-overlay')).toBeNull();
    drag('dragenter', [], ['text/plain']);
    expect(screen.queryByTestId('drop-overlay')).toBeNull();
  });

  it('opens the path on the desktop', () => {
    (globalThis as { flotilla?: unknown }).flotilla = { pathOfFile: () => '/home/me/solver' };
    const asked = setUp();
    expect(drag('drop', [folder('solver')]).defaultPrevented).toBe(true);
    expect(asked).toEqual([['path', '/home/me/solver']]);
  });

  it('asks for the place of the folder in a browser, which only tells its name', () => {
    const asked = setUp();
    drag('drop', [folder('solver')]);
    expect(asked).toEqual([['picker', 'solver']]);
  });

  it('keeps the browser on the page when something is dropped outside of the window’s own content', () => {
    setUp();
    const outside = document.createElement('div');
    document.body.append(outside);
    expect(drag('dragover', [], ['Files'], outside).defaultPrevented).toBe(true);
    expect(drag('drop', [], ['text/uri-list'], outside).defaultPrevented).toBe(true);
    outside.remove();
  });

  it('says what to do instead, for what is no folder and for one that cannot be opened', async () => {
    (globalThis as { flotilla?: unknown }).flotilla = { pathOfFile: () => '/home/me/solver' };
    setUp(() => Promise.reject(new FlotillaError('not-found', 'It is gone.', { hint: 'Look for it.' })));
    drag('drop', [{ kind: 'string' }], ['text/uri-list']);
    expect(await screen.findByText('That is a link, not a folder.')).toBeDefined();
    expect(screen.getByText(/^Drop one folder/)).toBeDefined();
    drag('drop', [folder('solver')]);
    expect(await screen.findByText('It is gone.')).toBeDefined();
    expect(await screen.findByText('Look for it.')).toBeDefined();
  });

  it('leaves text that is dragged into a field to the field', () => {
    const asked = setUp();
    const field = screen.getByLabelText('Field');
    expect(drag('drop', [{ kind: 'string' }], ['text/plain'], field).defaultPrevented).toBe(false);
    expect(asked).toEqual([]);
  });
});
