import { hostPathOf, isInside, linkedValue, pathInside } from '#shared/compose/readDangers.ts';
import { FlotillaError } from '#shared/contract/errors.ts';
import type { ServiceModel } from '#shared/domain/ServiceModel.ts';
import type { AppSession } from './AppSession.ts';

/**
 * The last look before a container is made or started, whoever asked for it: all that its service reaches for was consented to, and no
 * link leads a mount out of the project that did not when the files were read.
 *
 * @throws FlotillaError `consent-required`
 */
export async function assertMayStart(
  { title, reading, consents, files }: AppSession,
  service: ServiceModel,
): Promise<void> {
  const dangers = reading.dangers.filter((danger) => danger.service === service.name);
  consents.assertAll(title, dangers);
  for (const mount of service.mounts) {
    const source = hostPathOf(mount, reading.model?.volumes ?? []);
    if (source === undefined || !isInside(source)) continue;
    const target = await files.leadsOut(pathInside(source));
    if (target === undefined || dangers.some(({ value }) => value === linkedValue(source, target))) continue;
    throw new FlotillaError(
      'consent-required',
      `${service.name} mounts ${source}, which has become a link to ${target}, outside of the project.`,
      { hint: 'Read the folder again and look where it leads before you allow it.' },
    );
  }
}
