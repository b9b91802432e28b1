import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { toErrorShape } from '#shared/contract/errors.ts';
import { configCommand } from './configCommand.ts';
import type { Output } from './Output.ts';
import { parseArguments } from './parseArguments.ts';
import { exitCodeOf } from './commandFailure.ts';

let root: string;
beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'flotilla-config-')));
  write({
    'project/compose.yaml':
      'name: solver\nservices:\n  web:\n    image: "web:${TAG:-none}"\n    ports: ["8080:80"]\n    volumes: [data:/d]\n  tool:\n    build: .\n    profiles: [dev]\nvolumes: {data: }\n',
    'project/.env': 'TAG=env\n',
  });
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function write(texts: Record<string, string>): void {
  for (const [path, text] of Object.entries(texts)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
}

/** The command line run to its end, with what it printed. */
async function run(...words: string[]) {
  const printed = { value: undefined as unknown, text: '', details: [] as string[] };
  const output: Output = {
    isJson: words.includes('--json'),
    result: (value, text) => Object.assign(printed, { value, text }),
    line: () => undefined,
    raw: () => undefined,
    warn: () => undefined,
    progress: () => undefined,
    detail: (text) => void printed.details.push(text),
    error: () => undefined,
  };
  try {
    const command = parseArguments(['config', join(root, 'project'), ...words]);
    const surroundings = { env: { HIDDEN: 'secret' }, homeDirectory: '/home/me' };
    const code = await configCommand(command, output, surroundings);
    return { ...printed, code, message: '' };
  } catch (error) {
    const shape = toErrorShape(error);
    return { ...printed, code: exitCodeOf(shape), message: shape.message };
  }
}

describe('flotilla config', () => {
  it('prints YAML that is a compose file again', async () => {
    const { code, text } = await run();
    expect(code).toBe(0);
    expect(parse(text)).toEqual({
      name: 'solver',
      services: {
        web: {
          image: 'web:env',
          networks: { default: null },
          ports: [{ mode: 'ingress', target: 80, published: '8080', protocol: 'tcp' }],
          volumes: [{ type: 'volume', source: 'data', target: '/d', volume: {} }],
        },
      },
      networks: { default: { name: 'solver_default' } },
      volumes: { data: { name: 'solver_data' } },
    });
  });

  it('answers the model of docker compose as JSON', async () => {
    const { value } = await run('--json');
    expect(value).toMatchObject({
      config: { name: 'solver', services: { web: { command: null, entrypoint: null } } },
      diagnostics: [],
    });
  });

  it.each([
    [['--services'], 'web'],
    [['--services', '--profile', 'dev'], 'tool\nweb'],
    [['--volumes'], 'data'],
    [['--images', '--profile', 'dev'], 'solver-tool\nweb:env'],
    [['--profiles'], 'dev'],
  ])('%j lists names', async (words, text) => expect(await run(...words)).toMatchObject({ code: 0, text }));

  it('takes files and variables that are named, wherever they are, and no others', async () => {
    write({
      'outside/over.yaml': 'services: {web: {hostname: "${TAG}-${HIDDEN:-hidden}"}}\n',
      'outside/vars.env': 'TAG=outside\n',
      'project/leak.yaml': 'include: [../outside/over.yaml]\n',
    });
    const named = ['--file', 'compose.yaml', '--file', '../outside/over.yaml'];
    expect((await run(...named, '--env-file', join(root, 'outside/vars.env'))).text).toContain(
      'hostname: outside-hidden',
    );
    expect((await run(...named, '--env', 'TAG=given', '--env', 'HIDDEN')).text).toContain(
      'hostname: given-secret',
    );
    symlinkSync(join(root, 'outside/over.yaml'), join(root, 'project/link.yaml'));
    expect((await run('--file', 'compose.yaml', '--file', 'link.yaml', '--env', 'TAG=x')).text).toContain(
      'hostname: x-',
    );
    const leak = await run('--file', 'leak.yaml');
    expect(leak.code).toBe(3);
    expect(leak.details.join('\n')).toContain('outside the project folder');
  });

  it('tells where compose would refuse the project, with exit code 3', async () => {
    write({ 'project/compose.yaml': 'services:\n  web:\n    image: a\n    port: ["80:80"]\n' });
    const { code, details, message } = await run();
    expect(code).toBe(3);
    expect(message).toBe('The project cannot be resolved: 1 error.');
    expect(details).toEqual([
      'compose.yaml:4:5: error: Compose knows no “port” in services.web; is “ports” meant? [unknown-key]\n    docker compose refuses the file for it. Keys of your own begin with x-.\n    fix: Write ports',
    ]);
  });

  it.each([
    [['--services', '--volumes'], 2],
    [['--env', '=x'], 2],
    [['--follow'], 2],
    [['more'], 2],
  ])('refuses %j', async (words, code) => expect((await run(...words)).code).toBe(code));

  it('refuses a folder that is none', async () => {
    rmSync(join(root, 'project'), { recursive: true });
    expect((await run()).code).toBe(1);
  });
});
