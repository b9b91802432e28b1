import { create } from 'zustand';
import { toErrorShape } from '#shared/contract/errors.ts';

/** What is done once all is allowed, in place of running the app. */
export interface ConsentPurpose {
  /** Of the button, e.g. `Allow and study`. */
  label: string;
  go: () => void;
}

interface ConsentQuestion {
  /** The app whose list of dangers is open to be decided on. */
  appId: string | undefined;
  purpose: ConsentPurpose | undefined;
}

export const useConsent = create<ConsentQuestion>(() => ({ appId: undefined, purpose: undefined }));

/** Asks what of an app reaches outside of its containers may be. */
export const openConsent = (appId: string, purpose?: ConsentPurpose): void =>
  useConsent.setState({ appId, purpose });

export const closeConsent = (): void => useConsent.setState({ appId: undefined, purpose: undefined });

/**
 * Waits for an operation, and asks where it wants consent.
 *
 * @param purpose what is done once that is given; in place of running the app
 * @returns whether it was done
 * @throws FlotillaError all of its failures but the want of consent
 */
export async function orAskConsent(
  operation: Promise<unknown>,
  appId: string,
  purpose?: ConsentPurpose,
): Promise<boolean> {
  try {
    await operation;
    return true;
  } catch (error) {
    if (toErrorShape(error).code !== 'consent-required') throw error;
    openConsent(appId, purpose);
    return false;
  }
}
