import { describe, expect, it } from 'vitest';
import { WORKER_PHASES } from '#shared/domain/AppView.ts';
import { phaseLook } from './phaseLook.ts';

describe('phaseLook', () => {
  it('has its own words for every phase, and the seven of a normal life look different', () => {
    expect(new Set(WORKER_PHASES.map((phase) => phaseLook(phase).label)).size).toBe(WORKER_PHASES.length);
    const looks = ['requested', 'creating', 'starting', 'running', 'stopping', 'done', 'failed'].map(
      (phase) => {
        const { icon, tone, filled } = phaseLook(phase);
        return [icon.displayName ?? String(icon), tone, filled].join();
      },
    );
    expect(new Set(looks).size).toBe(looks.length);
  });
  it.each(['hibernating', 'constructor', '__proto__', 'toString'])(
    'shows the unknown phase %j by its name',
    (phase) => {
      expect(phaseLook(phase).label).toBe(phase);
    },
  );
  it('has words for no phase at all', () => {
    expect(phaseLook('').label).toBe('Unknown');
  });
});
