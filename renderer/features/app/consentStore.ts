import { create } from 'zustand';

/** The app whose list of dangers is open to be decided on. */
export const useConsent = create<{ appId: string | undefined }>(() => ({ appId: undefined }));

/** Asks what of an app reaches outside of its containers may be. */
export const openConsent = (appId: string): void => useConsent.setState({ appId });

export const closeConsent = (): void => useConsent.setState({ appId: undefined });
