import type { AppView } from '#shared/domain/AppView.ts';
import { countErrors } from './countErrors.ts';

/** What stands where an app has no workers. */
export function idleWords(app: AppView, engineReady: boolean): string {
  if (!engineReady) return 'No engine is connected. What runs appears here when one is.';
  const errors = countErrors(app);
  if (errors > 0)
    return errors === 1
      ? 'An error in the files keeps it from running. Problems tells which.'
      : `${errors} errors in the files keep it from running. Problems tells which.`;
  if (app.operations.length > 0) return 'Workers appear here as they are created.';
  return app.services.some((service) => service.buildable && service.imagePresent === false)
    ? 'Nothing runs yet. Run builds what has no image and starts everything.'
    : 'Nothing runs. Run starts everything in order.';
}
