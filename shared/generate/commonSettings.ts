import type { Choices } from './Choices.ts';
import type { DetectedProgram } from './Program.ts';
import type { CommonSettings } from './TemplateContext.ts';

/** Languages whose programs are compiled for a processor. */
const COMPILED = new Set(['c', 'cpp', 'fortran', 'rust', 'go', 'julia']);

/** Offers the choices that every template has. */
export function commonSettings({ finding }: DetectedProgram, choices: Choices): CommonSettings {
  const isRoot =
    choices.offer({
      id: 'user',
      label: 'User',
      value: 'app',
      options: [
        { value: 'app', label: 'app (10001), without rights' },
        { value: 'root', label: 'root' },
      ],
      explanation:
        'A user of its own cannot harm what the container shares with the host. Folders that are mounted to be written must belong to user 10001, or take root.',
    }) === 'root';
  const cache = choices.ask({
    id: 'cache',
    label: 'Cache mounts',
    value: true,
    yes: 'Yes: BuildKit builds',
    no: 'No: for classic builders',
    explanation:
      'RUN --mount=type=cache keeps downloads between builds. BuildKit knows it; leave it out for Docker’s classic builder and old Podman.',
  });
  return {
    user: isRoot ? undefined : 'app',
    cache,
    march: COMPILED.has(finding.kind) ? offerMarch(finding.kind, choices) : 'portable',
    ranks: finding.uses.includes('mpi') ? offerRanks(choices) : undefined,
  };
}

function offerMarch(kind: string, choices: Choices): CommonSettings['march'] {
  const hasNative = kind !== 'go';
  const value = choices.offer({
    id: 'march',
    label: 'Processor',
    value: 'portable',
    options: [
      { value: 'portable', label: 'Any' },
      { value: 'x86-64-v3', label: 'x86-64-v3: AVX2, about 2015 and newer' },
      ...(hasNative ? [{ value: 'native', label: 'The one that builds' }] : []),
    ],
    explanation:
      'Code for newer processors can be several times faster in vector loops, and ends with “Illegal instruction” on older ones. Portable code runs anywhere.',
  });
  return value === 'native' || value === 'x86-64-v3' ? value : 'portable';
}

function offerRanks(choices: Choices): string {
  return choices.offer({
    id: 'ranks',
    label: 'MPI processes',
    value: '2',
    options: [],
    form: { pattern: /^[1-9]\d{0,4}$/, message: 'is no number of processes.' },
    explanation:
      'mpirun starts so many in one container, more than there are cores where need be (--oversubscribe). Ranks in several containers need a host list and SSH.',
  });
}
