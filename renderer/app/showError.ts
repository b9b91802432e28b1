import { toast } from 'sonner';
import { toErrorShape } from '#shared/contract/errors.ts';

/** A failure as a toast: what happened, and what to do. A cancellation is no failure. */
export function showError(error: unknown): void {
  const shape = toErrorShape(error);
  if (shape.code === 'cancelled') return;
  toast.error(shape.message, shape.hint === undefined ? {} : { description: shape.hint });
}
