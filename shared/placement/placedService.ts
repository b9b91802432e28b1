import type { ServiceModel } from '../domain/ServiceModel.ts';
import { formatCpuList } from './cpuList.ts';
import type { ReplicaPlace } from './Placement.ts';

/**
 * Variables by which libraries and runtimes are told how many threads to start: OpenMP, OpenBLAS, MKL, BLIS, Accelerate, numexpr, Julia, Rayon,
 * Go and Python (3.13 and newer). Most count the CPUs of the machine otherwise, not those that a container may use.
 */
export const THREAD_VARIABLES = [
  'OMP_NUM_THREADS',
  'OPENBLAS_NUM_THREADS',
  'MKL_NUM_THREADS',
  'BLIS_NUM_THREADS',
  'NUMEXPR_NUM_THREADS',
  'JULIA_NUM_THREADS',
  'RAYON_NUM_THREADS',
  'GOMAXPROCS',
  'PYTHON_CPU_COUNT',
] as const;

/** A service as one replica of it is made: with its CPUs, memory nodes, GPUs and numbers of threads. What the file sets itself stays. */
export function placedService(service: ServiceModel, place: ReplicaPlace): ServiceModel {
  const { cpus, memoryNodes, gpus } = place;
  const threads =
    cpus.length === 0 || service.placement?.threads !== 'match'
      ? []
      : THREAD_VARIABLES.filter((name) => !Object.hasOwn(service.environment, name)).map(
          (name) => [name, String(cpus.length)] as const,
        );
  return {
    ...service,
    ...(cpus.length === 0 ? {} : { cpuset: formatCpuList(cpus) }),
    ...(memoryNodes.length === 0 ? {} : { cpusetMems: formatCpuList(memoryNodes) }),
    ...(gpus.length === 0
      ? {}
      : { deviceRequests: [...(service.deviceRequests ?? []), { deviceIds: gpus, capabilities: ['gpu'] }] }),
    environment: { ...service.environment, ...Object.fromEntries(threads) },
  };
}
