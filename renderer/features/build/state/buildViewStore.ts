import { create } from 'zustand';

/** How a build's steps were left by who looked at them. */
export interface StepLook {
  /** Steps opened (true) or closed by hand in the list. */
  toggled: ReadonlyMap<number, boolean>;
  /** The step whose log is open in the graph. */
  opened: number | null;
}

/** What is looked at in the build panel of an app. */
export interface AppLook {
  /** Null: what goes on, else what failed, else the newest. */
  chosen: string | null;
  comparison: { left: string; right: string } | null;
}

export type StepsShown = 'list' | 'graph';

interface BuildViewStore {
  apps: ReadonlyMap<string, AppLook>;
  builds: ReadonlyMap<string, StepLook>;
  shown: StepsShown;
}

const STORAGE_KEY = 'flotilla.build-steps';
const LOOKS_KEPT = 50;
const NO_APP_LOOK: AppLook = { chosen: null, comparison: null };
const NO_STEP_LOOK: StepLook = { toggled: new Map(), opened: null };

/** Outlives the panel, so that one who comes back finds it as it was. */
const useBuildView = create<BuildViewStore>(() => ({
  apps: new Map(),
  builds: new Map(),
  shown: readShown(),
}));

export function useAppLook(appId: string): AppLook {
  return useBuildView((state) => state.apps.get(appId) ?? NO_APP_LOOK);
}

export function useStepLook(buildId: string): StepLook {
  return useBuildView((state) => state.builds.get(buildId) ?? NO_STEP_LOOK);
}

export function useStepsShown(): StepsShown {
  return useBuildView((state) => state.shown);
}

export function lookAtApp(appId: string, change: Partial<AppLook>): void {
  useBuildView.setState(({ apps }) => ({ apps: changed(apps, appId, NO_APP_LOOK, change) }));
}

/** Looks at what was just asked for instead of what was chosen before. */
export function lookAtLatest(appId: string): void {
  lookAtApp(appId, NO_APP_LOOK);
}

export function lookAtSteps(buildId: string, change: Partial<StepLook>): void {
  useBuildView.setState(({ builds }) => ({ builds: changed(builds, buildId, NO_STEP_LOOK, change) }));
}

export function showSteps(shown: StepsShown): void {
  useBuildView.setState({ shown });
  try {
    localStorage.setItem(STORAGE_KEY, shown);
  } catch {
    // Storage can be switched off: the choice then lasts as long as the window.
  }
}

/** The map with one entry changed and put last; the longest untouched are forgotten. */
function changed<Look extends object>(
  looks: ReadonlyMap<string, Look>,
  key: string,
  initial: Look,
  change: Partial<Look>,
): ReadonlyMap<string, Look> {
  const next = new Map(looks);
  next.delete(key);
  next.set(key, { ...initial, ...looks.get(key), ...change });
  for (const oldest of next.keys()) {
    if (next.size <= LOOKS_KEPT) break;
    next.delete(oldest);
  }
  return next;
}

function readShown(): StepsShown {
  try {
    return localStorage.getItem(STORAGE_KEY) === 'graph' ? 'graph' : 'list';
  } catch {
    return 'list';
  }
}
