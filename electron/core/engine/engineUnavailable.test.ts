import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { toErrorShape } from '#shared/contract/errors.ts';
import type { EndpointProbe, EngineState } from '#shared/domain/Engine.ts';
import { engineUnavailable } from './engineUnavailable.ts';
import { endpoint } from './findEndpoints.ts';
import { probeEndpoint } from './negotiate.ts';
import { toEngineError } from './toEngineError.ts';

const none = (probes: EndpointProbe[]): EngineState => ({
  phase: 'none',
  probes,
  embedded: { state: 'missing', distribution: 'Debian', installCommand: 'apt install docker.io' },
});

it('tells of an engine that somebody named by itself, and of the usual places without one in a sentence', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'flotilla-socket-'));
  try {
    const at = (name: string): string => `unix://${join(folder, name)}`;
    const probes = await Promise.all([
      probeEndpoint(endpoint('env', 'DOCKER_HOST', at('given'))),
      ...['Docker', 'Docker Desktop', 'Docker Desktop', 'Podman'].map((name, index) =>
        probeEndpoint(endpoint('socket', name, at(`${index}`))),
      ),
    ]);
    const error = engineUnavailable(none(probes));
    expect(error.message).toBe(
      `No container engine answers. DOCKER_HOST: There is no engine socket at ${at('given')}. No socket is there of Docker, Docker Desktop and Podman.`,
    );
    expect(error.hint).toBe('Install one: apt install docker.io');
  } finally {
    rmSync(folder, { recursive: true });
  }
});

it('says what to do about one that may not be used, before all else', () => {
  const here = endpoint('socket', 'Docker', 'unix:///run/docker.sock');
  const reason = toErrorShape(toEngineError({ code: 'EACCES' }, 'look', here.host));
  const error = engineUnavailable(none([{ endpoint: here, answered: false, reason }]));
  expect(error.message).toContain('Docker: You may not use the engine socket');
  expect(error.hint).toMatch(/^Add yourself to its group/);
});
