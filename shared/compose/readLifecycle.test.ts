import { describe, expect, it } from 'vitest';
import { memoryProject } from './memoryProject.ts';
import { readProject } from './readProject.ts';

async function read(service: string, more: Record<string, string> = {}) {
  const text = `services:\n  a:\n    image: a\n${service}`;
  const { model, diagnostics } = await readProject(memoryProject({ 'compose.yaml': text, ...more }));
  return {
    service: model?.services[0],
    found: diagnostics.map(({ severity, range, message }) => `${severity} ${range?.line ?? 0} ${message}`),
  };
}

describe('post_start and pre_stop', () => {
  it('are read with all they say', async () => {
    const { service, found } = await read(
      '    post_start:\n      - { command: ./set up --now, user: root, working_dir: /x, environment: [A=1, B] }\n      - { command: [b], privileged: true }\n    pre_stop: [{ command: [c, "d e"] }]\n',
    );
    expect(found).toEqual([]);
    expect(service).toMatchObject({
      postStart: [
        { command: ['./set', 'up', '--now'], user: 'root', workingDir: '/x', environment: { A: '1' } },
        { command: ['b'], privileged: true },
      ],
      preStop: [{ command: ['c', 'd e'] }],
    });
  });

  it('need a command', async () => {
    const { found } = await read('    post_start:\n      - { command: [], user: root }\n');
    expect(found).toContain('error 5 a: an entry of post_start has no command.');
  });
});

describe('secrets and configs without a file', () => {
  const declared =
    'secrets:\n  tok: { environment: TOK }\n  gone: { environment: GONE }\nconfigs:\n  conf: { content: "a=${TOK}" }\n  var: { environment: TOK }\n';
  const env = { '.env': 'TOK=1\n' };

  it('are the texts of variables of the project, and those that stand in the file', async () => {
    const { service, found } = await read(
      `    secrets: [tok, { source: tok, target: sub/other, uid: "7", gid: "8", mode: 0400 }]\n    configs: [conf, { source: var, target: /etc/var }]\n${declared}`,
      env,
    );
    expect(found).toEqual([]);
    const root = { uid: 0, gid: 0, mode: 0o444 };
    expect(service?.copiedFiles).toEqual([
      { kind: 'secret', name: 'tok', target: '/run/secrets/tok', text: '1', ...root },
      {
        kind: 'secret',
        name: 'tok',
        target: '/run/secrets/sub/other',
        text: '1',
        uid: 7,
        gid: 8,
        mode: 0o400,
      },
      { kind: 'config', name: 'conf', target: '/conf', text: 'a=1', ...root },
      { kind: 'config', name: 'var', target: '/etc/var', text: '1', ...root },
    ]);
    expect(service?.mounts).toEqual([]);
  });

  it.each([
    ['secrets: [gone]', 'error 4 a: the secret “gone” is the variable GONE, which is not set.'],
    ['secrets: [{ source: tok, uid: me }]', 'error 4 a: uid “me” is no number of a user up to 2097151.'],
    [
      'configs: [conf]\n    read_only: true',
      'error 4 a: the config “conf” cannot be put into a container whose root is read-only.',
    ],
  ])('%s is told', async (line, message) => {
    expect((await read(`    ${line}\n${declared}`, env)).found).toContain(message);
  });
});

describe('platform', () => {
  it('is read, and what is built is built for it', async () => {
    const { service, found } = await read('    platform: linux/arm64\n    build: .\n', {
      Dockerfile: 'FROM a:1\n',
    });
    expect(found).toEqual([]);
    expect(service).toMatchObject({ platform: 'linux/arm64', build: { platforms: ['linux/arm64'] } });
    expect((await read('    platform: arm\n')).found).toContain('error 4 a: “arm” is no platform.');
  });
});
