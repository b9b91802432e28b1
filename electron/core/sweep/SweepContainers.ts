import type { ServiceModel } from '#shared/domain/ServiceModel.ts';
import type { SweepJob, SweepPlan } from '#shared/domain/Sweep.ts';
import { jobService } from '#shared/sweep/sweepApp.ts';
import { containerSpec } from '../apps/containerSpec.ts';
import { createOneOff } from '../apps/createOneOff.ts';
import type { PreparedApp } from '../apps/prepareApp.ts';
import { removeNetworks, removeVolumes } from '../apps/removeStores.ts';
import { removeInTurn } from '../apps/stopContainer.ts';
import { workerEnvironment } from '../apps/workerEnvironment.ts';
import type { ContainerSummary } from '../engine/containerRecord.ts';
import type { EngineClient } from '../engine/EngineApi.ts';

/** Holds the id of the sweep that a container belongs to. */
export const SWEEP_LABEL = 'io.flotilla.sweep';
/** The job's place among the rows, from 0; absent on what jobs depend on. */
const JOB_LABEL = 'io.flotilla.sweep.job';
/** Which of the jobs that run at once it is, from 1: where it runs, in an app that is placed. */
const SLOT_LABEL = 'io.flotilla.sweep.slot';
/** Which try of the job it is, from 1. */
const TRY_LABEL = 'io.flotilla.sweep.try';

/** The app as `sweepApp` has it, and where its replicas run; of the service that is swept a replica for each job at once. */
export interface SweptApp extends PreparedApp {
  placed: (service: ServiceModel, index: number) => ServiceModel;
}

/** A container of a sweep that is on the engine. */
export interface FoundContainer {
  id: string;
  sweepId: string;
  /** Undefined: it is what jobs depend on. */
  job?: number | undefined;
  number: number;
  slot: number;
  summary: ContainerSummary;
}

/** The words that errors have for a job: counted from 1. */
export const jobName = (index: number): string => `job ${index + 1}`;

/**
 * Makes the container of a job's next try.
 * @param slot which of the jobs that run at once it is, from 1
 * @returns its id
 * @throws FlotillaError `consent-required`, or why it could not be made
 */
export async function createJob(
  client: EngineClient,
  swept: SweptApp,
  plan: SweepPlan,
  { index, tries }: SweepJob,
  slot: number,
): Promise<string> {
  const { app, path } = swept;
  const declared = app.services.find(({ name }) => name === plan.service);
  if (declared === undefined) throw new Error(`There is no service ${plan.service}.`);
  await swept.mayStart(declared);
  const service = jobService(swept.placed(declared, slot), plan, index);
  const told = workerEnvironment(app, service, 1, () => 1);
  const spec = containerSpec(app, service, index + 1, path, told);
  const name = tries === 0 ? spec.name : `${spec.name}-try${tries + 1}`;
  return createOneOff(
    client,
    { ...spec, name },
    {
      [SWEEP_LABEL]: plan.id,
      [JOB_LABEL]: String(index),
      [SLOT_LABEL]: String(slot),
      [TRY_LABEL]: String(tries + 1),
    },
    jobName(index),
  );
}

/** Containers of one sweep, or of all that ever were. */
export async function findContainers(client: EngineClient, sweepId?: string): Promise<FoundContainer[]> {
  const label = sweepId === undefined ? SWEEP_LABEL : `${SWEEP_LABEL}=${sweepId}`;
  const list = await client.request<ContainerSummary[]>({
    path: '/containers/json',
    query: { all: true, filters: JSON.stringify({ label: [label] }) },
  });
  return list.map((summary) => {
    const labels = summary.Labels ?? {};
    const job = labels[JOB_LABEL];
    return {
      id: summary.Id,
      sweepId: labels[SWEEP_LABEL] ?? '',
      job: job === undefined ? undefined : Number(job),
      number: Number(labels[TRY_LABEL] ?? '0'),
      slot: Number(labels[SLOT_LABEL] ?? '0'),
      summary,
    };
  });
}

/** Removes all that a sweep may have made, but the volumes of the app. */
export async function removeAll(client: EngineClient, plan: SweepPlan): Promise<void> {
  const found = await findContainers(client, plan.id);
  await Promise.all(found.map(({ id }) => removeInTurn(client, id)));
  await removeVolumes(client, plan.project);
  await removeNetworks(client, plan.project);
}
