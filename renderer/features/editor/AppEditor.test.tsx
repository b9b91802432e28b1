import { act, cleanup, fireEvent, render, screen, waitFor, within } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { checkDraft } from '#shared/compose/edit/checkDraft.ts';
import { memoryProject } from '#shared/compose/memoryProject.ts';
import type { Client } from '#shared/contract/Client.ts';
import { FlotillaError } from '#shared/contract/errors.ts';
import type { AppView } from '#shared/domain/AppView.ts';
import type { EngineInfo } from '#shared/domain/Engine.ts';
import type { ProjectFile } from '#shared/domain/ProjectFile.ts';
import { useEngine } from '../../stores/engine.ts';
import { useEditorFiles } from '../dockerfile/editorFiles.ts';
import AppEditor from './AppEditor.tsx';
import { lookAt } from './editorViewStore.ts';

const app = {
  id: 'a',
  title: 'solver',
  origin: 'folder',
  diagnostics: [],
  workers: [],
  services: [{ file: 'compose.yaml' }],
} as unknown as AppView;

const COMPOSE = `x-all: &all
  restart: always
services:
  worker: # scaled
    <<: *all
    image: busybox
    environment:
      - SEED=42 # any
    volumes:
      - { type: tmpfs, target: /t }
    deploy:
      replicas: 2 # two
    secrets: [key]
  other:
    <<: *all
    image: busybox
secrets:
  key: { file: ./key }
`;

/** A project in memory, and a client that reads, checks and writes it as the core does. */
function project(files: Record<string, string>) {
  const memory = memoryProject(files);
  const read = (path: string): ProjectFile => {
    const text = memory.texts.get(path);
    return {
      path,
      text: text ?? '',
      version: text === undefined ? '' : memory.hash(text),
      exists: text !== undefined,
      bom: false,
      lineEnds: text?.includes('\r') === true ? 'crlf' : 'lf',
    };
  };
  const answer = async (
    name: string,
    input: { path: string; text: string; version: string },
  ): Promise<unknown> => {
    if (name === 'files.list')
      return Object.keys(files).map((path) => ({ path, kind: 'compose', services: [], exists: true }));
    if (name === 'files.read') return read(input.path);
    if (name === 'files.checkCompose') return checkDraft(memory, input.path, input.text);
    if (read(input.path).version !== input.version) throw new FlotillaError('conflict', 'changed');
    memory.texts.set(input.path, input.text);
    return read(input.path);
  };
  return { texts: memory.texts, client: { call: answer } as unknown as Client };
}

const field = (name: string): Promise<HTMLInputElement> =>
  screen.findByRole<HTMLInputElement>('textbox', { name });
const fill = async (name: string, value: string): Promise<void> => {
  const input = await field(name);
  fireEvent.change(input, { target: { value } });
  fireEvent.keyDown(input, { key: 'Enter' });
};
const press = (name: string | RegExp): void => {
  fireEvent.click(screen.getByRole('button', { name }));
};
const save = async (texts: ReadonlyMap<string, string>, expected: string): Promise<void> => {
  press('Save');
  await waitFor(() => expect(texts.get('compose.yaml')).toBe(expected));
};

beforeEach(() => {
  useEditorFiles.setState({ files: {}, chosen: {}, target: undefined });
  useEngine.setState({ state: undefined });
  lookAt('a', { path: undefined, service: undefined, tab: 'form', line: undefined });
});
afterEach(cleanup);

