import type { AppModel } from '#shared/domain/ServiceModel.ts';
import { settledClient } from '../engine/settledClient.ts';
import { assertConsent } from './appOperations.ts';
import type { AppSession } from './AppSession.ts';
import type { OperationTools } from './OperationStep.ts';
import { prepareImages } from './prepareImages.ts';

/**
 * Reads an app's files again and gets the images it lacks, so that its containers can be made.
 * @throws FlotillaError `project-invalid`, `consent-required`, `engine-unavailable`, or why an image cannot be had
 */
export function prepareApp(
  session: AppSession,
  tools: OperationTools,
  signal: AbortSignal | undefined,
): Promise<{ app: AppModel; path: string }> {
  return session.operate('build', signal, async (operation) => {
    const client = await settledClient(tools.engine);
    await session.read();
    const app = session.model();
    assertConsent(session);
    await prepareImages(session, app, 'missing', client, tools, operation);
    return { app, path: session.path };
  });
}
