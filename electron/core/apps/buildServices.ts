import { FlotillaError } from '#shared/contract/errors.ts';
import { contextServices, withContextImages } from '#shared/build/contextServices.ts';
import type { BuildRequest } from '../build/BuildApi.ts';
import type { BuilderKind, BuildView } from '#shared/domain/Build.ts';
import type { ServiceModel } from '#shared/domain/ServiceModel.ts';
import { PROJECT_LABEL, SERVICE_LABEL } from '../engine/containerRecord.ts';
import type { AppSession } from './AppSession.ts';
import { CREATOR, VERSION_LABEL } from './containerSpec.ts';
import type { OperationStep, OperationTools } from './OperationStep.ts';

/**
 * Builds services side by side; one that is built with the image of another (which must be among them, before it) after that.
 * @throws FlotillaError `build-failed` naming the first that failed
 */
export async function buildServices(
  session: AppSession,
  services: readonly ServiceModel[],
  { noCache, builder }: { noCache: boolean; builder?: BuilderKind | undefined },
  { builds }: OperationTools,
  operation: OperationStep,
): Promise<string[]> {
  const app = session.model();
  operation.signal.throwIfAborted();
  const wanted: { request: BuildRequest; needed: string[] }[] = [];
  for (const service of services) {
    if (service.build === undefined) continue;
    const needed = contextServices(service.build).map((name) => session.service(name).image);
    const request: BuildRequest = {
      appId: session.id,
      service: service.name,
      tag: service.image,
      projectRoot: session.path,
      build: withContextImages(service.build, app.services),
      labels: { [PROJECT_LABEL]: app.name, [SERVICE_LABEL]: service.name, [VERSION_LABEL]: CREATOR },
      noCache,
      builder,
    };
    wanted.push({ request, needed });
  }
  // Nothing may be amiss any more: nobody would wait for those that are under way.
  const started: BuildView[] = [];
  for (const { request, needed } of wanted) {
    const after = started.filter(({ tag }) => needed.includes(tag)).map(({ id }) => id);
    started.push(builds.start({ ...request, after }));
  }
  const cancel = (): void => {
    for (const build of started) builds.cancel(build.id);
  };
  operation.signal.addEventListener('abort', cancel, { once: true });
  let done = 0;
  operation.step(`Building ${names(services)}`, 0, started.length);
  try {
    const ended = await Promise.all(
      started.map(async (build) => {
        const view = await builds.wait(build.id);
        done += 1;
        operation.step(`Building ${names(services)}`, done, started.length);
        return view;
      }),
    );
    if (operation.signal.aborted) throw new FlotillaError('cancelled', 'The build was cancelled.');
    const failed =
      ended.find((build) => build.state === 'failed') ?? ended.find((build) => build.state === 'cancelled');
    if (failed === undefined) return ended.map((build) => build.id);
    if (failed.state === 'cancelled')
      throw new FlotillaError('cancelled', `The build of ${failed.service} was cancelled.`);
    const place =
      failed.error?.file === undefined
        ? ''
        : `${failed.error.file}${failed.error.line === undefined ? '' : `:${failed.error.line}`}: `;
    const others = ended.filter((build) => build.state === 'failed' && build !== failed);
    const too = others.length === 0 ? '' : ` (So did ${others.map(({ service }) => service).join(', ')}.)`;
    throw new FlotillaError(
      'build-failed',
      `The build of ${failed.service} failed: ${place}${failed.error?.message ?? 'no reason was given'}${too}`,
      {
        ...(failed.error?.hint === undefined ? {} : { hint: failed.error.hint }),
        detail: {
          buildId: failed.id,
          service: failed.service,
          failed: [failed, ...others].map(({ service }) => service),
          file: failed.error?.file,
          line: failed.error?.line,
        },
      },
    );
  } finally {
    operation.signal.removeEventListener('abort', cancel);
  }
}

function names(services: readonly ServiceModel[]): string {
  return services.map((service) => service.name).join(', ');
}