describe('the form of a service', () => {
  it('changes the lines of what was changed, and nothing before it is saved', async () => {
    const { texts, client } = project({ 'compose.yaml': COMPOSE });
    render(<AppEditor app={app} client={client} />);
    await fill('Replicas', '5');
    await fill('Value of variable SEED', '7');
    fireEvent.click(screen.getByRole('switch', { name: 'key' }));
    expect(texts.get('compose.yaml')).toBe(COMPOSE);
    await save(
      texts,
      COMPOSE.replace('replicas: 2', 'replicas: 5')
        .replace('SEED=42', 'SEED=7')
        .replace('    secrets: [key]\n', ''),
    );
  });

  it('asks for GPUs: a number, all, none; what says more of them is for the text', async () => {
    const { texts, client } = project({ 'compose.yaml': COMPOSE });
    render(<AppEditor app={app} client={client} />);
    await fill('GPUs', '2');
    const two = COMPOSE.replace('    secrets: [key]\n', '    secrets: [key]\n    gpus:\n      - count: 2\n');
    await save(texts, two);
    expect((await field('GPUs')).value).toBe('2');
    await fill('GPUs', 'some');
    await screen.findByText('Write a whole number from 0 to 1024.');
    await fill('GPUs', 'All');
    await save(texts, COMPOSE.replace('    secrets: [key]\n', '    secrets: [key]\n    gpus: all\n'));
    await fill('GPUs', '0');
    await save(texts, COMPOSE);
    cleanup();
    const certain = '    gpus: [{ device_ids: ["0"] }]\n';
    const other = project({ 'compose.yaml': COMPOSE.replace('    secrets: [key]\n', certain) });
    useEditorFiles.setState({ files: {}, chosen: {}, target: undefined });
    render(<AppEditor app={app} client={other.client} />);
    await screen.findByText(/asks for certain GPUs/);
    expect(screen.queryByRole('textbox', { name: 'GPUs' })).toBeNull();
  });

  it('takes back what is typed with Escape, refuses what is none, and leaves the file alone', async () => {
    const { client } = project({ 'compose.yaml': COMPOSE });
    render(<AppEditor app={app} client={client} />);
    const replicas = await field('Replicas');
    fireEvent.change(replicas, { target: { value: '9' } });
    fireEvent.keyDown(replicas, { key: 'Escape' });
    expect(replicas.value).toBe('2');
    fireEvent.blur(replicas);
    fireEvent.change(replicas, { target: { value: 'many' } });
    await screen.findByText('Write a whole number from 0 to 1000.');
    fireEvent.blur(replicas);
    expect(replicas.value).toBe('many');
    expect(screen.getByRole('button', { name: 'Save' })).toHaveProperty('disabled', true);
  });

  it('says where a value comes from that others share, and gives the service its own', async () => {
    const { texts, client } = project({ 'compose.yaml': COMPOSE });
    render(<AppEditor app={app} client={client} />);
    await screen.findByText('Taken from line 2, which others may share.');
    fireEvent.change(screen.getByRole('combobox', { name: 'Restart' }), { target: { value: '' } });
    await screen.findByText(/“restart” comes from elsewhere\. \(line 2\)/);
    fireEvent.change(screen.getByRole('combobox', { name: 'Restart' }), { target: { value: 'no' } });
    await save(texts, COMPOSE.replace('    secrets: [key]\n', '    secrets: [key]\n    restart: "no"\n'));
  });

  it('says which other file counts', async () => {
    const { client } = project({
      'compose.yaml': COMPOSE,
      'compose.override.yaml':
        'services:\n  worker:\n    deploy: { replicas: 8 }\n    cpus: 2\n    environment: { A: 1 }\n',
    });
    render(<AppEditor app={app} client={client} />);
    await screen.findByText('“8” is set in compose.override.yaml, line 3.');
    await screen.findByText('Some are set in compose.override.yaml, line 5.');
    expect((await field('CPUs')).placeholder).toBe('2');
  });

  it('holds CPUs and memory against the engine', async () => {
    const info = { cpus: 2, memoryBytes: 1024 ** 3 } as EngineInfo;
    useEngine.setState({ state: { phase: 'ready', info, since: 0, endpoint: {} as never } });
    const { texts, client } = project({ 'compose.yaml': COMPOSE });
    render(<AppEditor app={app} client={client} />);
    fireEvent.change(await field('CPUs'), { target: { value: '3' } });
    await screen.findByText('The engine has 2 CPUs: it refuses more for one container.');
    await fill('CPUs', '1');
    await fill('Memory', '600');
    await screen.findByText('The engine has 1 GiB; 2 replicas may take 1.2 GiB.');
    fireEvent.change(screen.getByRole('combobox', { name: 'Unit of memory' }), { target: { value: 'g' } });
    await screen.findByText('The engine has 1 GiB: no container can have more.');
    await save(
      texts,
      COMPOSE.replace(
        'replicas: 2 # two\n',
        'replicas: 2 # two\n      resources:\n        limits:\n          cpus: 1\n          memory: 600g\n',
      ),
    );
  });

  it('leaves items of several keys to the text, and goes there', async () => {
    const { client } = project({ 'compose.yaml': COMPOSE });
    render(<AppEditor app={app} client={client} />);
    await screen.findByText('{ type: tmpfs, target: /t }');
    press('Show mount 1 in the text');
    await screen.findByRole('textbox', { name: 'Text of compose.yaml' });
  });
});

describe('the document', () => {
  it('is one for both views: steps go back over all of it', async () => {
    const { client } = project({ 'compose.yaml': COMPOSE });
    render(<AppEditor app={app} client={client} />);
    await fill('Replicas', '5');
    await fill('Image', 'x');
    fireEvent.keyDown(window, { key: 'z', ctrlKey: true });
    await waitFor(async () => expect((await field('Image')).value).toBe('busybox'));
    expect((await field('Replicas')).value).toBe('5');
    press('Discard');
    expect((await field('Replicas')).value).toBe('2');
    press('Undo');
    expect((await field('Replicas')).value).toBe('5');
  });

  it('saves what is still being typed', async () => {
    const { texts, client } = project({ 'compose.yaml': COMPOSE });
    render(<AppEditor app={app} client={client} />);
    const replicas = await field('Replicas');
    act(() => replicas.focus());
    fireEvent.change(replicas, { target: { value: '4' } });
    fireEvent.keyDown(replicas, { key: 's', ctrlKey: true });
    await waitFor(() =>
      expect(texts.get('compose.yaml')).toBe(COMPOSE.replace('replicas: 2', 'replicas: 4')),
    );
  });

  it('that is no YAML is not shown as a form, but its line is', async () => {
    const { client } = project({ 'compose.yaml': 'services:\n\tworker:\n' });
    render(<AppEditor app={app} client={client} />);
    await screen.findByText('This text cannot be shown as a form');
    expect(screen.getByRole('button', { name: 'Show line 2' })).toBeDefined();
    expect(screen.getByRole('button', { name: 'Add service…' })).toHaveProperty('disabled', true);
  });

  it('begins with a first service where there is none', async () => {
    const { texts, client } = project({ 'compose.yaml': '# mine\r\n' });
    render(<AppEditor app={app} client={client} />);
    await screen.findByText('No services yet');
    const [first] = screen.getAllByRole('button', { name: 'Add service…' });
    if (first !== undefined) fireEvent.click(first);
    const dialog = await screen.findByRole('dialog');
    fireEvent.change(within(dialog).getByRole('textbox', { name: 'Name' }), { target: { value: 'a' } });
    fireEvent.click(within(dialog).getByRole('button', { name: 'Add' }));
    await save(texts, '# mine\r\nservices:\r\n  a:\r\n    build: .\r\n');
  });
});
