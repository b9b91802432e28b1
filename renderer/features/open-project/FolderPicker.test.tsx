import { cleanup, fireEvent, render, screen } from '@testing-library/react';
import { afterEach, describe, expect, it } from 'vitest';
import { FlotillaError } from '#shared/contract/errors.ts';
import { type WindowServices, WindowServicesContext } from '../../app/WindowServices.ts';
import { FolderPicker } from './FolderPicker.tsx';

afterEach(cleanup);

const FOLDERS: Record<string, string[]> = {
  '/': ['home'],
  '/home': ['ada', 'me'],
  '/home/me': ['alpha', 'solver', 'sums', 'work'],
  '/home/me/work': [],
  '/home/me/solver': ['data'],
};
const parentOf = (path: string) => (path === '/' ? null : path.slice(0, path.lastIndexOf('/')) || '/');

const setUp = (search?: string, recents: string[] = []) => {
  const opened: string[] = [];
  const listed: unknown[] = [];
  let closed = 0;
  const services = {
    client: {
      call: (name: string, input: { path?: string; showHidden?: boolean }) => {
        if (name === 'apps.recents')
          return Promise.resolve(
            recents.map((path) => ({ id: path, path, exists: path !== '/gone/solver' })),
          );
        listed.push(input);
        const path = input.path ?? '/home/me';
        const names = FOLDERS[path];
        if (names === undefined)
          return Promise.reject(
            new FlotillaError('not-found', `${path} does not exist.`, { hint: 'Check the path.' }),
          );
        return Promise.resolve({
          path,
          parent: parentOf(path),
          isProject: false,
          truncated: false,
          entries: names.map((each) => ({
            name: each,
            path: path === '/' ? `/${each}` : `${path}/${each}`,
            isProject: each === 'solver',
          })),
        });
      },
    },
    openPath: (path: string) => {
      opened.push(path);
      return path in FOLDERS || path.endsWith('/solver')
        ? Promise.resolve()
        : Promise.reject(new FlotillaError('not-found', 'It is gone.', { hint: 'Look for it.' }));
    },
  } as unknown as WindowServices;
  render(
    <WindowServicesContext value={services}>
      <FolderPicker open search={search} onClose={() => (closed += 1)} />
    </WindowServicesContext>,
  );
  return { opened, listed, closed: () => closed };
};
const chosen = () => screen.getByRole('option', { selected: true }).textContent;
const press = (key: string) => fireEvent.keyDown(screen.getByRole('listbox'), { key });

describe('the folder picker', () => {
  it('is walked by keys: letters, Enter into a folder, Backspace back to where one was', async () => {
    const { opened, closed } = setUp();
    expect((await screen.findAllByRole('option')).map((row) => row.textContent)).toEqual([
      'alpha',
      'solverproject',
      'sums',
      'work',
    ]);
    expect(chosen()).toBe('alpha');
    press('ArrowDown');
    expect(chosen()).toBe('solverproject');
    press('w');
    expect(chosen()).toBe('work');
    press('Enter');
    expect(await screen.findByText('No folders in here.')).toBeDefined();
    expect(screen.getByLabelText<HTMLInputElement>('Path').value).toBe('/home/me/work');
    // A slash begins a path, but not where it is a command.
    fireEvent.keyDown(document.activeElement ?? document.body, { key: '/', ctrlKey: true });
    expect(screen.getByLabelText<HTMLInputElement>('Path').value).toBe('/home/me/work');
    press('/');
    const path = screen.getByLabelText<HTMLInputElement>('Path');
    expect(document.activeElement).toBe(path);
    expect(path.value).toBe('/');
    press('Backspace');
    await screen.findByText('alpha');
    expect(chosen()).toBe('work');
    press('Home');
    press('ArrowDown');
    fireEvent.click(screen.getByRole('button', { name: 'Open “solver”' }));
    expect(opened).toEqual(['/home/me/solver']);
    await expect.poll(closed).toBe(1);
  });

  it('goes to a folder above by its crumb, and shows hidden ones on demand', async () => {
    const { listed } = setUp();
    await screen.findByText('alpha');
    fireEvent.click(screen.getByRole('button', { name: 'home' }));
    expect(await screen.findByText('ada')).toBeDefined();
    expect(screen.getByRole('button', { name: 'home' }).getAttribute('aria-current')).toBe('location');
    fireEvent.click(screen.getByRole('switch', { name: 'Hidden folders' }));
    expect(listed.at(-1)).toEqual({ path: '/home', showHidden: true });
  });

  it('opens a pasted path with one Enter, shows one that ends with a slash, and says why one cannot be', async () => {
    const { opened, closed } = setUp();
    await screen.findByText('alpha');
    const path = screen.getByLabelText('Path');
    const enter = (value: string): void => {
      fireEvent.change(path, { target: { value } });
      fireEvent.submit(path);
    };
    enter('/nowhere/');
    expect(await screen.findByText('/nowhere/ does not exist.')).toBeDefined();
    expect(screen.getByText('alpha')).toBeDefined();
    enter('/nowhere');
    expect(await screen.findByText('Look for it.')).toBeDefined();
    expect(closed()).toBe(0);
    enter('/home/me/work');
    await expect.poll(closed).toBe(1);
    expect(opened).toEqual(['/nowhere', '/home/me/work']);
  });

  it('looks for a dropped name: chosen where it is seen, offered where it was opened before', async () => {
    const { opened } = setUp('solver', ['/data/solver', '/gone/solver', '/data/other']);
    expect(await screen.findByRole('button', { name: 'Open /data/solver' })).toBeDefined();
    await screen.findByText('alpha');
    expect(chosen()).toBe('solverproject');
    expect(screen.getByText(/browser does not tell where “solver” lies/)).toBeDefined();
    expect(screen.queryByRole('button', { name: 'Open /gone/solver' })).toBeNull();
    fireEvent.click(screen.getByRole('button', { name: 'Open /data/solver' }));
    expect(opened).toEqual(['/data/solver']);
  });
});
