import { EditorView } from '@codemirror/view';
import { act, cleanup, fireEvent, render, screen, waitFor, within } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Client } from '#shared/contract/Client.ts';
import { FlotillaError } from '#shared/contract/errors.ts';
import type { AppView } from '#shared/domain/AppView.ts';
import type { ProjectFile } from '#shared/domain/ProjectFile.ts';
import DockerfileEditor from './DockerfileEditor.tsx';
import { type EditorTarget, useEditorFiles } from './editorFiles.ts';

const app = { id: 'a', origin: 'folder', diagnostics: [] } as unknown as AppView;

/** A disk with files, and a client that reads and writes them as the core does. */
function disk(files: Record<string, string>) {
  const version = (text: string | undefined): string => (text === undefined ? '' : `v:${text}`);
  const read = (path: string): ProjectFile => ({
    path,
    text: files[path] ?? '',
    version: version(files[path]),
    exists: files[path] !== undefined,
    bom: false,
    lineEnds: files[path]?.includes('\r') === true ? 'crlf' : 'lf',
  });
  const answer = (name: string, input: { path: string; text: string; version: string }): unknown => {
    switch (name) {
      case 'files.list':
        return [
          { path: 'Dockerfile', kind: 'dockerfile', services: ['main'], exists: true },
          {
            path: '.dockerignore',
            kind: 'ignore',
            services: ['main'],
            exists: files['.dockerignore'] !== undefined,
          },
        ];
      case 'files.read':
        return read(input.path);
      case 'files.context':
        return {
          ignoreFile: '.dockerignore',
          hasIgnoreFile: files['.dockerignore'] !== undefined,
          paths: Object.keys(files),
          truncated: false,
        };
      case 'files.write':
        if (version(files[input.path]) !== input.version) throw new FlotillaError('conflict', 'changed');
        files[input.path] = input.text;
        return read(input.path);
      default:
        return [];
    }
  };
  const client = {
    call: (name: string, input: never) => new Promise((resolve) => resolve(answer(name, input))),
  } as unknown as Client;
  return { files, client };
}

const show = (client: Client, target?: EditorTarget, onTargetReached?: () => void) =>
  render(<DockerfileEditor app={app} client={client} target={target} onTargetReached={onTargetReached} />);

async function view(path = 'Dockerfile'): Promise<EditorView> {
  const content = await screen.findByRole('textbox', { name: `Text of ${path}` });
  const found = EditorView.findFromDOM(content);
  if (found === null) throw new Error('No editor.');
  return found;
}
const type = async (text: string): Promise<void> => {
  const editor = await view();
  act(() => editor.dispatch({ changes: { from: editor.state.doc.length, insert: text } }));
};
const press = (name: string): void => {
  fireEvent.click(screen.getByRole('button', { name }));
};

beforeEach(() => useEditorFiles.setState({ files: {}, chosen: {}, target: undefined }));
afterEach(cleanup);

