import { FileDraft } from './FileDraft.ts';
import type { Role } from '../domain/Role.ts';

export interface ComposeService {
  name: string;
  role: Role;
  /** Stage of the Dockerfile; undefined: the last. */
  target: string | undefined;
}

export interface ComposeOptions {
  project: string;
  /** Folder with the Dockerfile, inside the project; `.` is the root. */
  context: string;
  services: readonly ComposeService[];
  /** CPUs for each container; empty for no limit. */
  cpus: string;
  /** Variables that set numbers of threads. */
  threads: readonly string[];
  /** How many GPUs each container gets; undefined for none. */
  gpus: string | undefined;
  /** Processes talk through shared memory. */
  needsSharedMemory: boolean;
  /** Folders that are mounted to read. */
  data: readonly string[];
}

/** A compose file for what was generated. */
export function composeFile(options: ComposeOptions): FileDraft {
  const draft = new FileDraft();
  draft.add('# What runs, and with how much of the machine. “docker compose up” runs it, too.');
  draft.add(`name: ${options.project}`, 'The project’s name: containers and images are called after it.');
  draft.gap().add('services:');
  options.services.forEach((service, at) => {
    if (at > 0) draft.gap();
    addService(draft, service, options);
  });
  return draft;
}

function addService(draft: FileDraft, { name, role, target }: ComposeService, options: ComposeOptions): void {
  const { context, cpus, threads, gpus, data } = options;
  draft.add(`  ${name}:`);
  draft.add(
    `    build:\n      context: ${context === '.' ? '.' : JSON.stringify(`./${context}`)}${target === undefined ? '' : `\n      target: ${target}`}`,
    target === undefined ? undefined : 'Both services are built from one Dockerfile; each names its stage.',
  );
  draft.add(
    '    init: true',
    'A small first process that hands signals on and collects ended children: stopping takes no ten seconds, and mpirun or multiprocessing leave no zombies.',
  );
  if (cpus !== '') {
    draft.add(
      `    cpus: "${cpus}"`,
      'How much CPU time each container gets. Change the numbers of threads below with it.',
    );
    if (threads.length > 0)
      draft.add(
        `    environment:\n${threads.map((variable) => `      ${variable}: "${threadCount(cpus)}"`).join('\n')}`,
        `Thread libraries count the CPUs of the machine, not of the limit: without this they start too many threads, which then wait for each other. ${threadCount(cpus)} is the limit in whole threads.`,
      );
  }
  if (options.needsSharedMemory)
    draft.add(
      '    shm_size: 512m',
      'MPI ranks of one container talk through shared memory; Docker’s 64 MB are too little and end in “Bus error”.',
    );
  if (data.length > 0)
    draft.add(
      `    volumes:\n${data.map((folder) => `      - ${JSON.stringify(`./${context === '.' ? '' : `${context}/`}${folder}:/app/${folder}:ro`)}`).join('\n')}`,
      'Data is read from the project folder and cannot be changed by the program.',
    );
  if (gpus !== undefined)
    draft.add(
      `    deploy:\n      resources:\n        reservations:\n          devices:\n            - driver: nvidia\n              count: ${gpus}\n              capabilities: [gpu]`,
      'Hands the host’s GPUs to the container; the host needs NVIDIA’s driver and container toolkit.',
    );
  if (role === 'worker') {
    const main = options.services.find((service) => service.role === 'main');
    if (main !== undefined)
      draft.add(
        `    depends_on:\n      - ${main.name}`,
        `Workers start after ${main.name} and reach it under that name.`,
      );
    draft.add('    scale: 2', 'How many run; Flotilla changes it while they run.');
  }
  draft.add(
    `    x-flotilla:\n      role: ${role}`,
    role === 'worker'
      ? 'Flotilla scales workers; Compose reads past keys that begin with x-.'
      : 'Which service leads; Compose reads past keys that begin with x-.',
  );
}

/** Whole threads of a CPU limit, at least one: 2.5 → 2. */
function threadCount(cpus: string): number {
  return Math.max(1, Math.floor(Number(cpus)));
}
