import { describe, expect, it } from 'vitest';
import { applyEdits } from './applyEdits.ts';
import { memoryProject } from './memoryProject.ts';
import { readProject } from './readProject.ts';

const composeFor = (need: string): string =>
  `services:\n  a: { image: a, ${need} }\n  b: { image: b, profiles: [gpu, fast] }\n`;

async function fixed(env: string | undefined, need = 'depends_on: [b]') {
  const compose = composeFor(need);
  const files = memoryProject({ 'compose.yaml': compose, ...(env === undefined ? {} : { '.env': env }) });
  const { diagnostics } = await readProject(files);
  const found = diagnostics.find(({ code }) => code === 'depends-on-missing');
  expect(found).toMatchObject({ severity: 'error', service: 'a' });
  expect(found?.message).toContain('off by its profiles');
  const fix = found?.fixes[0];
  if (fix === undefined) return undefined;
  expect(fix).toMatchObject({ title: 'Switch the profile gpu on' });
  expect(fix.expect).toEqual({ '.env': env === undefined ? null : files.hash(env) });
  const text = applyEdits(env ?? '', fix.edits);
  const after = await readProject(memoryProject({ 'compose.yaml': compose, '.env': text }));
  expect(after.diagnostics).toEqual([]);
  expect(after.model?.services.map(({ name }) => name)).toEqual(['a', 'b']);
  return text;
}

describe('a service that needs one which is off by its profiles', () => {
  it.each([
    [undefined, 'COMPOSE_PROFILES=gpu\n'],
    ['', 'COMPOSE_PROFILES=gpu\n'],
    ['A=1', 'A=1\nCOMPOSE_PROFILES=gpu\n'],
    ['COMPOSE_PROFILES=\nA=1\n', 'COMPOSE_PROFILES=gpu\nA=1\n'],
    ['COMPOSE_PROFILES=x,y\nA=1\n', 'COMPOSE_PROFILES=x,y,gpu\nA=1\n'],
    ['export COMPOSE_PROFILES = x  # why\n', 'export COMPOSE_PROFILES = x,gpu  # why\n'],
    ['COMPOSE_PROFILES="x" # why\n', 'COMPOSE_PROFILES="x,gpu" # why\n'],
    ["COMPOSE_PROFILES=''\n", "COMPOSE_PROFILES='gpu'\n"],
    ['COMPOSE_PROFILES=x\nCOMPOSE_PROFILES=y\n', 'COMPOSE_PROFILES=x\nCOMPOSE_PROFILES=y,gpu\n'],
    ['COMPOSE_PROFILES=x\r\nA=1\r\n', 'COMPOSE_PROFILES=x,gpu\r\nA=1\r\n'],
    ['# COMPOSE_PROFILES=x\n', '# COMPOSE_PROFILES=x\nCOMPOSE_PROFILES=gpu\n'],
  ])('is offered that profile in .env: %j', async (env, text) => {
    expect(await fixed(env)).toBe(text);
  });

  it.each([
    'links: [b]',
    'links: ["b:other"]',
    'volumes_from: ["b:ro"]',
    'network_mode: "service:b"',
    'ipc: "service:b"',
    'pid: "service:b"',
  ])('is offered it also where it says so by %s', async (need) => {
    expect(await fixed(undefined, need)).toBe('COMPOSE_PROFILES=gpu\n');
  });

  it('is left to the person where an edit would not be sure to meet', async () => {
    expect(await fixed('COMPOSE_PROFILES="x\ny"\n')).toBeUndefined();
  });
});
