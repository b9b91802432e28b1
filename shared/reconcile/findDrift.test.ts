import { describe, expect, it } from 'vitest';
import { findDrift } from './findDrift.ts';
import { settingsOf } from './settingsOf.ts';
import { testApp, testService } from './testModel.ts';

const app = testApp([testService('main'), testService('worker', { command: ['sleep', '1'] })]);
const label = (name: string, command?: string[]): string =>
  JSON.stringify(
    settingsOf(
      app,
      testService(name, { command: command ?? (name === 'worker' ? ['sleep', '1'] : undefined) }),
    ),
  );

describe('findDrift', () => {
  it('finds nothing where every label is what the files say, or tells nothing', () => {
    expect(
      findDrift(app, [
        { name: 'pi-main-1', service: 'main', index: 1, label: label('main') },
        { name: 'pi-worker-1', service: 'worker', index: 1, label: undefined },
        { name: 'pi-worker-2', service: 'worker', index: 2, label: 'no json' },
      ]),
    ).toBeUndefined();
    // The order of what a label holds means nothing.
    const turned = JSON.stringify(
      Object.fromEntries(Object.entries(settingsOf(app, testService('main'))).reverse()),
    );
    expect(findDrift(app, [{ name: 'pi-main-1', service: 'main', index: 1, label: turned }])).toBeUndefined();
  });

  it('believes the engine of limits that can change while a container runs, and the label of all else', () => {
    const limited = (memoryBytes: number | undefined) => testService('main', { memoryBytes });
    const driftOf = (made: number | undefined, wanted: number | undefined, real: number, more = {}) => {
      const now = testApp([{ ...limited(wanted), ...more }]);
      const labelled = JSON.stringify(settingsOf(now, limited(made)));
      const limits = { memoryBytes: real, cpus: 0, pidsLimit: 0 };
      return findDrift(now, [{ name: 'pi-main-1', service: 'main', index: 1, label: labelled, limits }]);
    };
    const drift = { services: ['main'], orphans: [] };
    expect(driftOf(512, 1024, 1024)).toBeUndefined();
    expect(driftOf(512, 512, 1024)).toEqual(drift);
    expect(driftOf(512, 1024, 512)).toEqual(drift);
    expect(driftOf(undefined, undefined, 1024)).toEqual(drift);
    expect(driftOf(512, 1024, 1024, { command: ['other'] })).toEqual(drift);
    // An engine without the means leaves a limit out.
    expect(driftOf(512, 512, 0)).toBeUndefined();
    expect(driftOf(512, 1024, 0)).toEqual(drift);
  });

  it('names each service whose settings changed once, and every orphan', () => {
    expect(
      findDrift(app, [
        { name: 'pi-worker-1', service: 'worker', index: 1, label: label('worker', ['sleep', '2']) },
        { name: 'pi-worker-2', service: 'worker', index: 2, label: label('worker', ['sleep', '2']) },
        { name: 'pi-old-2', service: 'old', index: 2, label: label('main') },
        { name: 'pi-old-1', service: 'old', index: 1, label: undefined },
      ]),
    ).toEqual({ services: ['worker'], orphans: ['pi-old-1', 'pi-old-2'] });
  });
});
