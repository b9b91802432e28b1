import type { Diagnostic } from '../../domain/Diagnostic.ts';
import type { Json } from './encode/Json.ts';

/** A resolved project, or why it cannot be resolved. */
export interface ConfigOutcome {
  /**
   * The model in the shape of `docker compose config --format json`; undefined when it is refused (the diagnostics have an error then). A `$` stands
   * for itself; `escapeDollars` makes it what compose prints.
   */
  model: { [key: string]: Json } | undefined;
  /** The same in the shape of compose's YAML: nothing that is empty, and the `x-` keys. */
  yaml: { [key: string]: Json } | undefined;
  /** Names of all profiles that services have, sorted. */
  profiles: string[];
  diagnostics: Diagnostic[];
}
