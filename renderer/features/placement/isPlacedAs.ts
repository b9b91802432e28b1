import { PLACEMENT_DEFAULTS, type PlacementPolicy } from '#shared/placement/PlacementPolicy.ts';

/** Whether a service is placed as was wanted, however the files came to say so. */
export function isPlacedAs(placement: PlacementPolicy | null, wanted: PlacementPolicy): boolean {
  const { cpusPerWorker, gpusPerWorker } = wanted;
  if (placement === null || (cpusPerWorker === 0 && gpusPerWorker === 0))
    return placement === null && cpusPerWorker === 0 && gpusPerWorker === 0;
  // What is said of CPUs means nothing where replicas have none of their own.
  const meant = cpusPerWorker === 0 ? { ...PLACEMENT_DEFAULTS, gpusPerWorker } : wanted;
  return (Object.keys(meant) as (keyof PlacementPolicy)[]).every((name) => placement[name] === meant[name]);
}
