/** What autoscaling tells of one look at a service. */
export type AutoscaleNews =
  /** Nothing was to be done, or not yet. `wanted`: what this look asks for; undefined when nothing could be measured. */
  | {
      kind: 'look';
      /** Epoch milliseconds. */
      at: number;
      service: string;
      from: number;
      wanted: number | undefined;
      reason: string;
    }
  /** It is being scaled from `from` to `wanted`. */
  | { kind: 'scale'; at: number; service: string; from: number; wanted: number; reason: string }
  /** Something failed; told once until it is over. */
  | { kind: 'problem'; at: number; service: string; reason: string }
  /** It is scaled by itself from now on. */
  | { kind: 'on'; at: number; service: string }
  /** It is left to the person from now on. */
  | { kind: 'off'; at: number; service: string; reason: string };

/** How a service is scaled by itself, as the window shows it. */
export interface AutoscaleView {
  on: boolean;
  min: number;
  max: number;
  /** What it is scaled by, in words. */
  by: string[];
  /** Of the last look. */
  last?: AutoscaleNews | undefined;
  /** What was decided and what failed, the newest first. */
  news: AutoscaleNews[];
}
