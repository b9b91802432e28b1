import { create } from 'zustand';

/** The app whose changes are shown. */
export const usePlanDialog = create<{ appId: string | undefined }>(() => ({ appId: undefined }));

/** Shows what would bring an app to what its files say, to be applied or not. */
export const openPlan = (appId: string): void => usePlanDialog.setState({ appId });

export const closePlan = (): void => usePlanDialog.setState({ appId: undefined });
