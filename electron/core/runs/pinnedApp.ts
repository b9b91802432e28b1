import { FlotillaError } from '#shared/contract/errors.ts';
import type { Danger } from '#shared/domain/Diagnostic.ts';
import type { RunSummary } from '#shared/domain/Run.ts';
import type { AppModel, CopiedFile, ServiceModel } from '#shared/domain/ServiceModel.ts';
import { imageExists } from '../apps/prepareImages.ts';
import type { EngineClient } from '../engine/EngineApi.ts';
import { HIDDEN, type KeptApp, readKeptApp } from './describeStart.ts';
import type { RunDetail, RunFolder } from './RunFolder.ts';

/**
 * What a run was made from, to be made again: its settings, and its very images by their ids.
 * @param now the app as its files are, which secrets are taken from
 * @throws FlotillaError `not-found` where an image, a secret or the record of it is gone
 */
export async function pinnedApp(
  run: RunSummary,
  folder: RunFolder,
  detail: RunDetail,
  now: AppModel | undefined,
  client: EngineClient,
): Promise<{ app: AppModel; dangers: Danger[] }> {
  let kept: KeptApp;
  try {
    kept = await readKeptApp(folder);
  } catch (error) {
    throw new FlotillaError(
      'not-found',
      `What run ${run.id} was made from cannot be read: ${String(error)}.`,
      {
        hint: 'Run the app as it is now.',
      },
    );
  }
  const services = await Promise.all(
    kept.app.services.map(async (service): Promise<ServiceModel> => {
      const { imageId, replicas = service.replicas } = detail.services.get(service.name) ?? {};
      if (imageId === undefined || !(await imageExists(client, imageId)))
        throw new FlotillaError(
          'not-found',
          `The image of ${service.name} in run ${run.id} (${service.image}${imageId === undefined ? '' : `, ${imageId.slice(0, 19)}`}) is gone from the engine.`,
          { hint: 'Run the app as it is now: another image would make it another run.' },
        );
      const { build: _, ...rest } = service;
      const current = now?.services.find(({ name }) => name === service.name);
      return {
        ...rest,
        image: imageId,
        replicas,
        environment: filledIn(run, service, current),
        ...(service.copiedFiles === undefined ? {} : { copiedFiles: filesOf(run, service, current) }),
      };
    }),
  );
  return { app: { ...kept.app, services }, dangers: kept.dangers };
}

/** Secrets are kept nowhere: they come from the files. */
function filledIn(
  run: RunSummary,
  { name, environment }: ServiceModel,
  current: ServiceModel | undefined,
): ServiceModel['environment'] {
  return Object.fromEntries(
    Object.entries(environment).map(([variable, value]) => {
      if (value !== HIDDEN) return [variable, value];
      const secret = current?.environment[variable];
      if (secret === undefined || secret === null)
        throw new FlotillaError(
          'not-found',
          `${variable} of ${name} is a secret that run ${run.id} did not keep, and the files do not have it any more.`,
          { hint: `Set ${variable} again as it was, then run it again.` },
        );
      return [variable, secret];
    }),
  );
}

/** Their texts are kept nowhere either. */
function filesOf(
  run: RunSummary,
  { name, copiedFiles = [] }: ServiceModel,
  current: ServiceModel | undefined,
): CopiedFile[] {
  return copiedFiles.map((file) => {
    const now = current?.copiedFiles?.find(
      ({ kind, name: other }) => kind === file.kind && other === file.name,
    );
    if (now !== undefined) return { ...file, text: now.text };
    throw new FlotillaError(
      'not-found',
      `The ${file.kind} ${file.name} of ${name} was not kept with run ${run.id}, and the files do not have it any more.`,
      { hint: `Declare ${file.name} again as it was, then run it again.` },
    );
  });
}
