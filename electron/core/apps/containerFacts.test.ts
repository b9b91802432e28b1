import { describe, expect, it } from 'vitest';
import { containerFacts, type NetworkedSummary } from './containerFacts.ts';

const labels = (more: Record<string, string> = {}): Record<string, string> => ({
  'com.docker.compose.project': 'pi',
  'com.docker.compose.service': 'worker',
  'com.docker.compose.container-number': '2',
  'com.docker.compose.oneoff': 'False',
  ...more,
});
/** As Docker 20.10 lists a container of Flotilla's. */
const docker: NetworkedSummary = {
  Id: 'f05f81fa',
  Names: ['/pi-worker-2'],
  ImageID: 'sha256:29',
  Created: 1_795_000_000,
  State: 'exited',
  Status: 'Exited (137) 3 seconds ago',
  Labels: labels({
    'com.docker.compose.version': 'flotilla',
    'com.docker.compose.config-hash': 'c0fa',
    'io.flotilla.settings': '{"command":"6f7a"}',
  }),
  NetworkSettings: { Networks: { pi_default: { NetworkID: 'e64eedaca342' } } },
};
const facts = (summary: NetworkedSummary, owns = true) => containerFacts(summary, 'pi', () => owns);

describe('containerFacts', () => {
  it('reads a container of Flotilla’s off Docker’s list', () => {
    expect(facts(docker)).toEqual({
      id: 'f05f81fa',
      name: 'pi-worker-2',
      own: true,
      service: 'worker',
      index: 2,
      state: 'exited',
      exitCode: 137,
      createdAt: 1_795_000_000_000,
      imageId: 'sha256:29',
      byFlotilla: true,
      configHash: 'c0fa',
      settings: { command: '6f7a' },
      networks: [{ name: 'pi_default', id: 'e64eedaca342' }],
    });
  });

  it('knows whose a container is', () => {
    const of = (more: Record<string, string>) => facts({ ...docker, Labels: labels(more) }).own;
    expect(of({})).toBe(true);
    expect(of({ 'com.docker.compose.project': 'other' })).toBe(false);
    expect(of({ 'com.docker.compose.oneoff': 'True' })).toBe(false);
    expect(facts(docker, false).own).toBe(false);
    // An image that was built for the project hands its labels on to whatever is made from it.
    const { 'com.docker.compose.container-number': _, ...inherited } = labels();
    expect(facts({ ...docker, Labels: inherited }).own).toBe(false);
    expect(facts({ Id: '1' })).toMatchObject({ own: false, name: '1' });
  });

  it('takes no network for another where Podman 4.3 tells its name for its id', () => {
    const networks = { pi_default: { NetworkID: 'pi_default' } };
    expect(facts({ ...docker, NetworkSettings: { Networks: networks } }).networks).toEqual([
      { name: 'pi_default', id: '' },
    ]);
    expect(facts({ ...docker, NetworkSettings: { Networks: null } })).not.toHaveProperty('networks');
  });

  it.each(['', 'null', '[]', '{', '"text"'])('takes %j for no label of ours', (text) => {
    const summary = { ...docker, Labels: labels({ 'io.flotilla.settings': text }) };
    expect(facts(summary)).not.toHaveProperty('settings');
  });
});
