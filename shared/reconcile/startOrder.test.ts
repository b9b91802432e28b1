import { describe, expect, it } from 'vitest';
import { startOrder, startUrgencies } from './startOrder.ts';
import { dependsOn, testService } from './testModel.ts';

const service = (name: string, ...needs: string[]) => testService(name, { dependsOn: dependsOn(...needs) });

const services = [
  service('plot', 'solve'),
  service('solve', 'main'),
  service('main', 'store', 'queue'),
  service('store'),
  service('queue', 'absent'),
  service('alone'),
];

describe('startOrder', () => {
  it('has every service after all it depends on', () => {
    expect(startOrder(services).map((wave) => wave.map(({ name }) => name))).toEqual([
      ['store', 'queue', 'alone'],
      ['main'],
      ['solve'],
      ['plot'],
    ]);
  });
});

describe('startUrgencies', () => {
  it('counts the longest row of services that wait for one', () => {
    expect(Object.fromEntries(startUrgencies(services))).toEqual({
      store: 3,
      queue: 3,
      main: 2,
      solve: 1,
      plot: 0,
      alone: 0,
    });
  });

  it('ends for services that wait for each other', () => {
    expect([...startUrgencies([service('a', 'b'), service('b', 'a')]).keys()]).toEqual(['a', 'b']);
  });
});
