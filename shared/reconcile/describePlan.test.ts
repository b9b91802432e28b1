import { describe, expect, it } from 'vitest';
import type { ChangePlan, PlanNote, PlanStep } from './ChangePlan.ts';
import { describePlan } from './describePlan.ts';

const step = (
  kind: PlanStep['kind'],
  service: string,
  index: number,
  more: Partial<PlanStep> = {},
): PlanStep => ({
  id: `${kind} ${service}-${index}`,
  kind,
  subject: `${service}-${index}`,
  service,
  index,
  reason: 'why',
  needs: [],
  ...more,
});
const describeIt = (steps: PlanStep[], notes: PlanNote[] = [], unchanged: string[] = []): string[] =>
  describePlan({ project: 'pi', steps, notes, unchanged } satisfies ChangePlan);

describe('describePlan', () => {
  it('says when there is nothing, without more', () => {
    expect(describeIt([], [], ['main'])).toEqual(['Nothing to do.']);
  });

  it('puts replicas of one fate in one line, and services in the order in which they start', () => {
    const lines = describeIt(
      [
        step('remove-container', 'worker', 9, { reason: 'too many' }),
        { id: 'b', kind: 'build-image', subject: 'pi-worker', service: 'worker', reason: 'none', needs: [] },
        step('recreate-container', 'main', 1, { needs: ['b'] }),
        ...[1, 2, 3, 5, 7, 8].map((index) =>
          step('create-container', 'worker', index, { needs: ['b', 'recreate-container main-1'] }),
        ),
      ],
      [],
      ['db', 'cache'],
    );
    expect(lines).toEqual([
      'main',
      '  recreate  main-1            why',
      '',
      'worker, after main',
      '  remove    worker-9          too many',
      '  build     image pi-worker   none',
      '  create    worker-1…3,5,7,8  why',
      '',
      'Unchanged: db and cache.',
      'To do: remove 1 container, build 1 image, recreate 1 container, create 6 containers.',
    ]);
  });

  it('tells of a removal and the creation that follows it as one', () => {
    const lines = describeIt([
      step('remove-container', 'main', 1, { comesBack: true }),
      { id: 'n', kind: 'recreate-network', subject: 'pi_default', reason: 'changed', needs: [] },
      step('create-container', 'main', 1, { comesBack: true, needs: ['n'] }),
    ]);
    expect(lines).toEqual([
      'networks and volumes',
      '  recreate  network pi_default  changed',
      '',
      'main',
      '  recreate  main-1              why',
      '',
      'To do: recreate 1 network and 1 container.',
    ]);
  });

  it('folds what has ended, tells what cannot be done first, and each hint once', () => {
    const done = (index: number): PlanNote => ({
      kind: 'done',
      subject: `worker-${index}`,
      service: 'worker',
      text: `worker-${index} ended with code 0: done, not missing`,
    });
    const orphan = (name: string): PlanNote => ({
      kind: 'orphan',
      subject: name,
      text: `${name} is an orphan`,
      hint: 'Ask.',
    });
    const waits = (service: string): PlanNote => ({
      kind: 'blocked',
      subject: service,
      service,
      text: `${service} waits: x does not exist`,
    });
    const blocked: PlanNote = { kind: 'blocked', subject: 'x', text: 'x is missing', hint: 'Make x.' };
    expect(
      describeIt(
        [],
        [done(1), done(2), orphan('a'), orphan('b'), blocked, waits('db'), waits('main'), done(4)],
      ),
    ).toEqual([
      'Cannot be done',
      '  x is missing',
      '  db and main wait: x does not exist',
      '    Make x.',
      '',
      'Left as it is',
      '  worker-1,2,4 ended with code 0: done, not missing',
      '  a is an orphan',
      '  b is an orphan',
      '    Ask.',
      '',
      'Nothing else to do.',
    ]);
  });

  it('tells settings from what to what below their step, and does not put replicas together that change otherwise', () => {
    const changes = (before: string | null, more: number): PlanStep['changes'] => [
      { setting: 'memory limit', before, after: '1 GiB' },
      { setting: 'labels', after: 'x=1' },
      ...Array.from({ length: more }, (_, at) => ({ setting: `variable V${at}`, before: '1', after: null })),
    ];
    expect(
      describeIt([
        step('recreate-container', 'main', 1, { changes: changes(null, 9) }),
        step('recreate-container', 'main', 2, { changes: changes('2 GiB', 0) }),
        step('recreate-container', 'main', 3, { changes: changes('2 GiB', 0) }),
      ]),
    ).toEqual([
      'main',
      '  recreate  main-1    why',
      '                        memory limit: not set → 1 GiB',
      ...[0, 1, 2, 3, 4, 5, 6].map((at) => `                        variable V${at}: 1 → not set`),
      '                        and 2 more',
      '  recreate  main-2,3  why',
      '                        memory limit: 2 GiB → 1 GiB',
      '',
      'To do: recreate 3 containers.',
    ]);
  });
});
