import type { Diagnostic } from './Diagnostic.ts';
import type { AppModel } from './ServiceModel.ts';

/** What counts for a service and stands in another file than the one that is edited, or in a service that it extends. */
export interface FieldElsewhere {
  /** Keys from the service on, joined with `.`: `deploy.replicas`. */
  field: string;
  file: string;
  /** 1-based. */
  line: number;
  /** What it says there, where it is one value. */
  text?: string | undefined;
}

/** What a project would be if one of its compose files had a text that is not written yet. */
export interface ComposeDraft {
  /** Null: nothing could be run. */
  model: AppModel | null;
  /** Of all files; offsets in the edited one refer to its text as it was given. */
  diagnostics: Diagnostic[];
  /** By service. */
  elsewhere: Record<string, FieldElsewhere[]>;
}
