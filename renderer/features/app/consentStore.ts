import { create } from 'zustand';

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
