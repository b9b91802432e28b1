import type { Finding } from '../domain/Generate.ts';

/** Something that can be started. */
export interface EntryPoint {
  /** What the choice of it is called, e.g. `main.py`; unique in its program. */
  id: string;
  /** What people call the program: a file's stem, a script's or target's name. */
  name: string;
  label: string;
  /** The larger, the likelier meant. */
  score: number;
}

/** A finding with what its template needs to know. */
export interface DetectedProgram {
  finding: Finding;
  /** The likeliest first. */
  entries: EntryPoint[];
  /** Details by name, as the detector of this kind and the template of this kind agree. */
  facts: Readonly<Record<string, string | undefined>>;
}

const WORKER_NAME = /work|slave|agent|compute|child|client|minion|executor|replica|render|solver_?node/i;
const MAIN_NAME =
  /^(main|__main__|master|leader|manager|head|coordinator|driver|scheduler|controller|root|primary|orchestrator|server|run|app|start)$|main|master|coordinator|scheduler/i;

/** Whether a program's name says that many of it do the work. */
export function isWorkerName(name: string): boolean {
  return WORKER_NAME.test(name) && !/^main/i.test(name);
}

/** Whether a program's name says that it leads. */
export function isMainName(name: string): boolean {
  return MAIN_NAME.test(name) && !isWorkerName(name);
}

/** Entry points in the order of likelihood; of two with one id the likelier stays. */
export function rankEntries(entries: readonly EntryPoint[]): EntryPoint[] {
  const sorted = [...entries].sort(
    (left, right) => right.score - left.score || (left.id < right.id ? -1 : 1),
  );
  return sorted.filter((entry, at) => sorted.findIndex((other) => other.id === entry.id) === at);
}