describe('DockerfileEditor', () => {
  it('shows the changes before it writes them, with the line ends of the file', async () => {
    const { files, client } = disk({ Dockerfile: 'FROM a:1\r\n', '.dockerignore': '.git\n' });
    show(client);
    expect((await view()).state.sliceDoc()).toBe('FROM a:1\n');
    expect(screen.getByRole('button', { name: 'Review changes' })).toHaveProperty('disabled', true);
    await type('USER 1\n');
    expect(within(screen.getByRole('tab', { name: /^Dockerfile/ })).getByLabelText('changed')).toBeDefined();
    press('Review changes');
    const diff = await screen.findByTestId('diff');
    expect(diff.textContent).toContain('USER 1');
    expect(files['Dockerfile']).toBe('FROM a:1\r\n');
    press('Write');
    await waitFor(() => expect(files['Dockerfile']).toBe('FROM a:1\r\nUSER 1\r\n'));
    expect((await view()).state.sliceDoc()).toBe('FROM a:1\nUSER 1\n');
    expect(screen.getByRole('button', { name: 'Review changes' })).toHaveProperty('disabled', true);
  });

  it('keeps changes while something else is looked at, and asks before the window is left', async () => {
    const { client } = disk({ Dockerfile: 'FROM a:1\n' });
    const { unmount } = show(client);
    await type('# mine\n');
    unmount();
    const leave = new Event('beforeunload', { cancelable: true });
    window.dispatchEvent(leave);
    expect(leave.defaultPrevented).toBe(true);
    show(client);
    expect((await view()).state.sliceDoc()).toBe('FROM a:1\n# mine\n');
    press('Revert');
    fireEvent.click(within(await screen.findByRole('dialog')).getByRole('button', { name: 'Revert' }));
    await waitFor(async () => expect((await view()).state.sliceDoc()).toBe('FROM a:1\n'));
    const again = new Event('beforeunload', { cancelable: true });
    window.dispatchEvent(again);
    expect(again.defaultPrevented).toBe(false);
  });

  it('shows both texts where the file was changed meanwhile, and loses neither until one is chosen', async () => {
    const { files, client } = disk({ Dockerfile: 'FROM a:1\n' });
    show(client);
    await type('# mine\n');
    press('Review changes');
    files['Dockerfile'] = 'FROM theirs:1\n';
    press('Write');
    await screen.findByText('Dockerfile was changed on disk');
    await waitFor(() => expect(screen.getByTestId('diff').textContent).toContain('FROM theirs:1'));
    expect(screen.getByTestId('diff').textContent).toContain('# mine');
    expect(files['Dockerfile']).toBe('FROM theirs:1\n');
    expect(screen.queryByRole('button', { name: 'Write' })).toBeNull();
    press('Keep mine');
    press('Write');
    await waitFor(() => expect(files['Dockerfile']).toBe('FROM a:1\n# mine\n'));
  });

  it('takes the text on disk when that is chosen, and follows the disk by itself without changes', async () => {
    const { files, client } = disk({ Dockerfile: 'FROM a:1\n' });
    show(client);
    await type('# mine\n');
    files['Dockerfile'] = 'FROM theirs:1\n';
    fireEvent.focus(window);
    press((await screen.findByRole('button', { name: 'Take the one on disk' })).textContent ?? '');
    await waitFor(async () => expect((await view()).state.sliceDoc()).toBe('FROM theirs:1\n'));
    files['Dockerfile'] = 'FROM newer:1\n';
    fireEvent.focus(window);
    await waitFor(async () => expect((await view()).state.sliceDoc()).toBe('FROM newer:1\n'));
  });

  it('opens at a line that someone asked for, once', async () => {
    const { client } = disk({ Dockerfile: 'FROM a:1\nRUN b\nRUN c\n' });
    const reached = vi.fn();
    show(client, { appId: 'a', path: 'Dockerfile', line: 3 }, reached);
    const editor = await view();
    await waitFor(() => expect(reached).toHaveBeenCalledTimes(1));
    expect(editor.state.doc.lineAt(editor.state.selection.main.head).number).toBe(3);
  });

  it('counts what is found, and creates what is missing as a file of its own', async () => {
    const { files, client } = disk({ Dockerfile: 'FROM ubuntu\nCOPY . /app\n' });
    show(client);
    await view();
    await waitFor(() => expect(screen.getByTestId('editor-findings').textContent).toBe('1 warning · 1 note'));
    fireEvent.mouseDown(screen.getByRole('tab', { name: /dockerignore/ }), { button: 0 });
    const editor = await view('.dockerignore');
    expect(screen.getByText('not on disk yet')).toBeDefined();
    act(() => editor.dispatch({ changes: { from: 0, insert: '.git\n' } }));
    press('Review changes');
    press('Create');
    await waitFor(() => expect(files['.dockerignore']).toBe('.git\n'));
  });

  it('says what is wrong when nothing can be read', async () => {
    const client = {
      call: () =>
        Promise.reject(new FlotillaError('permission-denied', 'The folder may not be read by you.')),
    } as unknown as Client;
    show(client);
    await screen.findByText('The folder may not be read by you.');
  });
});
