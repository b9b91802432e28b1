import type { AppModel, ServiceModel } from '#shared/domain/ServiceModel.ts';
import { settledClient } from '../engine/settledClient.ts';
import type { AppSession } from './AppSession.ts';
import { assertMayStart } from './assertMayStart.ts';
import type { OperationTools } from './OperationStep.ts';
import { prepareImages } from './prepareImages.ts';

/** An app whose containers can be made. */
export interface PreparedApp {
  app: AppModel;
  /** Real path of the project folder. */
  path: string;
  /** Rejects when a service reaches for what nobody consented to; to be asked before each of its containers is made. */
  mayStart: (service: ServiceModel) => Promise<void>;
}

/**
 * Reads an app's files again and gets the images it lacks, so that its containers can be made.
 * @throws FlotillaError `project-invalid`, `consent-required`, `engine-unavailable`, or why an image cannot be had
 */
export function prepareApp(
  session: AppSession,
  tools: OperationTools,
  signal: AbortSignal | undefined,
): Promise<PreparedApp> {
  return session.operate('build', signal, async (operation) => {
    const client = await settledClient(tools.engine);
    await session.read();
    const app = session.model();
    session.consents.assertAll(session.title, session.reading.dangers);
    await prepareImages(session, app, 'missing', client, tools, operation);
    return { app, path: session.path, mayStart: (service) => assertMayStart(session, service) };
  });
}
