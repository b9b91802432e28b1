import type { StudyPlan } from '../../domain/Study.ts';
import { timeWords } from '../words.ts';

/** How and where a study was made, as pairs of a name and a value. */
export function studyFacts(plan: StudyPlan): [name: string, value: string][] {
  const { host, from, to } = plan;
  const created = new Date(plan.createdAt);
  return [
    ...(plan.name === undefined ? [] : [['Name', plan.name] as [string, string]]),
    [
      'Begun',
      Number.isNaN(created.getTime()) ? '–' : created.toISOString().replace('T', ' ').slice(0, 16) + ' UTC',
    ],
    [
      'Worker counts',
      `${plan.workers.join(', ')}, ${plan.repetitions} times each after a warm-up${plan.mostRepetitions === undefined ? '' : `, up to ${plan.mostRepetitions} while the interval is wide`}`,
    ],
    ...(plan.pinning === undefined
      ? []
      : [
          [
            'Placement',
            `each worker bound to CPUs, ${plan.pinning.perWorker} of ${plan.pinning.cpus.join(', ')}`,
          ] as [string, string],
        ]),
    [
      'Order',
      `random, seed ${plan.seed}; ${plan.cooldownMs > 0 ? `${timeWords(plan.cooldownMs)} of rest before each run, ` : ''}${timeWords(plan.timeoutMs)} at most for one`,
    ],
    [
      'Time',
      from === undefined && to === undefined
        ? 'of the containers, by the engine’s clock'
        : [
            from === undefined ? 'from the start' : `from the first line with “${from}”`,
            to === undefined ? 'to the end' : `to the last line with “${to}”`,
          ].join(' '),
    ],
    [
      'Engine',
      [
        host.engine,
        ...(host.runtime === undefined ? [] : [host.runtime]),
        host.operatingSystem,
        ...(host.kernel === undefined ? [] : [`kernel ${host.kernel}`]),
        host.architecture,
        `cgroup version ${host.cgroupVersion}`,
      ].join(', '),
    ],
    [
      'Host',
      [
        ...(host.cpuModel === undefined ? [] : [host.cpuModel]),
        `${host.cpus} CPUs${host.cores === undefined ? '' : ` of ${host.cores} cores`}`,
        ...(host.governor === undefined ? [] : [`governor ${host.governor}`]),
        `${(host.memoryBytes / 1024 ** 3).toFixed(1)} GiB`,
      ].join(', '),
    ],
    ...(plan.images ?? []).map(({ service, reference, id }): [string, string] => [
      `Image of ${service}`,
      `${reference} (${id})`,
    ]),
    ['Settings', `digest ${plan.settings}, study ${plan.id}`],
  ];
}
