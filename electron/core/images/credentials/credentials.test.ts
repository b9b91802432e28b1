import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { getFromHelper } from './askHelper.ts';
import { credentialsFor, findCredentials } from './credentialsFor.ts';
import { jsonErrorOffset } from './jsonErrorOffset.ts';
import { listLogins } from './listLogins.ts';
import { readDockerConfig } from './readDockerConfig.ts';
import { authConfigOf, registryHeader } from './registryConfig.ts';

let home: string;
let env: NodeJS.ProcessEnv;
const place = () => ({ env, homeDirectory: home });
const auth = (text: string) => ({ auth: Buffer.from(text).toString('base64') });

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'flotilla-credentials-'));
  mkdirSync(join(home, '.docker'));
  env = { PATH: `${home}:${process.env['PATH']}` };
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

function config(content: object | string): void {
  const text = typeof content === 'string' ? content : JSON.stringify(content);
  writeFileSync(join(home, '.docker', 'config.json'), text);
}

/** A helper that speaks docker's protocol, in a few lines of shell. */
function helper(name: string, body: string): void {
  writeFileSync(join(home, `docker-credential-${name}`), `#!/bin/sh\n${body}\n`);
  chmodSync(join(home, `docker-credential-${name}`), 0o755);
}

describe('credentials of docker’s own configuration', () => {
  it('come from the registry’s helper before the common one before the file', async () => {
    helper('one', `read -r server; echo "{\\"Username\\":\\"one\\",\\"Secret\\":\\"for $server\\"}"`);
    helper(
      'store',
      `read -r server; case $server in b.lab) echo '{"Username":"store","Secret":"s"}';; *) echo "credentials not found in native keychain"; exit 1;; esac`,
    );
    config({
      credHelpers: { 'a.lab': 'one' },
      credsStore: 'store',
      auths: { 'a.lab': auth('file:x'), 'b.lab': auth('file:x'), 'c.lab': auth('file:x:y') },
    });
    expect(await credentialsFor('a.lab', place())).toEqual({ username: 'one', secret: 'for a.lab' });
    expect(await credentialsFor('b.lab', place())).toEqual({ username: 'store', secret: 's' });
    expect(await credentialsFor('c.lab', place())).toEqual({ username: 'file', secret: 'x:y' });
    expect(await credentialsFor('d.lab', place())).toBeUndefined();
  });

  it('know Docker Hub by its old address, whatever it is called', async () => {
    config({ auths: { 'https://index.docker.io/v1/': auth('ada:pw') } });
    for (const host of ['docker.io', 'index.docker.io', 'registry-1.docker.io'])
      expect(await credentialsFor(host, place())).toEqual({ username: 'ada', secret: 'pw' });
  });

  it('are found under an address of the same host, and in the folder that DOCKER_CONFIG names', async () => {
    const other = join(home, 'other');
    mkdirSync(other);
    writeFileSync(
      join(other, 'config.json'),
      JSON.stringify({ auths: { 'https://r.lab:5000/v2/': auth('a:b') } }),
    );
    env['DOCKER_CONFIG'] = other;
    expect(await credentialsFor('r.lab:5000', place())).toEqual({ username: 'a', secret: 'b' });
    expect(await credentialsFor('r.lab', place())).toBeUndefined();
  });

  it('may be identity tokens, of a helper or of the file', async () => {
    helper('token', `echo '{"Username":"<token>","Secret":"t1"}'`);
    config({
      credHelpers: { 'a.lab': 'token' },
      auths: { 'b.lab': { identitytoken: 't2', ...auth('x:y') } },
    });
    const login = async (host: string) => {
      const found = await credentialsFor(host, place());
      return found && authConfigOf(host, found);
    };
    expect(await login('a.lab')).toEqual({ serveraddress: 'a.lab', identitytoken: 't1' });
    expect(await login('b.lab')).toEqual({ serveraddress: 'b.lab', identitytoken: 't2' });
    expect(await login('c.lab')).toBeUndefined();
  });

  it('keep to the configuration’s own keys', async () => {
    config('{"auths":{"__proto__":{"auth":"eDp5"}},"credHelpers":{}}');
    expect(await credentialsFor('constructor', place())).toBeUndefined();
    expect(await credentialsFor('toString', place())).toBeUndefined();
  });

  it.each([
    ['../../bin/sh', /no name of a credential helper/],
    ['a b', /no name of a credential helper/],
    ['x;id', /no name of a credential helper/],
    ['absent', /docker-credential-absent is not installed/],
    ['plain', /cannot be started/],
    ['locked', /gave nothing for a\.lab: the keychain is locked/],
    ['nonsense', /was not understood: its answer is no JSON/],
    ['half', /no Username and Secret/],
  ])('of the helper %j cannot be had: the file’s are used, and the reason is told', async (name, reason) => {
    writeFileSync(join(home, 'docker-credential-plain'), 'no program');
    helper('locked', 'echo the keychain is locked; exit 1');
    helper('nonsense', 'echo hunter2');
    helper('half', `[ "$1" = list ] && exit 1; echo '{"Secret":"hunter2"}'`);
    config({ credsStore: name, auths: { 'a.lab': auth('file:x') } });
    const found = await findCredentials('a.lab', place());
    expect(found.credentials).toEqual({ username: 'file', secret: 'x' });
    expect(found.problem?.message).toMatch(reason);
    expect(`${found.problem?.message} ${found.problem?.hint}`).not.toContain('hunter2');
    expect((await listLogins(place())).logins.some(({ problem }) => problem !== undefined)).toBe(true);
  });

  it('a helper that hangs, also with a child that keeps its output open, is ended', async () => {
    helper('hangs', 'sleep 100 & wait');
    await expect(getFromHelper('hangs', 'a.lab', { env, limitMs: 200 })).rejects.toMatchObject({
      code: 'timeout',
    });
    const stop = new AbortController();
    const asked = getFromHelper('hangs', 'a.lab', { env, signal: stop.signal });
    stop.abort();
    await expect(asked).rejects.toMatchObject({ code: 'cancelled' });
  });

  it('a helper that talks without end is stopped', async () => {
    helper(
      'endless',
      'while :; do echo xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx; done',
    );
    await expect(getFromHelper('endless', 'a.lab', { env })).rejects.toThrow(/longer than 1 MiB/);
  });
});

