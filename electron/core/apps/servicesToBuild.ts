import { FlotillaError } from '#shared/contract/errors.ts';
import type { BuildModel, ServiceModel } from '#shared/domain/ServiceModel.ts';
import type { AppSession } from './AppSession.ts';

/**
 * The services to build: those named, or all with a build section, each image once.
 *
 * @throws FlotillaError `project-invalid`; `not-found`; `invalid-input` for a service that is not built
 */
export function servicesToBuild(session: AppSession, names: readonly string[] | undefined): ServiceModel[] {
  const model = session.model();
  const chosen =
    names === undefined
      ? model.services.filter((candidate) => candidate.build !== undefined)
      : names.map((name) => session.service(name));
  const unbuildable = chosen.find((candidate) => candidate.build === undefined);
  if (unbuildable !== undefined)
    throw new FlotillaError(
      'invalid-input',
      `${unbuildable.name} is not built: it uses the image ${unbuildable.image}.`,
      { hint: 'Add a build section, or leave it out.' },
    );
  if (chosen.length === 0)
    throw new FlotillaError('invalid-input', `${session.title} has nothing to build.`, {
      hint: 'None of its services has a build section.',
    });
  if (names !== undefined) return chosen;
  const tags = new Set<string>();
  return chosen.filter((candidate) => !tags.has(candidate.image) && tags.add(candidate.image));
}

/** A service's build section. @throws FlotillaError `invalid-input` for a service without a build section */
export function buildable(session: AppSession, name: string): BuildModel {
  const service = session.service(name);
  if (service.build !== undefined) return service.build;
  throw new FlotillaError('invalid-input', `${name} is not built: it uses the image ${service.image}.`, {
    hint: 'Choose a service with a build section.',
  });
}
