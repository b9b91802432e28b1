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
  | { kind: 'problem'; at: number; service: string; reason: string };
