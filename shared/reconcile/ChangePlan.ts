export const STEP_KINDS = [
  'remove-orphan',
  'remove-container',
  'remove-network',
  'create-network',
  'recreate-network',
  'create-volume',
  'build-image',
  'pull-image',
  'create-container',
  'recreate-container',
  'update-container',
  'start-container',
] as const;
export type StepKind = (typeof STEP_KINDS)[number];

/** One setting that a container was made with and that the file says otherwise now. */
export interface SettingChange {
  /** In the words of settingWords, or `variable NAME`. */
  setting: string;
  /** Null: it was not set. Undefined: nobody can tell. */
  before?: string | null | undefined;
  /** Null: it is not set. */
  after: string | null;
  /** Its name sounds like a secret's: there are values, and they are not told. */
  secret?: boolean | undefined;
}

/** One thing to do on the engine. */
export interface PlanStep {
  /** Unique in its plan. */
  id: string;
  kind: StepKind;
  /** What it is about: `worker-3`, or the name of a network, a volume or an image. */
  subject: string;
  /** The service whose step it is; absent for networks and volumes, which several may share. */
  service?: string | undefined;
  /** 1-based number of the replica. */
  index?: number | undefined;
  /** The container there is now. */
  containerId?: string | undefined;
  /** Of a network that goes or is made anew: the one there is now. */
  networkId?: string | undefined;
  /** Why, for people: no capital, no full stop. */
  reason: string;
  /** The settings that the reason speaks of, where it is about settings. */
  changes?: readonly SettingChange[] | undefined;
  /** It failed, and is tried again only because that was asked for. */
  retries?: boolean | undefined;
  /** Of a removal: which replica goes was chosen by what each has to do, and may be another one a moment later. */
  byLoad?: boolean | undefined;
  /** Ids of steps, all of them earlier in the list, that must have succeeded before this one begins. */
  needs: readonly string[];
  /**
   * Of a removal: a later step makes the container again. Its network must be free of it meanwhile, so that the two cannot be one step.
   * Of a creation: it takes the place of a container removed so.
   */
  comesBack?: boolean | undefined;
}

/**
 * What a plan leaves as it is though it could be asked about. `done`, `failed`: a container that has ended. `orphan`: a container,
 * network or volume that the file has no word of any more. `kept`: it differs from the file and stays so. `later`: a second plan has it.
 * `blocked`: the declared state cannot be reached. `crowded`: it can be, and replicas will share CPUs or GPUs, or have
 * them far from their memory.
 */
export const NOTE_KINDS = ['blocked', 'crowded', 'later', 'kept', 'failed', 'done', 'orphan'] as const;
export type NoteKind = (typeof NOTE_KINDS)[number];

export interface PlanNote {
  kind: NoteKind;
  subject: string;
  service?: string | undefined;
  /** A sentence without capital and full stop, which begins with the subject. */
  text: string;
  /** What to do about it. */
  hint?: string | undefined;
  /** The option with which a plan takes it up. */
  asks?: 'removeOrphans' | 'retryFailed' | undefined;
}

/** How an app gets from what the engine has to what its files declare. */
export interface ChangePlan {
  /** Compose project name. */
  project: string;
  /** Empty: nothing to do. Every step comes after all it needs. */
  steps: PlanStep[];
  notes: PlanNote[];
  /** Services that no step is about, and nothing hinders: they run, or have ended, as declared. */
  unchanged: string[];
}