describe('a configuration that is broken', () => {
  it.each([
    ['{ "auths": {\n  "x": nonsense', /no JSON, at line 2, column 8\.$/],
    ['{ "auths": {', /no JSON: it ends too early, at line 1, column 13/],
    ['[]', /no JSON object/],
    ['{"credsStore": 7}', /“credsStore” is a number instead of a helper’s name/],
    [
      '{"auths": [], "credHelpers": {"r": 1}}',
      /“credHelpers” names a number for r instead of a helper; “auths” is a list/,
    ],
    ['{"auths": {"r": "x"}}', /“auths” has a string for r/],
  ])('%j is named with what is wrong', async (text, reason) => {
    config(text);
    const { problem, file } = await readDockerConfig(place());
    expect(problem?.message).toMatch(reason);
    expect(problem?.message).toContain(file);
    expect(await credentialsFor('x.lab', place())).toBeUndefined();
  });

  it('keeps what is sound in it; none, an empty one and one with a byte order mark are no problem', async () => {
    config({ credsStore: 7, auths: { 'a.lab': auth('a:b') } });
    expect(await credentialsFor('a.lab', place())).toEqual({ username: 'a', secret: 'b' });
    config('');
    expect((await readDockerConfig(place())).problem).toBeUndefined();
    config('\ufeff{"auths":{}}');
    expect((await readDockerConfig(place())).problem).toBeUndefined();
    rmSync(join(home, '.docker'), { recursive: true });
    expect((await readDockerConfig(place())).problem).toBeUndefined();
  });

  it('names an entry that is no base64 of NAME:PASSWORD, without showing it', async () => {
    config({ auths: { 'a.lab': auth('nocolon'), 'b.lab': { auth: '***' } } });
    for (const host of ['a.lab', 'b.lab']) {
      const { problem } = await findCredentials(host, place());
      expect(problem?.message).toMatch(new RegExp(`sign-in for ${host} in .* cannot be read`));
      expect(problem?.message).not.toContain('nocolon');
    }
  });
});

it.each(['{}', ' [1, -2.5e3, "a\\u00e9\\"", null, true, {"a": {"b": []}}] ', '"x"'])('%s is JSON', (text) =>
  expect(jsonErrorOffset(text)).toBeUndefined(),
);

it.each([
  ['{"a":1,}', 7],
  ['[1 2]', 3],
  ['{"a" 1}', 5],
  ['{} x', 3],
  ['{a:1}', 1],
  ['["\n"]', 1],
  ['[1,', 3],
  ['', 0],
])('%j is none from %i on', (text, offset) => {
  expect(() => JSON.parse(text) as unknown).toThrow();
  expect(jsonErrorOffset(text)).toBe(offset);
});

it('the header has the URL alphabet and its padding', () => {
  const header = registryHeader({ serveraddress: 'a', username: '~~~???', password: 'ÿÿ' });
  expect(header).toMatch(/^[\w-]+=*$/);
  expect(header.length % 4).toBe(0);
  expect(JSON.parse(Buffer.from(header, 'base64url').toString())).toMatchObject({ password: 'ÿÿ' });
});
