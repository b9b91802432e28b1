import { describe, expect, it } from 'vitest';
import { memoryProject } from './memoryProject.ts';
import { readProject } from './readProject.ts';

const read = async (autoscale: string) => {
  const compose = `services:\n  worker:\n    image: busybox\n    x-flotilla:\n      role: worker\n      autoscale: ${autoscale}\n`;
  const { diagnostics, model } = await readProject(memoryProject({ 'compose.yaml': compose }));
  return {
    policy: model?.services[0]?.autoscale,
    problems: diagnostics
      .filter(({ code }) => code === 'bad-autoscale' || code === 'bad-number' || code === 'bad-duration')
      .map(({ message, range }) => `${range?.line}:${range?.column} ${message}`),
  };
};

describe('x-flotilla.autoscale', () => {
  it('is read with its defaults', async () => {
    expect((await read('{ max: 8, cpu: 70% }')).policy).toEqual({
      min: 1,
      max: 8,
      cpuTarget: 0.7,
      intervalMs: 5_000,
      upAfter: 1,
      downAfter: 3,
    });
    expect((await read('{ max: 8, cpu: 150 }')).policy?.cpuTarget).toBe(1.5);
  });

  it('is read in full', async () => {
    const { policy, problems } = await read(`
        min: 0
        max: 40
        queue: { command: redis-cli llen "a b", service: broker, per_worker: 2.5 }
        schedule:
          - { at: "8:30", days: mon-fri, replicas: 8 }
          - { at: "20:00", days: [sat, sun], replicas: 0 }
          - { at: "23:59", days: "fri-mon", replicas: 1 }
        interval: 1m30s
        up_after: 2
        down_after: 10`);
    expect(problems).toEqual([]);
    expect(policy).toEqual({
      min: 0,
      max: 40,
      queue: {
        source: { kind: 'command', service: 'broker', command: ['redis-cli', 'llen', 'a b'] },
        perWorker: 2.5,
      },
      schedule: [
        { minuteOfDay: 510, days: [1, 2, 3, 4, 5], replicas: 8 },
        { minuteOfDay: 1200, days: [0, 6], replicas: 0 },
        { minuteOfDay: 1439, days: [0, 1, 5, 6], replicas: 1 },
      ],
      intervalMs: 90_000,
      upAfter: 2,
      downAfter: 10,
    });
    expect((await read('{ max: 2, queue: { url: http://127.0.0.1:80/q } }')).policy?.queue).toEqual({
      source: { kind: 'http', url: 'http://127.0.0.1:80/q' },
      perWorker: 1,
    });
  });

  it.each([
    ['yes', /must be a mapping, not the text “yes”/],
    ['{ cpu: 70% }', /needs max/],
    ['{ max: 4 }', /says nothing to scale by/],
    ['{ min: 5, max: 4, cpu: 70% }', /6:\d+ .*min 5 is more than max 4/],
    ['{ min: 0, max: 4, cpu: 70% }', /with cpu alone min must be 1/],
    ['{ max: 4, cpu: lots }', /“lots” is no use of a CPU/],
    ['{ max: 4, cpu: 0% }', /“0%” is no use of a CPU/],
    ['{ max: 0, cpu: 70% }', /max must be a whole number from 1/],
    ['{ max: 1e9, cpu: 70% }', /max must be a whole number from 1/],
    ['{ max: 4, cpus: 70% }', /has no “cpus”/],
    ['{ max: 4, queue: 5 }', /queue must be a mapping/],
    ['{ max: 4, queue: { per_worker: 2 } }', /either a command or a url/],
    ['{ max: 4, queue: { command: [], per_worker: 2 } }', /either a command or a url/],
    ['{ max: 4, queue: { command: x, url: http://a } }', /either a command or a url/],
    ['{ max: 4, queue: { url: "file:///etc/passwd" } }', /is no http address/],
    ['{ max: 4, queue: { url: http://a, per_worker: 0 } }', /per_worker must be a number from 0.001/],
    ['{ max: 4, schedule: [] }', /not an empty one/],
    ['{ max: 4, schedule: [8] }', /an entry must be a mapping/],
    ['{ max: 4, schedule: [{ at: 8, replicas: 1 }] }', /needs a time of day/],
    ['{ max: 4, schedule: [{ at: "24:00", replicas: 1 }] }', /needs a time of day/],
    ['{ max: 4, schedule: [{ at: "08:00" }] }', /says no replicas/],
    ['{ max: 4, schedule: [{ at: "08:00", days: someday, replicas: 1 }] }', /“someday” is no day/],
    ['{ max: 4, cpu: 70%, interval: 1ms }', /interval must be from 1s to 1h/],
    ['{ max: 4, cpu: 70%, down_after: 0 }', /down_after must be a whole number from 1/],
  ])('%s is told at its place, and not followed', async (text, message) => {
    const { policy, problems } = await read(text);
    expect(problems).toContainEqual(expect.stringMatching(message));
    expect(policy).toBeUndefined();
  });
});
